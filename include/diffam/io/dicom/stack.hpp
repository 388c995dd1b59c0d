// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes one volume of the slices of a series. The geometry follows from the positions of the slices alone: a
// gantry tilt gives a sheared map, and a missing slice is an error.
#pragma once

#include <cmath>
#include <functional>

#include "diffam/core/median.hpp"
#include "diffam/image/grid.hpp"
#include "diffam/io/dicom/slice.hpp"

namespace diffam::io {

/// A slice of the volume: slice `a`, or (1 - part) a + part b.
struct stacked_slice {
  std::size_t a = 0, b = 0;  // numbers in dicom_series::slices
  double part = 0;
};

/// The volume of a series.
struct dicom_stack {
  grid geometry;                      // world RAS+, mm
  std::vector<stacked_slice> slices;  // in the order of k
  double tilt_degrees = 0;            // between the direction of the stack and the normal of the slices
  index_t filled = 0;                 // interpolated slices
  index_t doubled = 0;                // files left out, since they repeat a slice
  double spread_mm = 0;  // largest distance between a slice's position and its place in the volume
};

namespace detail {

/// Tolerances: two slices are at one place within `same_place`, and distances are even within `uneven`, both
/// as parts of the distance between slices. Positions in files are rounded, some to a tenth of a mm.
inline constexpr double same_place = 0.01, uneven = 0.1;

/// In thousandths.
inline std::string mm_text(double x) {
  return text(std::round(1000 * x) / 1000);
}

/// "(1.5, 2, 3)", LPS.
inline std::string place_text(const vec3<double>& x) {
  return "(" + mm_text(x[0]) + ", " + mm_text(x[1]) + ", " + mm_text(x[2]) + ")";
}

/// Throws `error` (bad_data) where the directions or sizes of a slice are no plane.
inline void require_plane(const dicom_slice& s) {
  const double u = norm(s.along_row), v = norm(s.along_column);
  if (!(std::abs(u - 1) < 1e-3 && std::abs(v - 1) < 1e-3 &&
        std::abs(dot(s.along_row, s.along_column)) < 1e-3))
    bad_data(s.name, "ImageOrientationPatient", "two unit vectors at right angles",
             place_text(s.along_row) + " and " + place_text(s.along_column));
  for (const double size : {s.row_spacing, s.column_spacing})
    if (!(size >= 1e-4 && size <= 1e3))
      bad_data(s.name, "PixelSpacing", "a voxel size of 0.0001 to 1000 mm", text(size));
  for (int r = 0; r < 3; ++r)
    if (!(std::abs(s.position[r]) < 1e6))
      bad_data(s.name, "ImagePositionPatient", "a position within 1 km", place_text(s.position));
}

/// Numbers of the slices of a series from one end to the other, each place once. `same(a, b)` compares the
/// voxels of two slices at one place. Throws `error` (bad_data) where they differ.
inline std::vector<std::size_t> slices_in_order(
    const dicom_series& series, const std::function<bool(const dicom_slice&, const dicom_slice&)>& same,
    index_t& doubled) {
  const auto& all = series.slices;
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return series.depth(all[a]) < series.depth(all[b]); });
  std::vector<double> distances;
  for (std::size_t i = 1; i < order.size(); ++i) {
    const double d = series.depth(all[order[i]]) - series.depth(all[order[i - 1]]);
    if (d > 1e-3) distances.push_back(d);
  }
  const double apart = distances.empty() ? 1 : lower_median(distances);
  std::vector<std::size_t> out;
  for (const std::size_t i : order) {
    if (out.empty() || series.depth(all[i]) - series.depth(all[out.back()]) > same_place * apart) {
      out.push_back(i);
      continue;
    }
    const dicom_slice& before = all[out.back()];
    if (norm(all[i].position - before.position) > same_place * apart || !same(before, all[i]))
      bad_data(all[i].name, "ImagePositionPatient", "a place of its own",
               place_text(all[i].position) + ", as in " + printable(before.name) + ", with other voxels");
    ++doubled;
  }
  return out;
}

}  // namespace detail

