// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Samples are uniform by area, and the same on every policy.
#include "diffam/mesh/area_sampling.hpp"

#include <cmath>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"
#include "support/emulated.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

template <class T>
struct drawn {
  buffer<stored_index> face;
  buffer<T> bary;

  explicit drawn(index_t n) : face(n), bary(n, 3) {}
  surface_samples<T> samples() { return {face.get(), bary.get()}; }
  std::vector<stored_index> faces() const { return {face.data(), face.data() + face.size()}; }
  std::vector<T> weights() const { return {bary.data(), bary.data() + bary.size()}; }
};

template <class T, class Exec = exec::serial>
drawn<T> draw(const triangle_mesh<double>& mesh, index_t n, surface_sampler_params p = {},
              std::uint64_t iteration = 0, const Exec& e = Exec{}) {
  const surface_sampler<T, Exec> sampler(mesh.faces, p);
  const iteration_clock<Exec> clock(1000, iteration);
  const auto vertices = vertex_buffer<T>(mesh);
  drawn<T> d(n);
  sampler.draw(e, vertices.get(), clock.state(), d.samples());
  return d;
}

/// Pearson's chi-square statistic.
double chi_square(const std::vector<double>& counts, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
  return sum;
}

/// The statistic lies within 4 standard deviations of its mean, which is the number of degrees of freedom.
/// Too small a value is also wrong.
void require_plausible(double statistic, double freedom) {
  INFO("chi-square " << statistic << " for " << freedom << " degrees of freedom");
  REQUIRE(std::abs(statistic - freedom) < 4 * std::sqrt(2 * freedom));
}

std::vector<double> face_areas(const triangle_mesh<double>& mesh) {
  std::vector<double> a;
  for (const face& f : mesh.faces) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    a.push_back(norm(area_vector(at(0), at(1), at(2))));
  }
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("faces are drawn in proportion to their areas", "[mesh][sampling]", float, double) {
  const auto mesh = make_torus(1, 0.8, 24, 20);  // areas differ by a factor of 9
  const auto areas = face_areas(mesh);
  const double total = check_mesh(mesh).area;
  const index_t n = 200000;
  for (std::uint64_t iteration : {0u, 1u, 2u}) {
    const auto d = draw<TestType>(mesh, n, {.seed = 3}, iteration);
    std::vector<double> counts(areas.size(), 0);
    for (stored_index f : d.faces()) ++counts.at(static_cast<std::size_t>(f));
    // There is one sample per stratum. A face gets all strata that it covers, and up to two more at its ends.
    for (std::size_t f = 0; f < areas.size(); ++f)
      REQUIRE(std::abs(counts[f] - static_cast<double>(n) * areas[f] / total) < 2);
  }
}

TEMPLATE_TEST_CASE("a face smaller than a stratum is drawn in proportion to its area", "[mesh][sampling]",
                   float, double) {
  const auto mesh = make_torus(1, 0.8, 24, 20);
  const auto areas = face_areas(mesh);
  const double total = check_mesh(mesh).area;
  const index_t n = 50, rounds = 4000;
  std::vector<double> counts(areas.size(), 0), expected;
  for (std::uint64_t iteration = 0; iteration < rounds; ++iteration)
    for (stored_index f : draw<TestType>(mesh, n, {.seed = 3}, iteration).faces())
      ++counts.at(static_cast<std::size_t>(f));
  for (double a : areas) expected.push_back(static_cast<double>(n * rounds) * a / total);
  double worst = 0;  // counts vary less than those of independent draws
  for (std::size_t f = 0; f < areas.size(); ++f)
    worst = std::max(worst, std::abs(counts[f] - expected[f]) / std::sqrt(expected[f]));
  REQUIRE(worst < 4.5);
}

