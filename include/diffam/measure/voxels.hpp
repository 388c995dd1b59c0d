// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The voxels of fitted vertebrae: to which part of the bone each belongs, and how deep below the surface it
// lies. From these, the volume of sub-regions and the density of the bodies.
#pragma once

#include <array>
#include <span>

#include "diffam/core/median.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/measure/vertebra.hpp"
#include "diffam/mesh/area_sampling.hpp"
#include "diffam/sdf/mesh_distance.hpp"

namespace diffam::measure {

/// The voxels of one vertebra, as indices into the voxels of the label volume.
struct vertebra_voxels {
  std::vector<index_t> voxels;
  std::vector<spine::bone_part> parts;  // of the nearest vertex of the nearest face
  std::vector<float> depths;            // mm below the surface; negative outside
};

namespace detail {

/// Indices of the voxels of each label.
inline std::array<std::vector<index_t>, 256> voxels_by_label(const volume_part<std::uint8_t>& labels) {
  std::array<std::vector<index_t>, 256> all;
  for (std::size_t i = 0; i < labels.voxels.size(); ++i)
    if (labels.voxels[i] != 0) all[labels.voxels[i]].push_back(static_cast<index_t>(i));
  return all;
}

inline vec3<double> world_of(const volume_part<std::uint8_t>& v, index_t linear) {
  const auto& [first, size] = v.kept;
  return v.geometry.to_world({static_cast<double>(first[0] + linear % size[0]),
                              static_cast<double>(first[1] + linear / size[0] % size[1]),
                              static_cast<double>(first[2] + linear / (size[0] * size[1]))});
}

template <exec::policy Host>
vertebra_voxels located(const Host& e, const volume_part<std::uint8_t>& labels, std::vector<index_t> voxels,
                        const triangle_mesh<double>& mesh, const std::vector<spine::bone_part>& parts) {
  vertebra_voxels out{std::move(voxels), {}, {}};
  const auto count = static_cast<index_t>(out.voxels.size());
  if (count == 0) return out;
  const vec3<double> middle = mesh.vertices.front();  // single precision needs small coordinates
  triangle_mesh<double> near = mesh;
  for (auto& v : near.vertices) v -= middle;
  buffer<float> points(count, 3);
  for (index_t i = 0; i < count; ++i) {
    const vec3<double> p = world_of(labels, out.voxels[static_cast<std::size_t>(i)]) - middle;
    for (int k = 0; k < 3; ++k) points.get()(i, k) = static_cast<float>(p[k]);
  }
  const mesh_distance<float, Host> distance(near, points.get());
  const buffer<float> vertices = vertex_buffer<float>(near);
  planned<mesh_distance<float, Host>> memory(distance, vertices.get().extent());
  distance.forward(e, vertices.get(), memory.output, memory.workspace);
  for (index_t i = 0; i < count; ++i) {
    const face& f = near.faces[static_cast<std::size_t>(memory.workspace.face[i])];
    const vec3<float> w = load3(view<const float>(memory.workspace.bary), i);
    out.parts.push_back(parts[static_cast<std::size_t>(corner_of_largest_weight(f, w))]);
    out.depths.push_back(-memory.output[i]);
  }
  return out;
}

}  // namespace detail

/// The voxels of each vertebra in a label volume, in the order of `meshes`. `labels` has VerSe numbers;
/// `numbers`, `meshes` (world mm) and `anatomies` belong together. Every host policy gives the same result.
/// Throws `error` where their counts differ.
template <exec::policy Host>
std::vector<vertebra_voxels> locate_voxels(const Host& e, const volume_part<std::uint8_t>& labels,
                                           std::span<const int> numbers,
                                           std::span<const triangle_mesh<double>> meshes,
                                           std::span<const spine::template_anatomy> anatomies) {
  require(numbers.size() == meshes.size() && numbers.size() == anatomies.size(),
          "voxels: expected as many labels as meshes and anatomies");
  auto by_label = detail::voxels_by_label(labels);
  std::vector<vertebra_voxels> out;
  for (std::size_t m = 0; m < meshes.size(); ++m) {
    require(anatomies[m].parts.size() == meshes[m].vertices.size(),
            "voxels: expected one part for each vertex of a mesh");
    require(numbers[m] > 0 && numbers[m] < 256, "voxels: expected labels from 1 to 255");
    out.push_back(detail::located(e, labels, std::move(by_label[static_cast<std::size_t>(numbers[m])]),
                                  meshes[m], anatomies[m].parts));
  }
  return out;
}

/// A label volume of sub-regions with the numbers of `spine::subregion_number`. `like` is the volume for
/// which the voxels were located.
inline volume_part<std::uint8_t> region_volume(const volume_part<std::uint8_t>& like,
                                               std::span<const vertebra_voxels> vertebrae) {
  volume_part<std::uint8_t> out(like.geometry, like.kept);
  for (const vertebra_voxels& v : vertebrae)
    for (std::size_t i = 0; i < v.voxels.size(); ++i)
      out.voxels[static_cast<std::size_t>(v.voxels[i])] =
          static_cast<std::uint8_t>(spine::subregion_number(v.parts[i]));
  return out;
}

/// Depths below the surface, in mm, between which bone counts as trabecular or cortical.
struct density_params {
  double trabecular_from = 4;
  double cortical_to = 2;
};

/// Fills the densities of one vertebra from the voxels of the CT. `labels` is the volume for which the voxels
/// were located; voxels that `ct` does not hold are left out.
inline void measure_density(vertebra_measures& m, const vertebra_voxels& vertebra,
                            const volume_part<std::uint8_t>& labels, const volume_view<float>& ct,
                            const density_params& p = {}) {
  std::vector<float> trabecular;
  double sum = 0, rim = 0;
  index_t rim_count = 0;
  const auto& [first, size] = labels.kept;
  for (std::size_t i = 0; i < vertebra.voxels.size(); ++i) {
    if (!spine::is_body(vertebra.parts[i])) continue;
    const index_t at = vertebra.voxels[i];
    const index_t x = first[0] + at % size[0], y = first[1] + at / size[0] % size[1],
                  z = first[2] + at / (size[0] * size[1]);
    if (!ct.kept.has(x, y, z)) continue;
    const float hu = ct.at(x, y, z), depth = vertebra.depths[i];
    if (depth > p.trabecular_from) trabecular.push_back(hu), sum += hu;
    if (depth >= 0 && depth < p.cortical_to) rim += hu, ++rim_count;
  }
  if (rim_count > 0) m.cortical_hu_mean = rim / static_cast<double>(rim_count);
  if (trabecular.empty()) return;
  m.trabecular_hu_mean = sum / static_cast<double>(trabecular.size());
  m.trabecular_hu_median = static_cast<double>(upper_median(std::move(trabecular)));
}

}  // namespace diffam::measure
