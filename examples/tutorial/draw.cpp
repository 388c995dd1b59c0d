// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Pictures of the tutorial.
#include "draw.hpp"

#include <algorithm>
#include <cmath>

namespace tutorial {

namespace {
constexpr colour ink{40, 42, 48};
constexpr d::index_t gap = 12, heading_height = 36, title_height = 26;
}  // namespace

std::filesystem::path folder(int argc, char** argv) {
  std::filesystem::path out = argc > 1 ? argv[1] : ".";
  std::filesystem::create_directories(out);
  return out;
}

void save(const canvas& picture, const std::filesystem::path& file) {
  d::io::write_png(file, picture.image());
}

spine_section plane_through(section_kind kind, const d::vec3<double>& centre, double width, double height,
                            double scale) {
  const double across = centre[kind == section_kind::sagittal ? 1 : 0];
  return {
      kind, spine_curve(d::spine::centroid_list{{0, centre}}),
      section_frame{across - width / 2, across + width / 2, centre[2] - height / 2, centre[2] + height / 2},
      scale};
}

colour signed_colour(double value, double full) {
  const double step = std::min(std::ceil(std::abs(value) / full * 10), 10.0) / 10;
  const auto less = static_cast<std::uint8_t>(245 - 170 * step);
  return value < 0 ? colour{less, less, 245} : colour{245, less, less};
}

void arrow(canvas& to, double x0, double y0, double x1, double y1, colour c) {
  to.line(x0, y0, x1, y1, 1.5, c);
  const double dx = x1 - x0, dy = y1 - y0, length = std::hypot(dx, dy);
  if (length < 1) return;
  const double head = std::min(5.0, length / 2) / length;
  for (const double side : {-0.5, 0.5})
    to.line(x1, y1, x1 - head * (dx + side * dy), y1 - head * (dy - side * dx), 1.5, c);
}

canvas sheet(const std::string& heading, const std::vector<panel>& panels, std::size_t a_row) {
  d::index_t w = 0, h = 0;
  for (const panel& p : panels) w = std::max(w, p.picture.width()), h = std::max(h, p.picture.height());
  const auto columns = static_cast<d::index_t>(std::min(a_row, panels.size()));
  const auto rows = static_cast<d::index_t>((panels.size() + a_row - 1) / a_row);
  canvas out(columns * (w + gap) + gap, heading_height + rows * (h + title_height + gap), white);
  out.text(gap, 12, heading, 2, ink);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const d::index_t x = gap + static_cast<d::index_t>(i % a_row) * (w + gap);
    const d::index_t y = heading_height + static_cast<d::index_t>(i / a_row) * (h + title_height + gap);
    out.text(static_cast<double>(x), static_cast<double>(y) + 6, panels[i].title, 2, ink);
    out.paste(panels[i].picture, x, y + title_height);
  }
  return out;
}

}  // namespace tutorial