TEMPLATE_TEST_CASE("points are uniform within their face", "[mesh][sampling]", float, double) {
  // Lines parallel to the sides at each tenth of the height cut a triangle into 100 triangles of equal area.
  const index_t n = 200000;
  const auto d = draw<TestType>(make_box({1, 2, 3}), n, {.seed = 4});
  std::vector<double> counts(100, 0);
  for (index_t i = 0; i < n; ++i) {
    double b[3];
    for (int k = 0; k < 3; ++k) b[k] = static_cast<double>(d.bary.get()(i, k));
    REQUIRE((b[0] >= 0 && b[1] >= 0 && b[2] >= 0));
    REQUIRE(std::abs(b[0] + b[1] + b[2] - 1) < test::tolerance<TestType>::formula);
    const int row = std::min(9, static_cast<int>(10 * (b[1] + b[2])));  // 2 row + 1 cells in this row
    const int column = std::min(row, static_cast<int>(10 * b[2]));
    const bool points_down = row >= 1 && static_cast<int>(10 * b[1]) + column < row;
    const int cell = row * row + 2 * column + (points_down ? 1 : 0);
    ++counts.at(static_cast<std::size_t>(std::min(cell, row * row + 2 * row)));
  }
  require_plausible(chi_square(counts, std::vector<double>(100, static_cast<double>(n) / 100)), 99);
}

TEST_CASE("draw_face finds the face that a search of the whole prefix sum finds", "[mesh][sampling]") {
  const auto mesh = make_torus(1, 0.8, 37, 11);  // 814 faces: the last chunk is not full
  const auto vertices = vertex_buffer<double>(mesh);
  const auto n = mesh.face_count();
  buffer<double> sums(n), ends(exec::chunk_count(n, area_chunk));
  buffer<face> faces = upload_vector<host_memory>(mesh.faces);
  for (index_t c = 0; c < ends.size(); ++c)
    area_chunk_kernel<double>{faces.get(), vertices.get(), sums.get()}(c);
  area_chunk_sum_kernel{sums.get(), ends.get()}(0);
  const auto areas = face_areas(mesh);
  std::vector<double> running;
  for (double a : areas) running.push_back((running.empty() ? 0 : running.back()) + 2 * a);
  REQUIRE(ends.data()[ends.size() - 1] == Approx(running.back()).epsilon(1e-13));
  for (int i = 0; i < 5000; ++i) {
    const double u = (i + 0.5) / 5000;
    const auto expected =
        std::upper_bound(running.begin(), running.end(), u * running.back()) - running.begin();
    REQUIRE(draw_face(sums.get(), ends.get(), u) == expected);
    for (const index_t before : {index_t{0}, index_t{1}, index_t{9}, index_t{200}})  // a near or far start
      REQUIRE(draw_face(sums.get(), ends.get(), u, std::max<index_t>(expected - before, 0)) == expected);
  }
  REQUIRE(draw_face(sums.get(), ends.get(), 1e-17) == 0);
  REQUIRE(draw_face(sums.get(), ends.get(), 1 - 1e-16) == n - 1);
}

TEST_CASE("float and double vertices give the same samples on 30,000 faces", "[mesh][sampling]") {
  std::vector<triangle_mesh<double>> meshes;
  for (int m = 0; m < 6; ++m) meshes.push_back(make_icosphere(4, 0.3 + 0.01 * m));  // 30,720 faces
  triangle_mesh<double> all;
  all.faces = stack_meshes(meshes).faces;
  for (const auto& m : meshes) all.vertices.insert(all.vertices.end(), m.vertices.begin(), m.vertices.end());
  const auto in_float = draw<float>(all, 20000).faces();
  const auto in_double = draw<double>(all, 20000).faces();
  index_t different = 0;
  for (std::size_t i = 0; i < in_float.size(); ++i) {
    REQUIRE(std::abs(in_float[i] - in_double[i]) <= 1);
    different += in_float[i] != in_double[i] ? 1 : 0;
  }
  REQUIRE(different < 20);  // on the border of two faces up to rounding
}

