// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws curves over a grid at round numbers.
#include "curve_plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace diffam::program {

namespace {

constexpr index_t width = 960, height = 600;
constexpr double left = 90, right = 30, top = 60, bottom = 70;
constexpr colour paper{255, 255, 255}, ink{40, 42, 48}, faint{222, 224, 228}, curve_colour{28, 98, 178};

struct range {
  double low = HUGE_VAL, high = -HUGE_VAL;

  void include(double v) {
    if (!std::isfinite(v)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  void widen(double fraction) {
    if (!(low <= high)) low = 0, high = 1;
    const double extra = high > low ? fraction * (high - low) : 0.5;
    low -= extra;
    high += extra;
  }
  double place(double v) const { return (v - low) / (high - low); }
};

}  // namespace

std::vector<double> round_ticks(double low, double high, int count) {
  const double raw = (high - low) / std::max(count, 1);
  if (!(raw > 0) || !std::isfinite(raw)) return {};
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= raw * 0.999) step = factor * power;
  std::vector<double> ticks;
  for (double k = std::ceil(low / step); k * step <= high + 1e-9 * step; k += 1) ticks.push_back(k * step);
  return ticks;
}

canvas draw_curves(const std::vector<double>& x, const std::vector<plot_line>& lines,
                   const plot_labels& labels) {
  canvas out(width, height, paper);
  range across, up;
  for (const plot_line& line : lines)
    for (std::size_t i = 0; i < std::min(x.size(), line.y.size()); ++i) {
      across.include(x[i]);
      up.include(line.y[i]);
    }
  across.widen(0);
  up.widen(0.06);
  const double w = static_cast<double>(width) - left - right, h = static_cast<double>(height) - top - bottom;
  const auto px = [&](double v) { return left + w * across.place(v); };
  const auto py = [&](double v) { return top + h * (1 - up.place(v)); };

  for (const double t : round_ticks(across.low, across.high, 8)) {
    const std::string s = fmt::format("{:g}", std::abs(t) < 1e-12 ? 0.0 : t);
    out.line(px(t), top, px(t), top + h, 1, t == 0 ? grey : faint);
    out.text(px(t) - text_width(s, 2) / 2, top + h + 12, s, 2, ink);
  }
  for (const double t : round_ticks(up.low, up.high, 6)) {
    const std::string s = fmt::format("{:g}", std::abs(t) < 1e-12 ? 0.0 : t);
    out.line(left, py(t), left + w, py(t), 1, faint);
    out.text(left - 10 - text_width(s, 2), py(t) - 7, s, 2, ink);
  }
  out.line(left, top, left, top + h, 2, ink);
  out.line(left, top + h, left + w, top + h, 2, ink);
  double legend = top + 16;
  for (const plot_line& line : lines) {
    const auto& y = line.y;
    for (std::size_t i = 1; i < std::min(x.size(), y.size()); ++i)
      if (std::isfinite(y[i - 1]) && std::isfinite(y[i]))
        out.line(px(x[i - 1]), py(y[i - 1]), px(x[i]), py(y[i]), 2.5, line.c);
    if (line.name.empty()) continue;
    const double end = left + w - 12 - text_width(line.name, 2);
    out.line(end - 40, legend + 7, end - 10, legend + 7, 4, line.c);
    out.text(end, legend, line.name, 2, ink);
    legend += 24;
  }
  out.text(left, 16, labels.title, 2, ink);
  out.text(left, 38, labels.y, 2, grey);
  out.text(left + (w - text_width(labels.x, 2)) / 2, static_cast<double>(height) - 26, labels.x, 2, ink);
  return out;
}

canvas draw_curve(const std::vector<double>& x, const std::vector<double>& y, const plot_labels& labels) {
  return draw_curves(x, {{"", curve_colour, y}}, labels);
}

}  // namespace diffam::program
