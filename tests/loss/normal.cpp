// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The normal loss: golden values with moving and with fixed samples, gradients for both kinds of normals, a
// closed form on a sphere, samples outside the image.
#include "diffam/loss/normal.hpp"

#include "diffam/mesh/primitives.hpp"
#include "support/component_suite.hpp"
#include "support/golden_image.hpp"

using namespace diffam;

namespace {

using serial = exec::serial;
using point = vec3<double>;

/// A smooth image with known derivatives: I = sin(a . p) + |p|^2 b / 2, everywhere inside.
struct smooth_image {
  point a{2.1, -1.3, 0.9};
  double b = 1.7;
  double limit = 1e9;  // points with x < limit are inside

  DIFFAM_HOST_DEVICE bool inside(const point& p) const { return p[0] < limit; }
  DIFFAM_HOST_DEVICE image_jet<double> jet(const point& p) const {
    image_jet<double> j{};
    using std::cos, std::sin;
    const double c = cos(dot(a, p)), s = sin(dot(a, p));
    j.value = s + b * squared_norm(p) / 2;
    j.gradient = a * c + p * b;
    for (int r = 0; r < 3; ++r)
      for (int k = 0; k < 3; ++k) j.d_gradient(r, k) = -a[r] * a[k] * s + (r == k ? b : 0);
    return j;
  }
};

struct sample_points {
  std::vector<stored_index> face;
  std::vector<double> bary;

  fixed_surface_samples<double> get() const {
    const auto n = static_cast<index_t>(face.size());
    return {{face.data(), n}, {bary.data(), n, 3}};
  }
  template <class Exec>
  fixed_surface_samples<double> placed_on(const Exec& e, test::placed& at) const {
    const auto n = static_cast<index_t>(face.size());
    return {at(e, view<const stored_index>(face.data(), n)), at(e, view<const double>(bary.data(), n, 3))};
  }
};

/// `count` random points, spread over the faces.
sample_points random_sample_points(index_t faces, index_t count) {
  sample_points p;
  const auto r = check::detail::random_vector(3 * count, 8, 0);
  for (index_t i = 0; i < count; ++i) {
    p.face.push_back(static_cast<stored_index>((7 * i) % faces));
    double b[3], sum = 0;
    for (int k = 0; k < 3; ++k) sum += b[k] = 1.1 + r[static_cast<std::size_t>(3 * i + k)];
    for (double x : b) p.bary.push_back(x / sum);
  }
  return p;
}

std::vector<double> flat(const triangle_mesh<double>& m) {
  std::vector<double> x;
  for (const auto& v : m.vertices) x.insert(x.end(), {v[0], v[1], v[2]});
  return x;
}

/// An uneven sphere, for which no term of the loss is at its kink n . grad I = 0.
triangle_mesh<double> bumpy_sphere() {
  auto m = make_icosphere(2, 0.8);
  const auto r = check::detail::random_vector(3 * m.vertex_count(), 2, 0);
  for (std::size_t v = 0; v < m.vertices.size(); ++v)
    for (int k = 0; k < 3; ++k) m.vertices[v][k] += 0.02 * r[3 * v + static_cast<std::size_t>(k)];
  return m;
}

template <class C>
std::pair<double, buffer<double>> evaluate(const C& c, view<const double> x) {
  planned<C> p(c, x.extent());
  buffer<double> d_x(x.rows, x.cols);
  c.forward({}, x, p.output, p.workspace);
  p.d_output[0] = 1;
  c.backward({}, x, p.d_output, d_x.get(), p.workspace);
  return {p.output[0], std::move(d_x)};
}

template <class Normals, class Image = smooth_image>
using fixed_loss = normal_loss<double, serial, Normals, fixed_surface_samples<double>, Image>;

}  // namespace

