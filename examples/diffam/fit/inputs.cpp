// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and checks the inputs of a fit.
#include "fit/inputs.hpp"

#include "centre_files.hpp"
#include "diffam/spine/fit_plan.hpp"
#include "diffam/spine/template.hpp"
#include "fit/mask_centres.hpp"
#include "hounsfield.hpp"
#include "pictures/snapshot.hpp"
#include "scan.hpp"
#include "template/templates.hpp"

namespace diffam::program {

namespace {

/// One template for each level, or one for all levels as in the paper.
spine::template_set builtin(const std::vector<int>& labels, bool one_for_all) {
  if (one_for_all || labels.empty()) return spine::template_set(spine::make_template());
  return spine::builtin_templates(labels);
}

std::vector<int> vertebra_labels(const spine::centroid_list& centres) {
  std::vector<int> labels;
  for (const auto& c : centres)
    if (spine::is_vertebra_label(c.label)) labels.push_back(c.label);
  return labels;
}

}  // namespace

std::vector<std::string> fit_case::names() const {
  std::vector<std::string> all;
  for (const auto& c : centres) all.push_back(spine::label_name(c.label));
  return all;
}

std::optional<int> mask_value(int label, io::label_numbering numbering) {
  if (numbering == io::label_numbering::totalsegmentator) return spine::to_totalsegmentator(label);
  return label;
}

fit_case read_case(const fit_arguments& a) {
  std::vector<std::string> warnings;
  io::centroid_options how{.frame = {}, .numbering = a.numbering()};
  if (!a.centroid_frame.empty()) how.frame = io::parse_centroid_frame(a.centroid_frame);
  const io::nifti_header header = io::read_volume_header(a.ct, warnings, ct_options(a.dicom, a.affine));
  auto centres = !a.found.empty()             ? a.found
                 : is_label_volume(a.centres) ? centres_in_mask(a, header.geometry, warnings)
                                              : read_centroids(a.centres, header.geometry, warnings, how);
  spine::sort_anatomically(centres);
  for (const auto& c : centres)
    if (!mask_value(c.label, a.numbering()))
      throw error(
          a.centres.string() + ": " + spine::label_name(c.label) + " has no number in --labels " + a.labels,
          error_kind::bad_data);
  return {header, std::move(centres), std::move(warnings)};
}

fit_inputs with_templates(const fit_arguments& a, fit_case c) {
  const std::vector<int> labels = vertebra_labels(c.centres);
  spine::template_set templates = a.templates.empty()
                                      ? builtin(labels, a.preset == "paper")
                                      : read_templates(a.templates, labels, a.threads, c.warnings);
  return {std::move(c), std::move(templates), {}, 0};
}

void read_ct(const fit_arguments& a, const spine::fit_options& options, fit_inputs& in,
             const std::optional<whole_ct>& whole) {
  constexpr double moved = 25;  // mm by which a centre may move while the pictures still show its vertebra
  const grid& image = in.header.geometry;
  std::vector<std::string> said_by_the_fit;
  const spine::fit_plan plan = spine::plan_fit(image, in.centres, in.templates, options, said_by_the_fit);
  const voxel_box looked_at = voxels_resampled(image, spine::looked_at_in_world(plan));
  const voxel_box shown = voxels_shown(in.centres, image, moved);
  const voxel_box needed = hull(looked_at, shown);
  if (whole) {
    in.ct = whole->part(needed);
    in.hu_offset = whole->hu_offset();
    return;
  }
  in.ct = io::read_volume_part<float>(a.ct, in.header, needed, in.warnings, ct_options(a.dicom, a.affine));
  in.hu_offset = to_hounsfield<float>(a.ct, in.ct, in.ct.voxels, in.centres, a.hu_offset, in.warnings);
}

}  // namespace diffam::program
