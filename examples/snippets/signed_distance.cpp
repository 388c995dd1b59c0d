// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/components/signed-distance.md and docs/your-data.md: distances of points to one mesh, and to several.
#include <Eigen/Core>
#include <array>
#include <cmath>
#include <vector>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/overlap.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/distance_query.hpp"
#include "diffam/sdf/fitted_mesh.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "snippets.hpp"

namespace d = diffam;
using exec = d::exec::threads;

namespace {

/// On a spiral through the torus and around it.
d::buffer<float> spiral(d::index_t n) {
  d::buffer<float> points(n, 3);
  for (d::index_t i = 0; i < n; ++i) {
    const double t = double(i) / double(n);
    d::store3(points.get(), i,
              d::vec3<float>{float(t * std::cos(40 * t)), float(t * std::sin(40 * t)), float(0.3 * t - 0.1)});
  }
  return points;
}

double mean(d::view<const float> x) {
  double sum = 0;
  for (d::index_t i = 0; i < x.size(); ++i) sum += double(x[i]);
  return sum / double(x.size());
}

}  // namespace

namespace {

void one_call() {
  const auto torus = d::make_torus<double>(0.5, 0.2, 48, 24);
  const auto& faces = torus.faces;
  Eigen::MatrixX3d vertices(torus.vertex_count(), 3);
  for (d::index_t v = 0; v < torus.vertex_count(); ++v)
    for (int k = 0; k < 3; ++k) vertices(v, k) = torus.vertices[std::size_t(v)][k];
  const std::vector<std::array<float, 3>> points{{0.5f, 0, 0}, {0, 0, 0}};
  {
    // [one_call]
    const auto found = d::signed_distance(vertices, faces, points);
    // [/one_call]
    expect(std::abs(found.distance[0] + 0.2f) < 0.01f && std::abs(found.distance[1] - 0.3f) < 0.01f,
           "the tube has the radius 0.2, and the hole 0.3");
  }
  // [distance_query]
  d::distance_query<float> query(vertices, faces);
  d::point_distances<float> found;
  query.signed_distance(points, found);  // later calls allocate nothing while there are no more points
  query.move(vertices);                  // the same faces, other positions
  // [/distance_query]
  expect(found.distance[0] < 0 && found.distance[1] > 0, "one point is inside");
}

}  // namespace

void signed_distance() {
  one_call();
  const auto mesh = d::make_torus<double>(0.5, 0.2, 48, 24);
  const d::index_t n = 1000;
  const d::buffer<float> points = spiral(n);
  const exec e;

  // [signed_distance]
  auto vertices = d::vertex_buffer<float>(mesh);                         // V x 3
  const d::mesh_distance<float, exec> distance(mesh, points.get());      // points: N x 3
  d::planned memory(distance, vertices.get().extent());                  // all the memory it takes
  distance.forward(e, vertices.get(), memory.output, memory.workspace);  // N x 1, negative inside
  // [/signed_distance]

  // [signed_distance_gradient]
  e.fill(memory.d_output, 1.0f / float(n));  // dL/d(distance); here L is the mean distance
  d::buffer<float> d_vertices(mesh.vertex_count(), 3);
  distance.backward(e, vertices.get(), memory.d_output, d_vertices.get(), memory.workspace);  // adds
  // [/signed_distance_gradient]

  double by_gradient = 0;  // all vertices up by a small step, against the gradient's prediction
  for (d::index_t v = 0; v < mesh.vertex_count(); ++v) by_gradient += double(d_vertices.get()(v, 2));
  const double before = mean(memory.output), step = 1e-3;
  for (d::index_t v = 0; v < mesh.vertex_count(); ++v) vertices.get()(v, 2) += float(step);
  distance.forward(e, vertices.get(), memory.output, memory.workspace);
  const double by_difference = (mean(memory.output) - before) / step;
  expect(std::abs(by_difference - by_gradient) < 0.02 * std::abs(by_gradient) + 1e-4,
         "the gradient predicts the change of the mean distance");

  // [inside]
  const d::fitted_mesh<float, exec> solid(e, mesh);
  d::buffer<std::uint8_t> is_inside(n);
  solid.inside(e, points.get(), is_inside.get());  // 1 inside, 0 outside
  // [/inside]
  const auto ring = [&](d::index_t i) {
    const auto p = d::load3(points.get(), i);
    return std::hypot(std::hypot(double(p[0]), double(p[1])) - 0.5, double(p[2]));
  };
  for (d::index_t i = 0; i < n; ++i)
    if (std::abs(ring(i) - 0.2) > 0.01)
      expect((ring(i) < 0.2) == (is_inside.get()[i] == 1), "points inside are found");
}

