// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws two sections side by side, with orientation letters and a scale bar.
#include "snapshot.hpp"

#include <algorithm>
#include <cmath>

#include "diffam/image/resample.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::program {

namespace {

constexpr index_t margin = 12;                           // pixels between and around the sections
constexpr index_t header = 40;                           // pixels above the sections
constexpr int letters = 2;                               // text scale
constexpr double largest_scale = 5, smallest_scale = 1;  // pixels per mm
constexpr colour background{24, 26, 32};

spine::centroid_list centres_of(const std::vector<spine::fitted_vertebra>& vertebrae) {
  spine::centroid_list centres;
  for (const auto& v : vertebrae) centres.push_back({v.label, v.centre});
  return centres;
}

canvas draw_section(section_kind kind, const volume_view<float>& ct,
                    const std::vector<spine::fitted_vertebra>& vertebrae,
                    const volume_part<std::uint8_t>* labels, const snapshot_options& options) {
  const spine_curve curve(centres_of(vertebrae));
  const section_frame frame = frame_around(kind, curve, ct.geometry);
  const double scale =
      std::clamp(options.height_px / std::max(frame.height(), 1.0), smallest_scale, largest_scale);
  const spine_section section(kind, curve, frame, scale);
  canvas out = section.picture(ct, options.window);
  if (labels != nullptr) section.tint(out, *labels, 0.2);
  for (const auto& v : vertebrae) section.contour(out, v.mesh, 2, label_colour(v.label));
  for (const auto& v : vertebrae) {
    const auto p = section.pixel(v.centre);
    const std::string name = spine::label_name(v.label);
    out.outlined_text(p[0] - text_width(name, letters) / 2, p[1] - 7, name, letters, white);
  }
  const bool sagittal = kind == section_kind::sagittal;
  const double middle = static_cast<double>(out.height()) / 2;
  out.outlined_text(8, middle, sagittal ? "A" : "R", letters, white);
  out.outlined_text(static_cast<double>(out.width()) - 20, middle, sagittal ? "P" : "L", letters, white);
  draw_scale_bar(out, scale);
  return out;
}

}  // namespace

canvas draw_snapshot(const volume_view<float>& ct, const std::vector<spine::fitted_vertebra>& vertebrae,
                     const volume_part<std::uint8_t>* labels, const snapshot_options& options) {
  const canvas sagittal = draw_section(section_kind::sagittal, ct, vertebrae, labels, options);
  const canvas coronal = draw_section(section_kind::coronal, ct, vertebrae, labels, options);
  const index_t height = std::max(sagittal.height(), coronal.height());
  canvas out(sagittal.width() + coronal.width() + 3 * margin, height + header + margin, background);
  out.paste(sagittal, margin, header);
  out.paste(coronal, sagittal.width() + 2 * margin, header);
  out.text(static_cast<double>(margin), 12, options.title, letters, grey);
  return out;
}

voxel_box voxels_shown(const spine::centroid_list& centres, const grid& ct, double moved) {
  const spine_curve curve(centres);
  voxel_box all;
  for (const auto kind : {section_kind::sagittal, section_kind::coronal}) {
    world_box shown = bounds_of(kind, curve, frame_around(kind, curve, ct));
    shown.grow(moved);
    all = hull(all, voxels_around(ct, shown.corners()));
  }
  return all;
}

}  // namespace diffam::program
