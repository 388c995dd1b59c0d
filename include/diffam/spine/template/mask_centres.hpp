// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The body centres of the vertebrae of a label volume, for a fit whose centres come from a mask.
#pragma once

#include <string>
#include <vector>

#include "diffam/mesh/check.hpp"
#include "diffam/spine/anatomy/placement.hpp"
#include "diffam/spine/template/bone_centre.hpp"
#include "diffam/spine/template/verse_numbers.hpp"

namespace diffam::spine {

namespace detail {

/// Whether the border of the image cuts the body that has this centre: it is nearer than the body is high.
inline bool body_is_cut(const vec3<double>& centre, int label, const grid& g) {
  const double reach = 0.35 * natural_spacing_mm(label);  // mm, a little less than half the height of a body
  const vec3<double> x = g.to_index(centre), spacing = g.spacing();
  for (int a = 0; a < 3; ++a) {
    const double last = static_cast<double>(g.size[a] - 1);
    if (std::min(x[a] + 0.5, last + 0.5 - x[a]) * spacing[a] < reach) return true;
  }
  return false;
}

/// No vertebra of a level is as high with its processes (mm); two neighbours are higher.
inline double highest_vertebra(int label) {
  return std::min(85.0, 2.8 * natural_spacing_mm(label));
}

/// The extent of a mesh along the axis from foot to head, mm.
inline double height_of(const triangle_mesh<double>& m) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const auto& v : m.vertices) low = std::min(low, v[2]), high = std::max(high, v[2]);
  return high - low;
}

}  // namespace detail

/// The centres of the vertebrae of a label volume.
struct mask_centres {
  centroid_list centres;  // from head to foot, in world RAS, mm: middles of bodies (`detail::bone_centre`)
  std::vector<int> left_out;  // below 100 voxels, not closed, or with a body that the border cuts
};

/// Finds the centres of all vertebra labels (VerSe numbers). `source` is the name of the volume. Throws
/// `error` (bad_data) where a label is higher than any vertebra, as in a mask that does not tell vertebrae
/// apart, and where the numbers are TotalSegmentator's.
template <exec::policy Host>
mask_centres centres_of_mask(const Host& e, const volume<std::uint8_t>& labels, const std::string& source) {
  const auto boxes = label_boxes(labels);
  detail::require_verse_numbers(boxes, source);
  mask_centres found;
  for (int l = 1; l < 256; ++l) {
    const label_box& box = boxes[static_cast<std::size_t>(l)];
    if (!is_vertebra_label(l) || box.empty()) continue;
    triangle_mesh<double> bone;
    if (box.voxels >= 100) bone = detail::smooth_label_surface(e, labels, l, box);
    if (const double mm = detail::height_of(bone); mm > detail::highest_vertebra(l))
      throw error(source + ": label " + std::to_string(l) + ": expected one vertebra, found something " +
                      std::to_string(std::lround(mm)) + " mm high: does each vertebra have its own label?",
                  error_kind::bad_data);
    const bool closed = box.voxels >= 100 && check_mesh(bone).ok();
    const vec3<double> centre = closed ? detail::bone_centre(e, bone, l) : vec3<double>{};
    if (closed && !(box.is_cut(labels.geometry.size) && detail::body_is_cut(centre, l, labels.geometry)))
      found.centres.push_back({l, centre});
    else
      found.left_out.push_back(l);
  }
  sort_anatomically(found.centres);
  sort_anatomically(found.left_out);
  return found;
}

}  // namespace diffam::spine