void scene_distance() {
  const exec e;
  auto left = d::make_icosphere<double>(2, 1.0), right = left;
  for (auto& v : left.vertices) v[0] -= 0.9;
  for (auto& v : right.vertices) v[0] += 0.9;

  // [scene_distance]
  const std::vector<d::triangle_mesh<double>> parts{left, right};
  const d::mesh_stack stack = d::stack_meshes(parts);
  using cloud = d::surface_cloud<float, exec>;  // points around the surface, drawn anew at every forward
  d::scene_distance<float, exec, d::barnes_hut_winding, cloud> scene(
      stack, cloud(stack.faces, {.count = 2000, .sigma = 0.1}));
  const auto vertices = d::stacked_vertices<float>(parts);
  d::planned memory(scene, vertices.get().extent());
  scene.forward(e, vertices.get(), memory.output, memory.workspace);  // N x 2: least distance, overlap
  // [/scene_distance]

  bool overlap_seen = false;
  for (d::index_t i = 0; i < 2000; ++i) {
    const auto p = d::load3(scene.points(), i);
    const double x = double(p[0]), y = double(p[1]), z = double(p[2]);
    const double a = std::hypot(x + 0.9, y, z) - 1, b = std::hypot(x - 0.9, y, z) - 1;
    expect(std::abs(double(memory.output(i, 0)) - std::min(a, b)) < 0.03, "column 0 is the least distance");
    overlap_seen = overlap_seen || memory.output(i, 1) > 0;
    if (a > 0.03 || b > 0.03) expect(memory.output(i, 1) == 0, "one sphere alone gives no overlap");
  }
  expect(overlap_seen, "the spheres overlap");
}

namespace {

/// Distances of the points to the mesh, as the pages compute them.
std::vector<float> distances(const d::triangle_mesh<double>& mesh, d::view<const float> points) {
  const d::mesh_distance<float, exec> component(mesh, points);
  const auto vertices = d::vertex_buffer<float>(mesh);
  d::planned memory(component, vertices.get().extent());
  component.forward(exec{}, vertices.get(), memory.output, memory.workspace);
  return {memory.output.begin(), memory.output.end()};
}

// [from_arrays]
/// A mesh of another library: `xyz` has 3 numbers a vertex, `corners` 3 indices a triangle, counted from 0.
template <class Real, class Index>
d::triangle_mesh<double> mesh_from_arrays(const Real* xyz, std::size_t vertices, const Index* corners,
                                          std::size_t triangles) {
  d::triangle_mesh<double> mesh;
  for (std::size_t v = 0; v < vertices; ++v)
    mesh.vertices.push_back({double(xyz[3 * v]), double(xyz[3 * v + 1]), double(xyz[3 * v + 2])});
  for (std::size_t f = 0; f < triangles; ++f)
    mesh.faces.push_back({d::stored_index(corners[3 * f]), d::stored_index(corners[3 * f + 1]),
                          d::stored_index(corners[3 * f + 2])});
  d::require_closed_mesh(mesh, "my mesh");  // throws, and says what is wrong
  return mesh;
}
// [/from_arrays]

// [from_eigen]
/// V and F as libigl and many others have them: V x 3 and F x 3, column-major.
d::triangle_mesh<double> mesh_from_eigen(const Eigen::MatrixXd& V, const Eigen::MatrixXi& F) {
  const Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor> xyz = V;  // diffam's order: row by row
  const Eigen::Matrix<int, Eigen::Dynamic, 3, Eigen::RowMajor> corners = F;
  return mesh_from_arrays(xyz.data(), std::size_t(V.rows()), corners.data(), std::size_t(F.rows()));
}
// [/from_eigen]

}  // namespace

