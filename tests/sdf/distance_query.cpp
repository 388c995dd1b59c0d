// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Distances in one call: against a loop over all faces, with inputs of every layout, and far from the origin.
#include "diffam/sdf/distance_query.hpp"

#include <Eigen/Core>
#include <span>

#include "sdf/fixtures.hpp"
#include "support/allocation.hpp"

using namespace diffam;

namespace {

triangle_mesh<double> bumpy_torus() {
  return test::jitter(make_torus(0.5, 0.2, 24, 12), 0.02, 1);
}

template <class T>
void require_same(const point_distances<T>& a, const point_distances<T>& b) {
  REQUIRE(a.distance == b.distance);
  REQUIRE(a.face == b.face);
  REQUIRE(a.point == b.point);
  REQUIRE(a.gradient == b.gradient);
}

}  // namespace

TEST_CASE("one call gives distances, closest faces and points, gradients and winding numbers", "[sdf]") {
  const auto mesh = bumpy_torus();
  const auto points = test::random_points(500, 0.8, 2);
  const auto found = signed_distance(mesh, points.get());
  const auto apart = closest_points(mesh, points.get());
  const auto w = winding_numbers(mesh, points.get(), 1e-4);
  const test::fitted_tree<double> t(mesh);
  index_t inside = 0;
  for (index_t i = 0; i < 500; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const vec3<double> p = load3(points.get(), i);
    const auto expected =
        nearest_by_brute_force(t.queries(), stored_index{0}, static_cast<stored_index>(mesh.face_count()), p);
    const double exact = exact_winding_number(t.queries(), 0, p), sign = exact > 0.5 ? -1 : 1;
    inside += exact > 0.5 ? 1 : 0;
    REQUIRE(found.distance[at] == Approx(sign * std::sqrt(expected.squared_distance)));
    REQUIRE(found.face[at] == expected.face);
    REQUIRE(norm(p - found.point[at] - expected.offset) < 1e-14);
    REQUIRE(norm(p - found.point[at] - found.gradient[at] * found.distance[at]) < 1e-14);
    REQUIRE(apart.distance[at] == std::abs(found.distance[at]));
    REQUIRE(apart.point[at] == found.point[at]);
    REQUIRE(std::abs(w[at] - exact) <= 1e-4);
  }
  REQUIRE(inside > 20);
}

TEST_CASE("inputs of every layout give the same bits", "[sdf]") {
  const auto mesh = bumpy_torus();
  const index_t n = 60;
  const auto points = test::random_points(n, 0.8, 2);
  const auto expected = signed_distance(mesh, points.get());

  Eigen::MatrixXd columns(n, 3), vertices(mesh.vertex_count(), 3);
  Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor> rows(n, 3);
  Eigen::MatrixXi faces(mesh.face_count(), 3);
  std::vector<std::array<double, 3>> arrays(static_cast<std::size_t>(n));
  std::vector<std::array<std::int64_t, 3>> long_faces;
  std::vector<double> padded(static_cast<std::size_t>(4 * n));
  for (int k = 0; k < 3; ++k) {
    for (index_t i = 0; i < n; ++i) {
      const double x = points.get()(i, k);
      columns(i, k) = rows(i, k) = arrays[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] = x;
      padded[static_cast<std::size_t>(4 * i + k)] = x;
    }
    for (index_t v = 0; v < mesh.vertex_count(); ++v)
      vertices(v, k) = mesh.vertices[static_cast<std::size_t>(v)][k];
    for (index_t f = 0; f < mesh.face_count(); ++f) faces(f, k) = mesh.faces[static_cast<std::size_t>(f)][k];
  }
  for (const face& f : mesh.faces) long_faces.push_back({f[0], f[1], f[2]});

  require_same(signed_distance(vertices, faces, columns), expected);
  require_same(signed_distance(vertices, long_faces, rows), expected);
  require_same(signed_distance(vertices, mesh.faces, arrays), expected);
  require_same(signed_distance(mesh, std::span<const std::array<double, 3>>(arrays)), expected);
  require_same(signed_distance(mesh, strided_rows<double>(padded.data(), n, 4)), expected);
  require_same(signed_distance(mesh, Eigen::Map<const Eigen::MatrixXd>(columns.data(), n, 3)), expected);
  require_same(signed_distance(mesh, columns.topRows(n)), expected);
  REQUIRE_THROWS_WITH(signed_distance(mesh, Eigen::MatrixXd(3, 5)),
                      "rows_of: expected a matrix of n x 3, got 3 x 5");
}

TEST_CASE("a query keeps its tree while vertices move, and allocates nothing in later calls", "[sdf]") {
  auto mesh = bumpy_torus();
  const auto points = test::random_points(300, 0.8, 2);
  distance_query<double, exec::threads> query(mesh);
  point_distances<double> found;
  query.signed_distance(points.get(), found);
  for (auto& v : mesh.vertices) v = {1.2 * v[0] + 0.1, v[1], 0.9 * v[2]};
  const auto before = test::allocation_count();
  query.move(mesh.vertices);
  query.signed_distance(points.get(), found);
  REQUIRE(test::allocation_count() == before);
  const auto fresh = signed_distance(mesh, points.get());
  for (std::size_t i = 0; i < 300; ++i) REQUIRE(found.distance[i] == Approx(fresh.distance[i]).margin(1e-14));
}

TEST_CASE("a float mesh a kilometre from the origin keeps its digits", "[sdf]") {
  const vec3<double> far{1e6, -2e6, 5e5};
  const auto mesh = make_icosphere(4, 20.0);
  const auto moved = test::shifted(mesh, far);
  const auto near = test::random_points(200, 30, 2);
  std::vector<vec3<double>> points;
  for (index_t i = 0; i < 200; ++i) points.push_back(load3(near.get(), i) + far);
  const auto expected = signed_distance(mesh, near.get());
  const auto found = distance_query<float>(moved).signed_distance(points);
  for (std::size_t i = 0; i < points.size(); ++i)
    REQUIRE(std::abs(static_cast<double>(found.distance[i]) - expected.distance[i]) < 1e-5);
}

TEST_CASE("a query refuses wrong meshes, and points that are not finite have no distance", "[sdf]") {
  auto mesh = make_box({1, 1, 1});
  std::vector<std::array<double, 3>> points{{0, 0, 0}, {NAN, 0, 0}, {2, 0, 0}};
  const auto found = signed_distance(mesh, points);
  REQUIRE(found.distance[0] == -0.5);
  REQUIRE(found.distance[1] != found.distance[1]);
  REQUIRE(found.face[1] == -1);
  REQUIRE(found.distance[2] == 1.5);
  REQUIRE(signed_distance(mesh, std::vector<std::array<double, 3>>{}).distance.empty());

  distance_query<double> query(mesh);
  mesh.vertices[5][1] = NAN;
  REQUIRE_THROWS_WITH(query.move(mesh.vertices),
                      "distance_query: expected finite vertices, got nan in vertex 5");
  mesh.vertices.pop_back();
  REQUIRE_THROWS_WITH(query.move(mesh.vertices), "distance_query: expected 8 vertices, got 7");
  REQUIRE_THROWS_WITH(distance_query<double>(mesh),
                      Catch::Contains("distance_query: expected vertex indices from 0 to 6, got 7 in face"));
}
