// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws lines from the distance of each pixel, and text with the public-domain font of stb.
#include "canvas.hpp"

#include <stb/stb_easy_font.h>

#include <algorithm>
#include <cmath>

namespace diffam::program {

namespace {

struct font_vertex {  // the layout of stb_easy_font: four of these make an axis-parallel rectangle
  float x, y, z;
  std::uint8_t rgba[4];
};

/// Replaces characters that the font does not have (it has printable ASCII).
std::string printable(const std::string& s) {
  std::string out = s;
  for (char& c : out)
    if (c < 32 || c > 126) c = '?';
  return out;
}

}  // namespace

double text_width(const std::string& s, int scale) {
  std::string copy = printable(s);
  return scale * static_cast<double>(stb_easy_font_width(copy.data()));
}

canvas::canvas(index_t width, index_t height, colour background)
    : image_(static_cast<int>(width), static_cast<int>(height),
             {background.red, background.green, background.blue}) {}

colour canvas::at(index_t x, index_t y) const {
  const io::rgb c = image_.get(static_cast<int>(x), static_cast<int>(y));
  return {c[0], c[1], c[2]};
}

void canvas::mix(index_t x, index_t y, colour c, double opacity) {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return;
  const io::rgb target{c.red, c.green, c.blue};
  io::rgb mixed = image_.get(static_cast<int>(x), static_cast<int>(y));
  for (std::size_t k = 0; k < 3; ++k)
    mixed[k] = static_cast<std::uint8_t>(std::lround(mixed[k] + opacity * (target[k] - mixed[k])));
  image_.set(static_cast<int>(x), static_cast<int>(y), mixed);
}

void canvas::rectangle(double x, double y, double w, double h, colour c, double opacity) {
  const auto x1 = std::lround(x + w), y1 = std::lround(y + h);
  for (auto j = std::max(0L, std::lround(y)); j < std::min<long>(y1, height()); ++j)
    for (auto i = std::max(0L, std::lround(x)); i < std::min<long>(x1, width()); ++i) mix(i, j, c, opacity);
}

void canvas::line(double x0, double y0, double x1, double y1, double thickness, colour c, double opacity) {
  const double reach = thickness / 2 + 1;
  const auto first = [&](double a, double b) {
    return std::max(0L, std::lround(std::floor(std::min(a, b) - reach)));
  };
  const auto last = [&](double a, double b, index_t size) {
    return std::min<long>(size - 1, std::lround(std::ceil(std::max(a, b) + reach)));
  };
  const double dx = x1 - x0, dy = y1 - y0, squared = dx * dx + dy * dy;
  for (long j = first(y0, y1); j <= last(y0, y1, height()); ++j)
    for (long i = first(x0, x1); i <= last(x0, x1, width()); ++i) {
      const double px = static_cast<double>(i) - x0, py = static_cast<double>(j) - y0;
      const double t = squared > 0 ? std::clamp((px * dx + py * dy) / squared, 0.0, 1.0) : 0;
      const double distance = std::hypot(px - t * dx, py - t * dy);
      const double cover = std::clamp(thickness / 2 + 0.5 - distance, 0.0, 1.0);
      if (cover > 0) mix(i, j, c, cover * opacity);
    }
}

void canvas::text(double x, double y, const std::string& s, int scale, colour c) {
  std::string copy = printable(s.substr(0, 200));
  std::vector<font_vertex> vertices(copy.size() * 4 * 32);  // a letter has at most about 20 rectangles
  const int count = stb_easy_font_print(0, 0, copy.data(), nullptr, vertices.data(),
                                        static_cast<int>(vertices.size() * sizeof(font_vertex)));
  for (std::size_t q = 0; q < static_cast<std::size_t>(count); ++q) {
    const font_vertex &a = vertices[4 * q], &b = vertices[4 * q + 2];
    const double size = scale, ax = a.x, ay = a.y, bx = b.x, by = b.y;
    rectangle(x + size * ax, y + size * ay, size * (bx - ax), size * (by - ay), c);
  }
}

void canvas::outlined_text(double x, double y, const std::string& s, int scale, colour c) {
  for (const int dy : {-2, -1, 0, 1, 2})
    for (const int dx : {-2, -1, 0, 1, 2})
      if (std::abs(dx) + std::abs(dy) <= 3) text(x + dx, y + dy, s, scale, black);
  text(x, y, s, scale, c);
}

void canvas::paste(const canvas& other, index_t x, index_t y) {
  for (index_t j = 0; j < other.height(); ++j)
    for (index_t i = 0; i < other.width(); ++i) mix(x + i, y + j, other.at(i, j), 1);
}

}  // namespace diffam::program
