// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Thrust's containers and pointers as data of components.
#include <thrust/device_ptr.h>
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>

#include "diffam/core/view_of.hpp"
#include "diffam/exec/cuda.cuh"
#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "support/catch.hpp"

using namespace diffam;

static_assert(
    std::is_same_v<decltype(view_of(std::declval<thrust::device_vector<float>&>(), 3)), view<float>>);
static_assert(std::is_same_v<decltype(view_of(std::declval<const thrust::device_vector<float>&>(), 3)),
                             view<const float>>);
static_assert(
    std::is_same_v<decltype(view_of(std::declval<thrust::device_ptr<float>>(), 1, 3)), view<float>>);

TEST_CASE("distances of points in a thrust::device_vector, to vertices behind a thrust::device_ptr",
          "[cuda]") {
  const auto sphere = make_icosphere<float>(3, 1.0);
  const thrust::device_vector<float> points(std::vector<float>{0, 0, 0, 0, 0, 3});
  const buffer<float, exec::cuda::memory> vertices =
      make_buffer<exec::cuda::memory>(view<const float>(vertex_buffer<float>(sphere).get()));
  const thrust::device_ptr<const float> first(vertices.data());
  const mesh_distance<float, exec::cuda> distance(sphere, view_of(points, 3));
  const exec::cuda e;
  planned memory(distance, {sphere.vertex_count(), 3});
  distance.forward(e, view_of(first, sphere.vertex_count(), 3), memory.output, memory.workspace);
  thrust::host_vector<float> found(2);
  exec::cuda::memory::copy_to_host(found.data(), memory.output.data, 2 * sizeof(float));
  REQUIRE(found[0] == Approx(-1).epsilon(0.01));
  REQUIRE(found[1] == Approx(2).epsilon(0.01));
}
