// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The last stage of a fit: every vertex moves along its normal to the edge of the bone in the image. The
// stage is free of the spectral modes and of the learned appearance, so the surface reaches details that
// these cannot express. It is an addition to the paper's method. The moves are smooth and short, stop before
// the neighbours, and leave no mesh that passes through itself. Vertex k keeps its anatomical place.
#pragma once

#include <span>

#include "diffam/core/median.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/mesh/smoothing.hpp"
#include "diffam/sdf/distance_query.hpp"
#include "diffam/spine/surface/edge_on_line.hpp"
#include "diffam/spine/surface/smooth_moves.hpp"
#include "diffam/spine/surface/uncross.hpp"

namespace diffam::spine {

/// Options of `move_to_edges`. The defaults are measured (docs/results.md).
struct surface_stage_params {
  double window_low_hu = -200, window_high_hu = 700;  // values beyond count as these
  double level = 0.5;  // an edge lies at this share of the way from the value outside to the brightest
  double least_level =
      0.3;               // the same between the medians of these values over all surfaces; no edge lies lower
  double reach_mm = 2;   // an edge is searched this far along the normal
  double most_mm = 2.5;  // a vertex moves at most this far
  double gap_mm = 0.3;   // between a vertex and the surface of a neighbour
  double smooth_first_mm2 = 20,
         smooth_last_mm2 = 4;  // `a` of `smooth_moves` in the first sweeps and in the last one
  double step = 0.7;           // share of the way to its edge that a vertex goes in a round
  int sweeps = 3;              // the neighbours' surfaces are looked at once in a sweep
  int rounds = 6;              // of each sweep
};

namespace detail {

/// Whether all faces have an area, which also needs finite vertices.
inline bool has_areas(const triangle_mesh<double>& mesh) {
  return std::all_of(mesh.faces.begin(), mesh.faces.end(), [&](const face& f) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    return norm(area_vector(at(0), at(1), at(2))) > 0;
  });
}

/// The lowest level of an edge for these surfaces, HU.
inline double least_edge_level(const windowed_image& image, std::span<const triangle_mesh<double>> meshes,
                               double share) {
  std::vector<double> brightest, darkest;
  for (const auto& mesh : meshes) {
    const std::vector<vec3<double>> normals = diffam::detail::unit_normals(mesh);
    for (std::size_t i = 0; i < normals.size(); ++i) {
      const cortex_profile line(image, mesh.vertices[i], normals[i]);
      if (line.measured()) brightest.push_back(line.brightest), darkest.push_back(line.darkest);
    }
  }
  if (darkest.empty()) return 0;
  const double low = upper_median(std::move(darkest));
  return low + share * (upper_median(std::move(brightest)) - low);
}

/// Kernel over meshes: one sweep of one mesh.
struct surface_sweep_kernel {
  const windowed_image* image;
  const surface_stage_params* params;
  double least_level;  // HU
  double smooth_mm2;
  std::span<const triangle_mesh<double>> fitted;  // before the stage
  std::span<const triangle_mesh<double>> last;    // after the last sweep
  std::span<triangle_mesh<double>> out;

  void operator()(index_t m) const {
    const auto& first = fitted[static_cast<std::size_t>(m)];
    if (!has_areas(first)) return;
    auto& mesh = out[static_cast<std::size_t>(m)];
    const std::vector<double> room = room_of(m);
    const std::vector<vec3<double>> begin = mesh.vertices;
    smooth_moves smooth(first, smooth_mm2);
    std::vector<vec3<double>> moves(begin.size());
    for (int round = 0; round < params->rounds; ++round) {
      const std::vector<vec3<double>> normals = diffam::detail::unit_normals(mesh);
      for (std::size_t i = 0; i < moves.size(); ++i) {
        const vec3<double>& p = mesh.vertices[i];
        const cortex_profile line(*image, p, normals[i]);
        double t = 0;
        if (line.measured()) {
          const double level = line.darkest + params->level * (line.brightest - line.darkest);
          t = line.edge(std::max(level, least_level), params->reach_mm);
        }
        moves[i] = normals[i] * std::min(t, room[i] - norm(p - begin[i]));
      }
      smooth.apply(moves);
      for (std::size_t i = 0; i < moves.size(); ++i) {
        vec3<double> all = mesh.vertices[i] + moves[i] * params->step - first.vertices[i];
        const double length = norm(all);
        if (length > params->most_mm) all = all * (params->most_mm / length);
        mesh.vertices[i] = first.vertices[i] + all;
      }
    }
  }

 private:
  /// How far each vertex may move outward before it meets a neighbour, mm; negative inside of one.
  std::vector<double> room_of(index_t m) const {
    const auto& vertices = last[static_cast<std::size_t>(m)].vertices;
    std::vector<double> room(vertices.size(), 2 * params->most_mm);
    for (const index_t other : {m - 1, m + 1}) {
      if (other < 0 || other >= static_cast<index_t>(last.size())) continue;
      const auto& neighbour = last[static_cast<std::size_t>(other)];
      if (!has_areas(neighbour)) continue;
      distance_query<double, exec::serial> query(neighbour);
      const std::vector<double> distance = query.signed_distance(vertices).distance;
      for (std::size_t i = 0; i < room.size(); ++i) room[i] = std::min(room[i], distance[i] - params->gap_mm);
    }
    return room;
  }
};

/// Kernel over meshes: takes back moves that make a mesh pass through itself.
struct uncross_kernel {
  std::span<const triangle_mesh<double>> before;
  std::span<triangle_mesh<double>> after;

  void operator()(index_t m) const {
    const auto at = static_cast<std::size_t>(m);
    if (has_areas(before[at])) uncross(before[at], after[at]);
  }
};

}  // namespace detail

/// Moves closed meshes to the edges in the image. `meshes`: world mm, from head to foot; neighbours in this
/// order are those that a surface stops at. A mesh with a face without area, or a vertex that is not finite,
/// stays as it is. `ct`: HU; may hold a part of the image. Every host policy gives the same result.
template <exec::policy Exec>  // host policy
void move_to_edges(const Exec& e, const volume_view<float>& ct, std::span<triangle_mesh<double>> meshes,
                   const surface_stage_params& p = {}) {
  if (ct.kept.empty() || meshes.empty()) return;
  const windowed_image image(ct, p.window_low_hu, p.window_high_hu);
  const std::vector<triangle_mesh<double>> fitted(meshes.begin(), meshes.end());
  const double least = detail::least_edge_level(image, fitted, p.least_level);
  const auto count = static_cast<index_t>(meshes.size());
  for (int sweep = 0; sweep < p.sweeps; ++sweep) {
    const std::vector<triangle_mesh<double>> last(meshes.begin(), meshes.end());
    const double smooth = sweep + 1 < p.sweeps ? p.smooth_first_mm2 : p.smooth_last_mm2;
    e.for_each_index(count, detail::surface_sweep_kernel{&image, &p, least, smooth, fitted, last, meshes}, 1);
  }
  e.for_each_index(count, detail::uncross_kernel{fitted, meshes}, 1);
}

}  // namespace diffam::spine
