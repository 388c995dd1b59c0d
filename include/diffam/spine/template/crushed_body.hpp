// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds collapsed vertebral bodies. A fracture reduces the height of a body but not its width, so height /
// width in the middle of the body is compared with the usual ratio of the level. Radiologists compare with
// the adjacent vertebrae and call a loss of 25 % of the height a moderate fracture (Genant et al., J. Bone
// Miner. Res. 8:1137, 1993). People's bodies differ by a fifth. Therefore the reference is the adjacent
// vertebra where its ratio is above the usual one. It is the usual ratio otherwise, because adjacent
// vertebrae are often fractured too.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "diffam/core/median.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/anatomy/levels.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine::detail {

/// Height between the middles of the end plates / width of the waist, of the median adult. Only for thoracic
/// and lumbar levels: a cervical body continues into its transverse processes, so its width has no clear end.
inline std::optional<double> usual_height_to_width(int l) {
  if (l < label::t1 || l > label::l5) return {};
  const anatomy::body_measures& b = anatomy::body_of[l - 1];
  return (b.height - b.upper_hollow - b.lower_hollow) /
         ((b.upper_width + b.lower_width) / 2 * (1 - b.waist_width));
}

/// Length of the longest segment inside a closed mesh on the line through `at` along an axis; 0 where there
/// is none.
inline double longest_run(const triangle_mesh<double>& mesh, int axis, const vec3<double>& at) {
  const int u = (axis + 1) % 3, v = (axis + 2) % 3;
  std::vector<double> crossings;
  for (const face& f : mesh.faces) {
    const vec3<double> c[3] = {mesh.vertices[static_cast<std::size_t>(f[0])],
                               mesh.vertices[static_cast<std::size_t>(f[1])],
                               mesh.vertices[static_cast<std::size_t>(f[2])]};
    double weight[3];  // weight of the corner opposite to each edge
    for (int k = 0; k < 3; ++k) {
      const vec3<double>&a = c[(k + 1) % 3], &b = c[(k + 2) % 3];
      weight[k] = (b[u] - a[u]) * (at[v] - a[v]) - (b[v] - a[v]) * (at[u] - a[u]);
    }
    const auto [least, most] = std::minmax({weight[0], weight[1], weight[2]});
    const double sum = weight[0] + weight[1] + weight[2];
    if ((least < 0 && most > 0) || sum == 0) continue;
    crossings.push_back((weight[0] * c[0][axis] + weight[1] * c[1][axis] + weight[2] * c[2][axis]) / sum);
  }
  if (crossings.size() % 2 != 0) return 0;  // the line grazes an edge
  std::sort(crossings.begin(), crossings.end());
  double longest = 0;
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
    longest = std::max(longest, crossings[i + 1] - crossings[i]);
  return longest;
}

/// Height / width of a bone in the template's frame: medians over lines within 4 mm of the body's centre,
/// along z and along x. 0 where no line meets the bone.
inline double height_to_width(const triangle_mesh<double>& bone) {
  const auto median = [&](int axis) {
    std::vector<double> runs;
    for (int i = -2; i <= 2; ++i)
      for (int j = -2; j <= 2; ++j) {
        vec3<double> at{};
        at[(axis + 1) % 3] = 2 * i, at[(axis + 2) % 3] = 2 * j;
        if (const double run = longest_run(bone, axis, at); run > 0) runs.push_back(run);
      }
    return runs.empty() ? 0.0 : upper_median(std::move(runs));
  };
  const double width = median(0);
  return width > 0 ? median(2) / width : 0;
}

/// The fraction of the expected height that is left, for each collapsed body of one spine. `bones`: by label,
/// in the template's frame.
inline std::map<int, double> crushed_bodies(const std::map<int, const triangle_mesh<double>*>& bones) {
  constexpr double moderate = 0.75;
  std::map<int, double> share, crushed;
  for (const auto& [l, bone] : bones)
    if (const auto usual = usual_height_to_width(l)) share[l] = height_to_width(*bone) / *usual;
  for (const auto& [l, own] : share) {
    double expected = 1;
    for (const auto& [other, its] : share)
      if (are_neighbours(l, other) || are_neighbours(other, l)) expected = std::max(expected, its);
    if (own < moderate * expected) crushed[l] = own / expected;
  }
  return crushed;
}

}  // namespace diffam::spine::detail