void your_data() {
  const auto sphere = d::make_icosphere<double>(3, 1.0);
  const exec e;

  std::vector<float> xyz;
  std::vector<unsigned> corners;
  for (const auto& v : sphere.vertices) xyz.insert(xyz.end(), {float(v[0]), float(v[1]), float(v[2])});
  for (const auto& f : sphere.faces)
    corners.insert(corners.end(), {unsigned(f[0]), unsigned(f[1]), unsigned(f[2])});
  const auto mesh = mesh_from_arrays(xyz.data(), xyz.size() / 3, corners.data(), corners.size() / 3);
  expect(mesh.faces == sphere.faces, "the faces are taken over");

  // [view_vector]
  std::vector<float> points{0, 0, 0, 2, 0, 0, 0, 0.5f, 0};   // three points, x y z each
  const d::view<const float> seen(points.data(), 3, 3);      // rows, columns; nothing is copied
  const d::mesh_distance<float, exec> distance(mesh, seen);  // `points` must outlive `distance`
  // [/view_vector]
  const auto vertices = d::vertex_buffer<float>(mesh);
  d::planned memory(distance, vertices.get().extent());
  distance.forward(e, vertices.get(), memory.output, memory.workspace);
  const std::vector<float> expected{-1, 1, -0.5f};
  for (std::size_t i = 0; i < 3; ++i)
    expect(std::abs(memory.output[d::index_t(i)] - expected[i]) < 0.02f, "distances to the sphere are right");

  // [view_eigen]
  using rows3 = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;
  const rows3 p = rows3::Random(100, 3);
  const std::vector<float> by_eigen = distances(mesh, d::view<const float>(p.data(), p.rows(), 3));
  Eigen::Map<const Eigen::VectorXf> as_eigen(by_eigen.data(), Eigen::Index(by_eigen.size()));
  // [/view_eigen]
  for (Eigen::Index i = 0; i < p.rows(); ++i)
    expect(std::abs(as_eigen[i] - (p.row(i).norm() - 1)) < 0.03f, "Eigen's points give the same distances");

  // [eigen_result]
  d::buffer<float> d_vertices(mesh.vertex_count(), 3);
  e.fill(memory.d_output, 1.0f);
  distance.backward(e, vertices.get(), memory.d_output, d_vertices.get(), memory.workspace);
  const Eigen::Map<const rows3> gradient(d_vertices.data(), d_vertices.get().rows, 3);  // no copy either
  // [/eigen_result]
  expect(gradient.cwiseAbs().sum() > 0, "the gradient is seen through the map");

  Eigen::MatrixXd V(Eigen::Index(sphere.vertices.size()), 3);
  Eigen::MatrixXi F(Eigen::Index(sphere.faces.size()), 3);
  for (Eigen::Index i = 0; i < V.rows(); ++i)
    for (int k = 0; k < 3; ++k) V(i, k) = sphere.vertices[std::size_t(i)][k];
  for (Eigen::Index i = 0; i < F.rows(); ++i)
    for (int k = 0; k < 3; ++k) F(i, k) = sphere.faces[std::size_t(i)][k];
  expect(mesh_from_eigen(V, F).faces == sphere.faces, "Eigen's faces are taken over");

  F.conservativeResize(F.rows() - 1, 3);
  bool refused = false;
  try {
    (void)mesh_from_eigen(V, F);
  } catch (const d::error& open) {
    refused = open.kind() == d::error_kind::bad_data;
  }
  expect(refused, "an open mesh is refused");
}
