// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The nearest-face searches of a device against the CPU's: 32 threads per point, 8 threads per point, and
// packets of points. Compares distances, faces and meshes, on several kinds of scenes and at difficult
// points.
#include <algorithm>
#include <limits>

#include "diffam/exec/cuda.cuh"
#include "diffam/sdf/fitted_mesh.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "sdf/fixtures.hpp"
#include "support/device_suite.cuh"

using namespace diffam;

namespace {

template <class T>
buffer<T> hard_points(const std::vector<triangle_mesh<double>>& meshes, index_t n) {
  const mesh_stack stack = stack_meshes(meshes);
  const buffer<T> x = stacked_vertices<T>(meshes);
  const surface_cloud<T, exec::serial> cloud(stack.faces, {.count = n, .sigma = 0.15});
  cloud.draw({}, x.get());
  buffer<T> points = make_buffer(cloud.points());
  for (index_t i = 0; i < std::min(n / 7, x.get().rows); ++i)
    store3(points.get(), 7 * i, load3(view<const T>(x.get()), i));  // at vertices
  points.get()(3, 0) = std::numeric_limits<T>::quiet_NaN();
  points.get()(4, 1) = std::numeric_limits<T>::infinity();
  for (int k = 0; k < 3; ++k) points.get()(5, k) = T(1e6);
  return points;
}

/// Compares two runs. In the second run the first results serve as hints, and the vertices have moved.
template <class T, class Sign>
void require_same_search(const std::vector<triangle_mesh<double>>& meshes, index_t n) {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const mesh_stack stack = stack_meshes(meshes);
  const buffer<T> points = hard_points<T>(meshes, n);
  const auto on_device = make_buffer<exec::cuda_memory>(points.get());
  const scene_distance<T, exec::serial, Sign> here(stack, fixed_points<T>{points.get()});
  const scene_distance<T, exec::cuda, Sign> there(stack, fixed_points<T>{on_device.get()});
  buffer<T> x = stacked_vertices<T>(meshes);
  planned expected(here, x.get().extent());
  planned found(there, x.get().extent());
  const T near = sizeof(T) == 4 ? T(1e-5) : T(1e-11);
  for (int time = 0; time < 2; ++time) {
    const auto x_device = make_buffer<exec::cuda_memory>(view<const T>(x.get()));
    if (time == 0) exec::serial{}.fill(expected.workspace.record.face, stored_index{-1});
    if (time == 0) e.fill(found.workspace.record.face, stored_index{-1});
    here.forward({}, x.get(), expected.output, expected.workspace);
    there.forward(e, x_device.get(), found.output, found.workspace);
    e.wait();
    buffer<T> y(n, 2);
    buffer<stored_index> inside(n), face(n, overlap_limit);
    exec::cuda_memory::copy_to_host(y.data(), found.output.data, y.bytes());
    exec::cuda_memory::copy_to_host(inside.data(), found.workspace.record.inside.data, inside.bytes());
    exec::cuda_memory::copy_to_host(face.data(), found.workspace.record.face.data, face.bytes());
    index_t other_faces = 0;
    for (index_t i = 0; i < n; ++i) {
      const T d = expected.output(i, 0);
      if (d != d) {
        REQUIRE(y.get()(i, 0) != y.get()(i, 0));
        continue;
      }
      const T scale = d * d > T(1) ? std::abs(d) : T(1);
      const bool on_surface = std::abs(d) < T(10) * near;
      REQUIRE(std::abs(std::abs(y.get()(i, 0)) - std::abs(d)) <= near * scale);
      if (on_surface) continue;
      REQUIRE((y.get()(i, 0) < 0) == (d < 0));
      REQUIRE(inside.data()[i] == expected.workspace.record.inside[i]);
      REQUIRE(std::abs(y.get()(i, 1) - expected.output(i, 1)) <= T(10) * near);
      other_faces += face.get()(i, 0) != expected.workspace.record.face(i, 0) ? 1 : 0;
    }
    REQUIRE(other_faces <= n / 10);  // at an edge or a vertex, rounding decides between faces
    for (index_t k = 0; k < x.size(); ++k) x.data()[k] *= T(1.1);
  }
}

template <class T>
void require_same_search(const std::vector<triangle_mesh<double>>& meshes, index_t n) {
  require_same_search<T, barnes_hut_winding>(meshes, n);
  require_same_search<T, exact_winding>(meshes, n / 8);
}

}  // namespace

TEMPLATE_TEST_CASE("a search on a device gives the distances and meshes of the CPU", "[cuda][sdf]", float,
                   double) {
  using T = TestType;
  require_same_search<T>({make_torus(0.5, 0.2, 60, 30)}, 20000);
  require_same_search<T, barnes_hut_winding>({make_torus(0.5, 0.2, 60, 30)}, 100000);
  require_same_search<T>({test::self_intersecting_torus()}, 8000);
  require_same_search<T>({make_icosphere(3, 0.5), test::shifted(make_icosphere(3, 0.5), {0.3, 0.1, 0}),
                          test::shifted(make_torus(0.5, 0.2, 24, 12), {0, 0.3, 0.1}),
                          test::shifted(make_icosphere(2, 0.2), {0, 0, 1.2})},
                         20000);
  triangle_mesh<double> open = make_torus(0.5, 0.2, 24, 12);
  open.faces.resize(open.faces.size() - 60);
  require_same_search<T>({open}, 4000);
  std::vector<triangle_mesh<double>> nested;
  for (int k = 0; k < 11; ++k) nested.push_back(make_box({1.0 + k, 1.0 + k, 1.0 + k}));
  for (auto& mesh : nested) mesh = test::shifted(mesh, {0.01, 0.02, 0.03});
  require_same_search<T>({nested}, 2000);
}

TEST_CASE("a device finds the same points inside as the CPU", "[cuda][sdf]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto mesh = make_torus(0.5, 0.2, 60, 30);
  const auto points = test::random_points<float>(10000, 0.8, 1);
  const fitted_mesh<float, exec::serial> here({}, mesh);
  const fitted_mesh<float, exec::cuda> there(e, mesh);
  buffer<std::uint8_t> expected(10000), found(10000);
  buffer<std::uint8_t, exec::cuda_memory> written(10000);
  here.inside({}, points.get(), expected.get());
  there.inside(e, make_buffer<exec::cuda_memory>(points.get()).get(), written.get());
  e.wait();
  written.download(found.data());
  index_t different = 0, in = 0;
  for (index_t i = 0; i < 10000; ++i) {
    different += found.data()[i] != expected.data()[i] ? 1 : 0;
    in += found.data()[i];
  }
  REQUIRE(in > 500);
  REQUIRE(different <= 1);  // a point on the surface up to rounding
}