TEST_CASE("faces without area are not drawn", "[mesh][sampling]") {
  auto mesh = make_icosphere(2);
  std::vector<face> with_flat;
  for (const face& f : mesh.faces) {
    with_flat.push_back({f[0], f[0], f[1]});
    with_flat.push_back(f);
    with_flat.push_back({f[2], f[1], f[2]});
  }
  mesh.faces = with_flat;
  for (stored_index f : draw<float>(mesh, 20000).faces()) REQUIRE(f % 3 == 1);
}

TEST_CASE("faces of samples stay in range for NaN vertices and for zero area", "[mesh][sampling]") {
  auto mesh = make_icosphere(2);
  mesh.vertices[7] = {std::nan(""), 0, 0};
  for (stored_index f : draw<float>(mesh, 1000).faces()) REQUIRE((f >= 0 && f < mesh.face_count()));
  for (auto& v : mesh.vertices) v = {};
  for (stored_index f : draw<float>(mesh, 1000).faces()) REQUIRE((f >= 0 && f < mesh.face_count()));
}

TEMPLATE_TEST_CASE("any number of threads draws the same samples", "[mesh][sampling]", float, double) {
  const auto mesh = make_torus(1, 0.8, 37, 11);
  const auto expected = draw<TestType>(mesh, 5000, {.seed = 9}, 17);
  for (int count : {1, 2, 3, 8}) {
    const auto d = draw<TestType, exec::threads>(mesh, 5000, {.seed = 9}, 17, exec::threads(count));
    REQUIRE(d.faces() == expected.faces());
    REQUIRE(d.weights() == expected.weights());
  }
}

TEST_CASE("thread blocks of a device (emulated) draw the same samples", "[mesh][sampling]") {
  for (const auto& mesh : {make_torus(1, 0.8, 37, 11), make_icosphere(6)}) {  // more than 256 chunks
    const auto expected = draw<float>(mesh, 2000, {.seed = 9}, 17);
    for (auto order : {test::thread_order::forward, test::thread_order::strided}) {
      const auto d = draw<float, test::emulated>(mesh, 2000, {.seed = 9}, 17, test::emulated(order));
      REQUIRE(d.faces() == expected.faces());
      REQUIRE(d.weights() == expected.weights());
    }
  }
}

TEST_CASE("samples depend on seed, stream, iteration and count only", "[mesh][sampling]") {
  const auto mesh = make_icosphere(2);
  const auto d = draw<float>(mesh, 1000).faces();
  REQUIRE(draw<float>(mesh, 1000).faces() == d);
  REQUIRE(draw<float>(mesh, 1000, {.seed = 2}).faces() != d);
  REQUIRE(draw<float>(mesh, 1000, {.stream = random_stream::normal_samples}).faces() != d);
  REQUIRE(draw<float>(mesh, 1000, {}, 1).faces() != d);
  REQUIRE(draw<float>(mesh, 2000).faces().size() == 2000);  // other strata: sample i depends on n too
}

TEST_CASE("drawing allocates nothing, and a sampler without faces is refused", "[mesh][sampling]") {
  const auto mesh = make_icosphere(3);
  const surface_sampler<float, exec::threads> sampler(mesh.faces);
  const iteration_clock<exec::threads> clock;
  const auto vertices = vertex_buffer<float>(mesh);
  drawn<float> d(5000);
  const exec::threads two(2);
  const auto before = test::allocation_count();
  sampler.draw(two, vertices.get(), clock.state(), d.samples());
  const auto after = test::allocation_count();
  REQUIRE(after == before);
  REQUIRE_THROWS_AS((surface_sampler<float, exec::serial>(std::vector<face>{})), error);
}

TEST_CASE("the point of a sample is the weighted mean of the corners", "[mesh][sampling]") {
  const auto mesh = make_box({2, 4, 6});
  const auto vertices = vertex_buffer<double>(mesh);
  const face f = mesh.faces[0];  // z = -3
  const auto p = surface_point(view<const double>(vertices.get()), f, {0.25, 0.25, 0.5});
  REQUIRE(p == vec3<double>{0, 0.5 + 0.5, -3});
}
