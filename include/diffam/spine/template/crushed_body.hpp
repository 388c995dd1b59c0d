// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which vertebral bodies have collapsed. A fracture lowers a body and leaves its width: height / width in the
// middle, against what is usual at the level. Radiologists compare with the adjacent vertebrae and call a
// loss of 25 % of the height a moderate fracture (Genant et al., J. Bone Miner. Res. 8:1137, 1993); here the
// adjacent ones count where they are higher than usual, since people's bodies differ by a fifth, and the
// usual counts where they are lower, since fractures come in rows.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/anatomy/levels.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine::detail {

/// Of the median adult, height between the end plates' middles / width of the waist. Thoracic and lumbar
/// levels alone: cervical bodies go over into their transverse processes, and no width ends there.
inline std::optional<double> usual_height_to_width(int l) {
  if (l < label::t1 || l > label::l5) return {};
  const anatomy::body_measures& b = anatomy::body_of[l - 1];
  return (b.height - b.upper_hollow - b.lower_hollow) /
         ((b.upper_width + b.lower_width) / 2 * (1 - b.waist_width));
}

/// Length of the longest run inside a closed mesh on the line through `at` along an axis; 0 where none is.
inline double longest_run(const triangle_mesh<double>& mesh, int axis, const vec3<double>& at) {
  const int u = (axis + 1) % 3, v = (axis + 2) % 3;
  std::vector<double> crossings;
  for (const face& f : mesh.faces) {
    const vec3<double> c[3] = {mesh.vertices[static_cast<std::size_t>(f[0])],
                               mesh.vertices[static_cast<std::size_t>(f[1])],
                               mesh.vertices[static_cast<std::size_t>(f[2])]};
    double weight[3];  // of the corner opposite to each edge
    for (int k = 0; k < 3; ++k) {
      const vec3<double>&a = c[(k + 1) % 3], &b = c[(k + 2) % 3];
      weight[k] = (b[u] - a[u]) * (at[v] - a[v]) - (b[v] - a[v]) * (at[u] - a[u]);
    }
    const auto [least, most] = std::minmax({weight[0], weight[1], weight[2]});
    const double sum = weight[0] + weight[1] + weight[2];
    if ((least < 0 && most > 0) || sum == 0) continue;
    crossings.push_back((weight[0] * c[0][axis] + weight[1] * c[1][axis] + weight[2] * c[2][axis]) / sum);
  }
  if (crossings.size() % 2 != 0) return 0;  // it grazes an edge
  std::sort(crossings.begin(), crossings.end());
  double longest = 0;
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
    longest = std::max(longest, crossings[i + 1] - crossings[i]);
  return longest;
}

/// Of a bone in the template's frame: medians over lines within 4 mm of the body's centre, along z and along
/// x. 0 where no line meets it.
inline double height_to_width(const triangle_mesh<double>& bone) {
  const auto median = [&](int axis) {
    std::vector<double> runs;
    for (int i = -2; i <= 2; ++i)
      for (int j = -2; j <= 2; ++j) {
        vec3<double> at{};
        at[(axis + 1) % 3] = 2 * i, at[(axis + 2) % 3] = 2 * j;
        if (const double run = longest_run(bone, axis, at); run > 0) runs.push_back(run);
      }
    if (runs.empty()) return 0.0;
    std::sort(runs.begin(), runs.end());
    return runs[runs.size() / 2];
  };
  const double width = median(0);
  return width > 0 ? median(2) / width : 0;
}

/// The share of its height that each collapsed body of one spine has left. `bones`: by label, in the
/// template's frame.
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
