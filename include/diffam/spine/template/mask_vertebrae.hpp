// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes closed surfaces from the vertebrae of a segmentation, in the frame in which a fit starts: mm, origin
// at the centre, x to the right, y to the front, z to the head, for centres 34.3 mm apart. Orientation and
// size are those of a start of the default preset. The z axis is the chord of the neighbours' centres, or the
// bend of the spine where L4 or L5 is the lowest level. The size follows from the distances of the whole
// chain.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diffam/spine/pose.hpp"
#include "diffam/spine/template/bone_centre.hpp"
#include "diffam/spine/template/crushed_body.hpp"
#include "diffam/spine/template/mask_shape.hpp"
#include "diffam/spine/template/verse_numbers.hpp"

namespace diffam::spine {

/// Parameters of `vertebrae_of_mask`.
struct mask_vertebrae_params {
  std::vector<int> levels;  // vertebrae to use; empty: all
  double template_spacing_mm = 34.3;
  bool keep_cut = false;      // also use vertebrae that touch the border of their image
  bool keep_crushed = false;  // also use collapsed bodies (spine/template/crushed_body.hpp)
};

/// One vertebra of one mask, in the template's frame.
struct mask_vertebra {
  int label = 0;
  std::string source;          // name of the mask
  triangle_mesh<double> bone;  // mm
};

namespace detail {

/// Removes vertebrae with collapsed bodies, and adds a warning.
inline void leave_out_crushed(std::vector<mask_vertebra>& found, const std::string& source,
                              std::vector<std::string>& warnings) {
  std::map<int, const triangle_mesh<double>*> bones;
  for (const auto& v : found) bones[v.label] = &v.bone;
  const std::map<int, double> crushed = crushed_bodies(bones);
  if (crushed.empty()) return;
  std::string said;
  for (const auto& [l, left] : crushed)
    said.append(" ")
        .append(label_name(l))
        .append(" (")
        .append(std::to_string(std::lround(100 * left)))
        .append(" % of its height)");
  warnings.push_back(source + ": collapsed bodies, left out:" + said);
  std::erase_if(found, [&](const mask_vertebra& v) { return crushed.count(v.label) > 0; });
}

}  // namespace detail

/// The vertebrae of a mask. Centres are the given ones, or are found in the mask if none are given
/// (`detail::bone_centre`). A vertebra is left out if it touches the border of the image, if it has collapsed
/// (it is no example of its level), or if it has no centre. `warnings` names those left out. Throws `error`
/// (bad_data) where the numbers are TotalSegmentator's.
template <exec::policy Host>
std::vector<mask_vertebra> vertebrae_of_mask(const Host& e, const volume<std::uint8_t>& labels,
                                             const std::string& source, centroid_list centres,
                                             const mask_vertebrae_params& p,
                                             std::vector<std::string>& warnings) {
  const auto boxes = label_boxes(labels);
  detail::require_verse_numbers(boxes, source);
  const bool given = !centres.empty();
  std::map<int, triangle_mesh<double>> bones;
  std::string cut, bare;
  for (int l = 1; l < 256; ++l) {
    const auto& box = boxes[static_cast<std::size_t>(l)];
    if (!is_vertebra_label(l) || box.voxels < 100) continue;
    const bool wanted = p.levels.empty() || std::count(p.levels.begin(), p.levels.end(), l) > 0;
    const bool usable = p.keep_cut || !box.is_cut(labels.geometry.size);
    const bool known = std::any_of(centres.begin(), centres.end(), [&](auto& c) { return c.label == l; });
    if (wanted && !usable) cut += (cut.empty() ? "" : " ") + label_name(l);
    if (wanted && usable && given && !known) bare += (bare.empty() ? "" : " ") + label_name(l);
    if (!usable || (given && !(wanted && known))) continue;  // part of a bone gives no centre
    triangle_mesh<double> bone = detail::smooth_label_surface(e, labels, l, box);
    if (!check_mesh(bone).ok()) continue;
    if (!given) centres.push_back({l, detail::bone_centre(e, bone, l)});
    if (wanted) bones.emplace(l, std::move(bone));
  }
  if (!cut.empty()) warnings.push_back(source + ": at the border of the image, left out: " + cut);
  if (!bare.empty()) warnings.push_back(source + ": without a centre, left out: " + bare);
  if (bones.empty()) return {};
  sort_anatomically(centres);
  std::vector<std::string> said;
  const auto poses = start_poses(
      centres, {.template_spacing = p.template_spacing_mm, .chain_scale = true, .lordotic_end = true}, said);
  for (const auto& s : said) warnings.push_back(source + ": " + s);
  std::vector<mask_vertebra> out;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const auto found = bones.find(centres[i].label);
    if (found == bones.end()) continue;
    const mat3<double> back = inverse(poses[i].basis);
    for (auto& v : found->second.vertices) v = (v - poses[i].translation) * back;
    out.push_back({centres[i].label, source, std::move(found->second)});
  }
  if (!p.keep_crushed) detail::leave_out_crushed(out, source, warnings);
  return out;
}

}  // namespace diffam::spine
