// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How far above a vertebra the skull begins. Within the skull, rays from the canal's axis to all sides run
// through soft tissue to a wall of bone, much farther away than the wall of a canal. At the height of a neck
// or a trunk they leave the body, meet air, or meet bone on some sides alone.
#pragma once

#include <optional>
#include <vector>

#include "diffam/spine/find/chain.hpp"

namespace diffam::spine::find {

/// Lengths in mm of a spine of the table's size.
struct skull_params {
  double bone_hu = 200, air_hu = -150;
  double near = 22, far = 100;            // from the canal's axis to the wall: of a canal it is nearer
  double closed = 0.75;                   // share of the rays that meet the wall
  double height = 10;                     // over which the skull is closed without a gap
  double reach = 80;                      // above the vertebra's centre that is looked at
  std::vector<double> leans{-20, 0, 20};  // degrees that the axis leans back against the vertebra's own
};

/// What is above a vertebra.
struct skull_evidence {
  std::optional<double> begins;  // mm above the vertebra's centre, at the table's size
  double view = 0;               // mm above it that are in view without a skull
};

namespace detail {

inline constexpr int skull_rays = 24;

/// The share of rays that meet the skull's wall in the plane `height` mm up an axis that leans back; none
/// where fewer than half of them are in view.
inline std::optional<double> skull_closed(const masked_volume<float>& image, const pose& where,
                                          double canal_y, double lean, double height, const skull_params& p) {
  const voxel_view<float> voxels{image.values.voxels.data(), image.values.geometry.size};
  const double c = std::cos(lean * degree), s = std::sin(lean * degree);
  const vec3<double> up{0, -s, c}, front{0, c, s};
  const vec3<double> from = vec3<double>{0, canal_y, 0} + up * height;
  int walls = 0, seen = 0;
  for (int r = 0; r < skull_rays; ++r) {
    const double angle = 360 * degree * r / skull_rays;
    const vec3<double> way = vec3<double>{std::cos(angle), 0, 0} + front * std::sin(angle);
    bool in_view = true, wall = false;
    for (double d = 2; d <= p.far; d += 2) {
      const vec3<double> world = (from + way * d) * where.basis + where.translation;
      in_view = inside_view(image.field_of_view.to_index(world), image.field_of_view.size);
      if (!in_view) break;
      const double hu = trilinear_value(voxels, image.values.geometry.to_index(world),
                                        read_voxel<double, float>{voxels.data});
      wall = hu > p.bone_hu && d > p.near;
      if (hu > p.bone_hu || hu < p.air_hu) break;
    }
    seen += in_view ? 1 : 0;
    walls += wall ? 1 : 0;
  }
  if (2 * seen < skull_rays) return {};
  return static_cast<double>(walls) / seen;
}

}  // namespace detail

/// The skull above the vertebra of level `l` at a place.
inline skull_evidence find_skull(const masked_volume<float>& image, const pose& where, int l,
                                 const skull_params& p = {}) {
  constexpr double step = 2;  // mm
  const double canal_y = anatomy::canal_of[l - label::c1].centre_y;
  skull_evidence out;
  for (const double lean : p.leans) {
    double view = 0, closed_from = 0;
    for (double height = 0; height <= p.reach + p.height; height += step) {
      const auto closed = detail::skull_closed(image, where, canal_y, lean, height, p);
      if (!closed) break;
      view = height;
      if (*closed < p.closed) closed_from = height + step;
      if (height < closed_from + p.height) continue;
      out.begins = std::min(out.begins.value_or(closed_from), closed_from);
      break;
    }
    out.view = std::max(out.view, view);
  }
  return out;
}

}  // namespace diffam::spine::find
