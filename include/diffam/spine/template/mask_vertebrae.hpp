// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The vertebrae of a segmentation as closed surfaces in the frame from which a fit starts: mm, origin at the
// centre, x right, y anterior, z superior, for centres 34.3 mm apart; turned and scaled as the default preset
// starts a fit: along the chord of the neighbours' centres, or along the spine's bend at a lowest L4 or L5,
// and by the distances of the whole chain.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diffam/spine/pose.hpp"
#include "diffam/spine/template/bone_centre.hpp"
#include "diffam/spine/template/crushed_body.hpp"
#include "diffam/spine/template/mask_shape.hpp"

namespace diffam::spine {

struct mask_vertebrae_params {
  std::vector<int> levels;  // vertebrae to take; empty: all
  double template_spacing_mm = 34.3;
  bool keep_cut = false;      // also vertebrae that reach the border of their image
  bool keep_crushed = false;  // also those whose body has collapsed (detail/crushed_body.hpp)
};

/// One vertebra of one mask, in the template's frame.
struct mask_vertebra {
  int label = 0;
  std::string source;          // which mask
  triangle_mesh<double> bone;  // mm
};

namespace detail {

/// Takes collapsed bodies out, and says so.
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

/// The vertebrae of a mask. Centres: those given, else found in the mask (`detail::bone_centre`). A vertebra
/// that reaches the border of the image is left out, so is one that has collapsed, which is no example of its
/// level, and so is one without a centre; all are said.
template <exec::policy Host>
std::vector<mask_vertebra> vertebrae_of_mask(const Host& e, const volume<std::uint8_t>& labels,
                                             const std::string& source, centroid_list centres,
                                             const mask_vertebrae_params& p,
                                             std::vector<std::string>& warnings) {
  const auto boxes = label_boxes(labels);
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
    if (!usable || (given && !(wanted && known))) continue;  // half a bone has no centre
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
