// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Short calls into spine/, image/ and metrics/, in one place since they take long to compile.
#include "inputs.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/image/window.hpp"
#include "diffam/metrics/dice.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "diffam/spine/voxelise.hpp"

namespace tutorial {

using exec = d::exec::threads;

d::triangle_mesh<double> vertebra(int label) {
  return d::spine::make_vertebrae(std::span(&label, 1), {.edge_length = 3, .spacing_mm = 0}).at(label);
}

generated_ct make_ct(const std::vector<int>& levels) {
  d::spine::phantom_params p;
  p.levels = levels;
  d::spine::phantom made = d::spine::make_phantom(exec{}, p);
  return {std::move(made.ct), std::move(made.truth), std::move(made.centres)};
}

d::masked_volume<float> image_around(const d::volume<float>& ct,
                                     const std::vector<d::triangle_mesh<double>>& meshes,
                                     const d::vec3<double>& origin) {
  std::vector<d::vec3<double>> points;
  for (const auto& m : meshes) points.insert(points.end(), m.vertices.begin(), m.vertices.end());
  d::masked_volume<float> seen =
      d::resample(exec{}, ct, d::isotropic_grid(ct.geometry, 1.0, points, 40));  // mm
  d::normalize(exec{}, seen.values, {.low = -200, .high = 700});
  seen.values.geometry.origin -= origin;
  seen.field_of_view.origin -= origin;
  return seen;
}

d::triangle_mesh<double> in_units(d::triangle_mesh<double> mesh) {
  for (auto& v : mesh.vertices) v *= 1 / d::unit_length_mm;
  return mesh;
}

std::vector<d::triangle_mesh<double>> in_world(const d::mesh_stack& stack, d::view<const float> vertices,
                                               const d::vec3<double>& origin) {
  std::vector<d::triangle_mesh<double>> meshes;
  for (d::index_t m = 0; m < stack.mesh_count(); ++m) {
    meshes.push_back(d::unstack_mesh(stack, vertices, m));
    for (auto& v : meshes.back().vertices) v = v * d::unit_length_mm + origin;
  }
  return meshes;
}

std::vector<double> dice(const std::vector<d::triangle_mesh<double>>& meshes, const std::vector<int>& labels,
                         const d::volume<std::uint8_t>& truth) {
  const auto found = d::spine::voxelise(exec{}, std::span(meshes), std::span(labels), truth.geometry);
  std::vector<double> scores;
  for (const int l : labels) scores.push_back(d::metrics::dice(found, truth, l));
  return scores;
}

}  // namespace tutorial
