// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws two sections side by side, with three lines of text above them.
#include "find/picture.hpp"

#include <algorithm>
#include <cstring>

#include "pictures/spine_section.hpp"

namespace diffam::program {

namespace {

constexpr index_t margin = 12, header = 88;  // pixels
constexpr int letters = 2;                   // text scale
constexpr double most_height = 900;          // pixels of a section

constexpr colour rib_colour{255, 196, 60}, against_colour{255, 96, 96};

/// How far bone reaches from a vertebra to its sides: thick for a rib, thin for none, dim where it is
/// unclear.
void draw_ribs(canvas& to, const spine_section& section, const spine::found_vertebra& v) {
  using kind = spine::find::rib_evidence;
  constexpr double body = 20, shown = 68;  // mm from the midline
  for (const int side : {0, 1}) {
    const auto what = side == 0 ? v.seen.ribs.right : v.seen.ribs.left;
    if (what == kind::unseen) continue;
    const double way = side == 0 ? 1 : -1, reach = std::clamp(v.seen.ribs.reach[side], body + 2, shown);
    const auto from = section.pixel(v.position + vec3<double>{way * body, 0, 0}),
               end = section.pixel(v.position + vec3<double>{way * reach, 0, 0});
    const colour c = what == kind::rib ? rib_colour : white;
    to.line(from[0], from[1], end[0], end[1], what == kind::rib ? 4 : 1, c,
            what == kind::unclear ? 0.3 : 0.8);
    if (what == kind::none) to.line(end[0], end[1] - 5, end[0], end[1] + 5, 1, c, 0.8);
  }
}

/// The anchor of a vertebra without its name: "last rib" of "last rib at T12".
std::string of_vertebra(const std::vector<std::string>& anchors, int label) {
  const std::string name = spine::label_name(label);
  std::string text;
  for (const std::string& a : anchors) {
    for (const auto& [between, before] :
         {std::pair(" at ", " "), std::pair(" below ", " above the "), std::pair(" beside ", " ")})
      if (const std::size_t found = a.find(between);
          found != a.npos && a.substr(found + std::strlen(between)) == name)
        text.append(before).append(a, 0, found);
  }
  return text;
}

canvas draw_section(section_kind kind, const volume_view<float>& ct, const spine::spine_finding& f) {
  const spine_curve curve(f.centres());
  const section_frame frame = frame_around(kind, curve, ct.geometry);
  const double scale = std::clamp(most_height / std::max(frame.height(), 1.0), 1.0, 5.0);
  const spine_section section(kind, curve, frame, scale);
  canvas out = section.picture(ct, {.black = -250, .white = 900});
  for (std::size_t i = 0; i + 1 < f.canal.size(); ++i) {
    const auto a = section.pixel(f.canal[i].centre), b = section.pixel(f.canal[i + 1].centre);
    out.line(a[0], a[1], b[0], b[1], 1, label_colour(spine::label::t1), 0.8);
  }
  for (const auto& v : f.vertebrae) {
    if (kind == section_kind::coronal) draw_ribs(out, section, v);
    const auto p = section.pixel(v.position);
    out.rectangle(p[0] - 3, p[1] - 3, 7, 7, label_colour(v.label));
    const std::string name = spine::label_name(v.label) + (v.cut ? " cut" : "");
    out.outlined_text(p[0] + 8, p[1] - 7, name, letters, white);
    if (kind == section_kind::coronal) continue;
    const double next = p[0] + 8 + text_width(name, letters);
    const std::string agrees = of_vertebra(f.anchors.agree, v.label),
                      against = of_vertebra(f.anchors.contradict, v.label);
    out.outlined_text(next, p[1] - 7, agrees, letters, rib_colour);
    out.outlined_text(next + text_width(agrees, letters), p[1] - 7, against, letters, against_colour);
  }
  draw_scale_bar(out, scale);
  return out;
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& s : all) text += (text.empty() ? "" : ", ") + s;
  return text;
}

}  // namespace

canvas draw_finding(const volume_view<float>& ct, const spine::spine_finding& f, const std::string& title) {
  const canvas sagittal = draw_section(section_kind::sagittal, ct, f),
               coronal = draw_section(section_kind::coronal, ct, f);
  std::string second = f.anchors.agree.empty() ? "nothing in view tells them" : joined(f.anchors.agree);
  if (!f.anchors.contradict.empty()) second += "; against them: " + joined(f.anchors.contradict);
  const std::string first = title + (f.sure ? ": names sure" : ": names not sure");
  const std::string third = "beside the bodies: a rib (thick), none (thin)";
  const double text =
      std::max({text_width(first, letters), text_width(second, letters), text_width(third, letters)});
  const index_t width =
      std::max(sagittal.width() + coronal.width() + 3 * margin, static_cast<index_t>(text) + 2 * margin);
  canvas out(width, std::max(sagittal.height(), coronal.height()) + header + margin, {24, 26, 32});
  out.paste(sagittal, margin, header);
  out.paste(coronal, sagittal.width() + 2 * margin, header);
  out.text(static_cast<double>(margin), 12, first, letters, white);
  out.text(static_cast<double>(margin), 36, second, letters, grey);
  out.text(static_cast<double>(margin), 60, third, letters, grey);
  return out;
}

}  // namespace diffam::program