TEST_CASE("the normal loss and both of its gradients agree with the golden values", "[loss]") {
  if (!test::golden::present("loss_edge_normal")) return;
  const test::golden g("loss_edge_normal"), mesh("mesh");
  const auto vertices = mesh.matrix("V");
  const auto bary = g.matrix("bary");
  std::vector<stored_index> face;
  for (double f : g.numbers("face")) face.push_back(static_cast<stored_index>(f));
  const fixed_surface_samples<double> samples({face.data(), static_cast<index_t>(face.size())}, bary.get());
  const auto space = test::golden_space();
  using loss = fixed_loss<face_normals, decltype(space)::sampler_type>;
  constexpr double limit = test::tolerance<double>::golden;
  for (bool move : {true, false}) {
    const loss c(mesh.faces("F"), 100, samples, space.sampler(), {.move_samples = move});
    const auto [value, d_x] = evaluate(c, vertices.get());
    REQUIRE(value == Approx(g.number("L_N")).epsilon(limit));
    const auto want = g.matrix(move ? "grad_V_LN" : "grad_V_LN_detached_q");
    REQUIRE(test::relative_difference(d_x.get(), want.get()) < limit);
  }
}

TEST_CASE("gradients of the normal loss on a smooth image", "[loss]") {
  const auto mesh = bumpy_sphere();
  const sample_points p = random_sample_points(mesh.face_count(), 600);
  smooth_image image;
  image.limit = 0.31;  // some samples are outside, none at the border
  test::placed at;
  normal_loss_params params;
  const auto make = [&]<class Normals>(auto e, Normals) {
    return normal_loss<double, decltype(e), Normals, fixed_surface_samples<double>, smooth_image>(
        mesh.faces, mesh.vertex_count(), p.placed_on(e, at), image, params);
  };
  const extent in{mesh.vertex_count(), 3};
  SECTION("face normals") {
    test::component_suite([&](auto e) { return make(e, face_normals{}); }, flat(mesh), in, {.step = 1e-6});
  }
  SECTION("rising edges count less, or not at all") {
    params.response = {.contrast = 2.5, .rising = GENERATE(0.0, 0.3)};
    test::component_suite([&](auto e) { return make(e, smooth_normals{}); }, flat(mesh), in, {.step = 1e-6});
  }
  SECTION("smooth normals") {
    test::component_suite([&](auto e) { return make(e, smooth_normals{}); }, flat(mesh), in, {.step = 1e-6});
  }
}

TEST_CASE("gradients of the normal loss on a sampled, blurred image", "[loss]") {
  grid g;
  g.size = {26, 26, 26};
  const double c = std::cos(0.3), s = std::sin(0.3);
  g.axes = {{{5.1 * c, -5.1 * s, 0.0}, {5.1 * s, 5.1 * c, 0.0}, {0, 0, 5.1}}};
  g.origin = g.axes * point{-12.5, -12.5, -12.5};
  volume<double> v(g);
  const auto r = check::detail::random_vector(g.voxel_count(), 6, 0);
  for (std::size_t i = 0; i < r.size(); ++i) v.voxels[i] = r[i];
  const auto mesh = bumpy_sphere();
  const sample_points p = random_sample_points(mesh.face_count(), 60);
  test::placed at;
  const auto run = [&]<class Normals>(Normals) {
    test::component_suite(
        [&](auto e) {
          using space_type = scale_space<double, decltype(e), central_difference, double>;
          const auto& space = at.template make<space_type>(serial{}, fully_measured(v),
                                                           scale_space_params{.sigma = 12, .levels = 4});
          const auto& clock = at.template make<iteration_clock<decltype(e)>>(100, 17);
          return normal_loss<double, decltype(e), Normals, fixed_surface_samples<double>,
                             typename space_type::sampler_type>(
              mesh.faces, mesh.vertex_count(), p.placed_on(e, at), space.sampler(clock.state()));
        },
        flat(mesh), {mesh.vertex_count(), 3}, {.step = 1e-6});
  };
  SECTION("face normals") {
    run(face_normals{});
  }
  SECTION("smooth normals") {
    run(smooth_normals{});
  }
}