/// Stacks a series. `fill_gaps`: slices at even distances are interpolated where some are missing or uneven.
/// The rows of the volume run from the last row of the slices to the first, and k along the normal, as in the
/// NIfTI files that dcm2niix writes. Throws `error` (bad_data), which says where.
inline dicom_stack stack_slices(const dicom_series& series, bool fill_gaps,
                                const std::function<bool(const dicom_slice&, const dicom_slice&)>& same) {
  dicom_stack out;
  const auto& all = series.slices;
  for (const auto& s : all) {
    detail::require_plane(s);
    if (!detail::same_plane(series.first(), s))
      bad_data(s.name, "ImageOrientationPatient, PixelSpacing",
               "those of the first slice, " + detail::place_text(series.first().along_row) + " and " +
                   detail::place_text(series.first().along_column),
               detail::place_text(s.along_row) + " and " + detail::place_text(s.along_column));
  }
  const auto order = detail::slices_in_order(series, same, out.doubled);
  if (order.size() < 2) bad_data(all[0].name, "series", "two or more slices", detail::text(order.size()));
  const dicom_slice &first = all[order.front()], &last = all[order.back()];
  std::vector<double> distances;
  for (std::size_t i = 1; i < order.size(); ++i)
    distances.push_back(series.depth(all[order[i]]) - series.depth(all[order[i - 1]]));
  const double apart = lower_median(distances), length = series.depth(last) - series.depth(first);
  for (std::size_t i = 0; i < distances.size() && !fill_gaps; ++i) {
    if (std::abs(distances[i] - apart) <= detail::uneven * apart) continue;
    const double steps = std::round(distances[i] / apart);
    const bool missing = steps >= 2 && std::abs(distances[i] - steps * apart) <= detail::uneven * apart;
    bad_data(all[order[i + 1]].name, "ImagePositionPatient",
             detail::mm_text(apart) + " mm to the slice before, " + detail::printable(all[order[i]].name),
             detail::mm_text(distances[i]) + " mm: " +
                 (missing ? detail::text(static_cast<index_t>(steps) - 1) + " missing between "
                          : "uneven between ") +
                 detail::place_text(all[order[i]].position) + " and " +
                 detail::place_text(all[order[i + 1]].position) + " (LPS); --fill-gaps interpolates");
  }
  const index_t count = fill_gaps ? static_cast<index_t>(std::round(length / apart)) + 1 : std::ssize(order);
  if (count > 65536) bad_data(first.name, "series", "at most 65536 slices", detail::text(count));
  const vec3<double> step = (1 / static_cast<double>(count - 1)) * (last.position - first.position);
  const vec3<double> normal = series.first().normal();
  const double cosine = dot(step, normal) / norm(step);
  if (!(cosine > 0.5))
    bad_data(last.name, "ImagePositionPatient", "a place along the normal of the slices",
             detail::place_text(last.position));
  out.tilt_degrees = std::acos(std::min(cosine, 1.0)) * 180 / 3.14159265358979323846;

  std::size_t at = 0;
  for (index_t k = 0; k < count; ++k) {
    if (!fill_gaps) {
      const std::size_t one = order[static_cast<std::size_t>(k)];
      out.slices.push_back({one, one, 0});
      continue;
    }
    const double depth =
        series.depth(first) + static_cast<double>(k) * length / static_cast<double>(count - 1);
    while (at + 2 < order.size() && series.depth(all[order[at + 1]]) <= depth) ++at;
    const double below = series.depth(all[order[at]]), width = series.depth(all[order[at + 1]]) - below;
    const double above = std::clamp(depth - below, 0.0, width);  // mm
    const bool is_below = above <= 0.02 * apart, is_above = width - above < 0.02 * apart;
    const std::size_t one = order[is_above ? at + 1 : at];
    out.filled += is_below || is_above ? 0 : 1;
    out.slices.push_back({one, order[at + 1], is_below || is_above ? 0 : above / width});
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const vec3<double>& x = all[order[i]].position;
    const double k = fill_gaps ? dot(x - first.position, normal) / dot(step, normal) : static_cast<double>(i);
    out.spread_mm = std::max(out.spread_mm, norm(x - (first.position + k * step)));
  }
  if (out.spread_mm > std::max(0.1, detail::uneven * apart))
    bad_data(first.name, "ImagePositionPatient", "slices on one line",
             "positions up to " + detail::mm_text(out.spread_mm) + " mm off it");

  grid& g = out.geometry;
  g.size = {first.columns, first.rows, count};
  const vec3<double> i_step = first.column_spacing * first.along_row,
                     j_step = first.row_spacing * first.along_column;
  const vec3<double> origin = first.position + static_cast<double>(first.rows - 1) * j_step;
  constexpr double ras[3] = {-1, -1, 1};
  for (int r = 0; r < 3; ++r) {
    g.axes(r, 0) = ras[r] * i_step[r] + 0.0;  // no negative zeros
    g.axes(r, 1) = -ras[r] * j_step[r] + 0.0;
    g.axes(r, 2) = ras[r] * step[r] + 0.0;
    g.origin[r] = ras[r] * origin[r] + 0.0;
  }
  return out;
}

}  // namespace diffam::io
