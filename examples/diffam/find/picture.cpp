// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws two sections side by side, with two lines of text above them.
#include "find/picture.hpp"

#include <algorithm>

#include "pictures/spine_section.hpp"

namespace diffam::program {

namespace {

constexpr index_t margin = 12, header = 64;  // pixels
constexpr int letters = 2;                   // text scale
constexpr double most_height = 900;          // pixels of a section

canvas draw_section(section_kind kind, const volume<float>& ct, const spine::spine_finding& f) {
  const spine_curve curve(f.centres());
  const section_frame frame = frame_around(kind, curve, ct.geometry);
  const double scale = std::clamp(most_height / std::max(frame.height(), 1.0), 1.0, 5.0);
  const spine_section section(kind, curve, frame, scale);
  canvas out = section.picture(volume_view<float>(ct), {.black = -250, .white = 900});
  for (std::size_t i = 0; i + 1 < f.canal.size(); ++i) {
    const auto a = section.pixel(f.canal[i].centre), b = section.pixel(f.canal[i + 1].centre);
    out.line(a[0], a[1], b[0], b[1], 1, label_colour(spine::label::t1), 0.8);
  }
  for (const auto& v : f.vertebrae) {
    const auto p = section.pixel(v.position);
    out.rectangle(p[0] - 3, p[1] - 3, 7, 7, label_colour(v.label));
    out.outlined_text(p[0] + 8, p[1] - 7, spine::label_name(v.label) + (v.cut ? " cut" : ""), letters, white);
  }
  return out;
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& s : all) text += (text.empty() ? "" : ", ") + s;
  return text;
}

}  // namespace

canvas draw_finding(const volume<float>& ct, const spine::spine_finding& f, const std::string& title) {
  const canvas sagittal = draw_section(section_kind::sagittal, ct, f),
               coronal = draw_section(section_kind::coronal, ct, f);
  std::string second = f.anchors.agree.empty() ? "nothing in view tells them" : joined(f.anchors.agree);
  if (!f.anchors.contradict.empty()) second += "; against them: " + joined(f.anchors.contradict);
  const std::string first = title + (f.sure ? ": names sure" : ": names not sure");
  const double text = std::max(text_width(first, letters), text_width(second, letters));
  const index_t width =
      std::max(sagittal.width() + coronal.width() + 3 * margin, static_cast<index_t>(text) + 2 * margin);
  canvas out(width, std::max(sagittal.height(), coronal.height()) + header + margin, {24, 26, 32});
  out.paste(sagittal, margin, header);
  out.paste(coronal, sagittal.width() + 2 * margin, header);
  out.text(static_cast<double>(margin), 12, first, letters, white);
  out.text(static_cast<double>(margin), 36, second, letters, grey);
  return out;
}

}  // namespace diffam::program