TEST_CASE("on a sphere in a radial ramp the loss is exp(-slope)", "[loss]") {
  // I = b |p|^2 / 2, so grad I = b p, and n . grad I = b R up to the error of the facets.
  const auto mesh = make_icosphere(4, 0.5);
  const sample_points p = random_sample_points(mesh.face_count(), 2000);
  const smooth_image image{{0, 0, 0}, 3.0};
  const auto vertices = vertex_buffer<double>(mesh);
  const auto flat_value =
      evaluate(fixed_loss<face_normals>(mesh.faces, mesh.vertex_count(), p.get(), image), vertices.get());
  const auto smooth_value =
      evaluate(fixed_loss<smooth_normals>(mesh.faces, mesh.vertex_count(), p.get(), image), vertices.get());
  REQUIRE(flat_value.first == Approx(std::exp(-1.5)).epsilon(3e-3));
  REQUIRE(smooth_value.first == Approx(std::exp(-1.5)).epsilon(3e-3));
  // The derivative of exp(-b R) along the outward direction, summed over all vertices, is -b exp(-b R).
  double along = 0;
  for (index_t v = 0; v < vertices.get().rows; ++v)
    along += dot(load3(smooth_value.second.get(), v), normalized(load3(vertices.get(), v)));
  REQUIRE(along == Approx(-3 * std::exp(-1.5)).epsilon(5e-3));
}

TEST_CASE("samples outside the image do not count; without samples inside the normal loss is 0", "[loss]") {
  const auto mesh = make_icosphere(1, 0.5);
  const sample_points p = random_sample_points(mesh.face_count(), 200);
  const auto vertices = vertex_buffer<double>(mesh);
  smooth_image image;
  image.limit = -10;
  const auto none =
      evaluate(fixed_loss<smooth_normals>(mesh.faces, mesh.vertex_count(), p.get(), image), vertices.get());
  REQUIRE(none.first == 0);
  for (index_t i = 0; i < none.second.size(); ++i) REQUIRE(none.second.get()[i] == 0);
  image.limit = 0;  // the mean over one half equals the mean of only the samples in this half
  const auto half =
      evaluate(fixed_loss<face_normals>(mesh.faces, mesh.vertex_count(), p.get(), image), vertices.get());
  sample_points kept;
  for (std::size_t i = 0; i < p.face.size(); ++i) {
    const point q =
        surface_point(view<const double>(vertices.get()), mesh.faces[static_cast<std::size_t>(p.face[i])],
                      point{p.bary[3 * i], p.bary[3 * i + 1], p.bary[3 * i + 2]});
    if (!image.inside(q)) continue;
    kept.face.push_back(p.face[i]);
    kept.bary.insert(kept.bary.end(), &p.bary[3 * i], &p.bary[3 * i] + 3);
  }
  REQUIRE(kept.face.size() > 50);
  REQUIRE(kept.face.size() < 150);
  const auto alone =
      evaluate(fixed_loss<face_normals>(mesh.faces, mesh.vertex_count(), kept.get(), image), vertices.get());
  REQUIRE(half.first == Approx(alone.first).epsilon(test::tolerance<double>::formula));
}

TEST_CASE("the subgradient is 0 if the image does not change along the normal", "[loss]") {
  const auto t = normal_term<double>::at({0, 0, 1}, {2, 3, 0}, 1, 1);
  REQUIRE(t.value == 1);
  REQUIRE(t.d_normal == point{});
  REQUIRE(t.d_gradient == point{});
  const auto down =
      normal_term<double>::at({0, 0, 1}, {0, 0, -2}, 1, 1);  // exp(-|s|), s = -2: dt/ds = exp(-2)
  REQUIRE(down.value == Approx(std::exp(-2.0)));
  REQUIRE(down.d_gradient[2] == Approx(std::exp(-2.0)));
}

