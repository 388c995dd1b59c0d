// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Can a fit start from this mesh: a closed surface in mm, with the origin in the body, x right, y front, z
// up?
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>

#include "diffam/mesh/check.hpp"
#include "diffam/spine/checks/template_axes.hpp"

namespace diffam::spine {

/// Limits of `template_defects`, for vertebrae of all levels at their own size or at that of L3.
struct template_limits {
  double extent[2] = {22, 220};  // mm, longest side of the box around the mesh
  double volume[2] = {2, 400};   // ml
  double off_origin = 8;         // mm from the origin to the nearest place inside the box of the mesh
};

namespace detail {

/// The unit that would make a length of `extent` a vertebra's, or nothing.
inline std::string unit_guess(double extent) {
  constexpr double usual[2] = {30, 150};  // mm
  const struct {
    const char* name;
    double mm;
  } units[] = {
      {"metres", 1000}, {"centimetres", 10}, {"micrometres", 0.001}, {"tenths of a millimetre", 0.1}};
  for (const auto& u : units)
    if (extent * u.mm >= usual[0] && extent * u.mm <= usual[1]) return u.name;
  return {};
}

inline std::string size_defect(const vec3<double>& size, double volume, const template_limits& limits) {
  const double extent = std::max({size[0], size[1], size[2]});
  if (extent >= limits.extent[0] && extent <= limits.extent[1] && volume >= 1000 * limits.volume[0] &&
      volume <= 1000 * limits.volume[1])
    return {};
  char text[160];
  std::snprintf(text, sizeof text,
                "a size of %.4g x %.4g x %.4g mm and a volume of %.4g ml, which no vertebra has", size[0],
                size[1], size[2], volume / 1000);
  const std::string unit = unit_guess(extent);
  return text + (unit.empty() ? "" : " (are its units " + unit + "? templates are in mm)");
}

}  // namespace detail

/// The reasons why a fit cannot start from the mesh, as text; empty where there are none. A template is a
/// closed mesh in one part, in mm, with its origin in the vertebral body, x to the right, y to the front and
/// z up. Its axes are compared with those of the built-in vertebrae.
inline std::string template_defects(const triangle_mesh<double>& mesh, const mesh_report& report,
                                    const template_limits& limits = {}) {
  std::string text = describe_defects(report);
  const auto say = [&](const std::string& what) {
    if (!what.empty()) text += (text.empty() ? "" : ", ") + what;
  };
  if (report.components > 1) say(std::to_string(report.components) + " parts");
  if (report.unused_vertices > 0) say(std::to_string(report.unused_vertices) + " vertices without a face");
  if (!text.empty()) return text;
  vec3<double> low = mesh.vertices.front(), high = low;
  for (const auto& v : mesh.vertices)
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], v[k]), high[k] = std::max(high[k], v[k]);
  say(detail::size_defect(high - low, report.volume, limits));
  if (!text.empty()) return text;
  vec3<double> off{};
  for (int k = 0; k < 3; ++k) off[k] = std::max({low[k], -high[k], 0.0});
  if (norm(off) > limits.off_origin)
    say("an origin " + std::to_string(std::lround(norm(off))) +
        " mm outside of the mesh; it must be the centre of the body");
  else
    say(detail::frame_defect(mesh, report.volume));
  return text;
}

/// Throws `error` (bad_data) where a fit cannot start from the mesh. `what` names the mesh in the message.
inline void require_template(const triangle_mesh<double>& mesh, const std::string& what) {
  const std::string defects = template_defects(mesh, check_mesh(mesh));
  if (!defects.empty())
    throw error(what + ": expected a closed mesh of a vertebra in mm, x right, y front, z up, got " + defects,
                error_kind::bad_data);
}

}  // namespace diffam::spine