TEST_CASE("the strength of an edge depends on contrast, and on the factor of rising edges", "[loss]") {
  const auto at = [](double s) { return normal_term<double>::at({0, 0, 1}, {0, 0, s}, 1 / 4.0, 0.5 / 4.0); };
  REQUIRE(at(-2).value == Approx(std::exp(-0.5)));
  REQUIRE(at(-2).d_gradient[2] == Approx(std::exp(-0.5) / 4));
  REQUIRE(at(2).value == Approx(std::exp(-0.25)));
  REQUIRE(at(2).d_gradient[2] == Approx(-std::exp(-0.25) / 8));
  const auto rising = normal_term<double>::at({0, 0, 1}, {0, 0, 2}, 1, 0);
  REQUIRE(rising.value == 1);
  REQUIRE(rising.d_normal == point{});
  for (const edge_response& bad : {edge_response{0, 1}, edge_response{-1, 1}, edge_response{1, -0.1},
                                   edge_response{1, 1.1}, edge_response{std::nan(""), 1}})
    REQUIRE_THROWS_AS(bad.check(), error);
}

TEST_CASE("drawn samples change with the clock only", "[loss]") {
  const auto mesh = bumpy_sphere();
  const auto vertices = vertex_buffer<double>(mesh);
  iteration_clock<serial> clock(10);
  using drawn = drawn_surface_samples<double, serial>;
  using loss = normal_loss<double, serial, smooth_normals, drawn, smooth_image>;
  const loss c(mesh.faces, mesh.vertex_count(), drawn(mesh.faces, clock.state(), {.count = 500, .seed = 3}),
               {});
  const double first = evaluate(c, vertices.get()).first;
  REQUIRE(evaluate(c, vertices.get()).first == first);
  clock.set({4, 10});
  REQUIRE(evaluate(c, vertices.get()).first != first);
  clock.set({0, 10});
  REQUIRE(evaluate(c, vertices.get()).first == first);
  for (int count : {1, 2, 5}) {
    using threaded = drawn_surface_samples<double, exec::threads>;
    const exec::threads e(count);
    const normal_loss<double, exec::threads, smooth_normals, threaded, smooth_image> d(
        mesh.faces, mesh.vertex_count(), threaded(mesh.faces, clock.state(), {.count = 500, .seed = 3}), {});
    planned p(d, vertices.get().extent());
    d.forward(e, vertices.get(), p.output, p.workspace);
    REQUIRE(p.output[0] == first);
  }
}

TEST_CASE("a loss on drawn samples allocates nothing in an iteration", "[loss]") {
  const auto mesh = bumpy_sphere();
  iteration_clock<serial> clock(10);
  using drawn = drawn_surface_samples<double, serial>;
  test::require_no_allocation(
      normal_loss<double, serial, smooth_normals, drawn, smooth_image>(
          mesh.faces, mesh.vertex_count(), drawn(mesh.faces, clock.state(), {.count = 300}), {}),
      serial{}, flat(mesh), {mesh.vertex_count(), 3});
}

TEST_CASE("the normal loss refuses wrong shapes and bad indices", "[loss]") {
  const auto mesh = make_icosphere(1, 0.5);
  const sample_points p = random_sample_points(mesh.face_count(), 5);
  test::require_shape_error(fixed_loss<face_normals>(mesh.faces, mesh.vertex_count(), p.get(), {}), {41, 3});
  test::require_shape_error(fixed_loss<smooth_normals>(mesh.faces, mesh.vertex_count(), p.get(), {}),
                            {42, 2});
  REQUIRE_THROWS_AS(fixed_loss<face_normals>(mesh.faces, 7, p.get(), {}), error);
  REQUIRE_THROWS_AS(fixed_surface_samples<double>({p.face.data(), 5}, {p.bary.data(), 4, 3}), error);
}
