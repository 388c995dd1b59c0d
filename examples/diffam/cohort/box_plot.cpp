// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws box plots as SVG.
#include "cohort/box_plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "diffam/spine/labels.hpp"

namespace diffam::program {

namespace {

constexpr double height = 320, top = 16, bottom = 52, left = 46, step = 34;

struct group {
  std::string name;
  const char* colour;
  std::vector<double> values;
};

enum segment { cervical, thoracic, lumbar };
constexpr const char* segment_names[] = {"cervical", "thoracic", "lumbar"};
constexpr const char* segment_colours[] = {"#88aadd", "#99cc99", "#ddaa77"};

segment segment_of(int label) {
  using namespace spine::label;
  return label <= c7 ? cervical : label <= t12 || label == t13 ? thoracic : lumbar;
}

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::string line(double x1, double y1, double x2, double y2, const char* colour, double width = 1) {
  return fmt::format(
      R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>)", x1, y1, x2,
      y2, colour, width);
}

std::string words(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor, text);
}

/// One panel whose left edge is at x; `least` is the lower end of its axis.
std::string panel(double x, double spacing, double least, const std::vector<group>& groups) {
  const auto up = [&](double dice) {
    return height - bottom - (dice - least) / (1 - least) * (height - bottom - top);
  };
  const double width = spacing * static_cast<double>(groups.size());
  std::string svg;
  for (int tenth = static_cast<int>(std::lround(least * 10)); tenth <= 10; ++tenth) {
    svg += line(x, up(tenth / 10.0), x + width, up(tenth / 10.0), "#d5d8de");
    svg += words(x - 6, up(tenth / 10.0) + 4, "end", fmt::format("{:.1f}", tenth / 10.0));
  }
  double at = x + spacing / 2;
  for (const group& g : groups) {
    const box b = box_of(g.values);
    const double half = spacing * 0.3;
    svg += line(at, up(b.low), at, up(b.high), "#1d2026");
    svg += line(at - half / 2, up(b.low), at + half / 2, up(b.low), "#1d2026");
    svg += line(at - half / 2, up(b.high), at + half / 2, up(b.high), "#1d2026");
    svg += fmt::format(
        R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="#1d2026"/>)",
        at - half, up(b.third), 2 * half, up(b.first) - up(b.third), g.colour);
    svg += line(at - half, up(b.median), at + half, up(b.median), "#1d2026", 2);
    for (const double o : b.outliers)
      svg +=
          fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.5" fill="none" stroke="#1d2026"/>)", at, up(o));
    svg += words(at, height - bottom + 18, "middle", g.name);
    svg += words(at, height - bottom + 34, "middle", std::to_string(g.values.size()));
    at += spacing;
  }
  return svg;
}

}  // namespace

box box_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  box b{0, quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75), 0, {}};
  const double reach = 1.5 * (b.third - b.first);
  b.low = *std::lower_bound(values.begin(), values.end(), b.first - reach);
  b.high = *std::prev(std::upper_bound(values.begin(), values.end(), b.third + reach));
  for (const double v : values)
    if (v < b.low || v > b.high) b.outliers.push_back(v);
  return b;
}

std::string dice_plot(const std::vector<scan_result>& results) {
  std::map<int, std::vector<double>> by_rank;
  std::map<int, int> label_of;
  double least = 1;
  for (const auto& r : results)
    for (const auto& v : r.vertebrae) {
      if (std::isnan(v.dice)) continue;
      const int rank = spine::anatomical_rank(v.label);
      by_rank[rank].push_back(v.dice);
      label_of[rank] = v.label;
      least = std::min(least, v.dice);
    }
  if (by_rank.empty()) return {};
  least = std::min(0.9, std::floor(least * 10) / 10);
  std::vector<group> labels;
  std::map<segment, group> of_segments;
  for (const auto& [rank, values] : by_rank) {
    const segment s = segment_of(label_of[rank]);
    labels.push_back({spine::label_name(label_of[rank]), segment_colours[s], values});
    group& g = of_segments.try_emplace(s, group{segment_names[s], segment_colours[s], {}}).first->second;
    g.values.insert(g.values.end(), values.begin(), values.end());
  }
  std::vector<group> segments;
  for (const auto& [s, g] : of_segments) segments.push_back(g);
  constexpr double wide = 72;
  const double first = left, second = first + step * static_cast<double>(labels.size()) + 70;
  const double width = second + wide * static_cast<double>(segments.size()) + 10;
  return fmt::format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" role="img" )"
             R"(aria-label="Box plots of Dice by label and by segment" font-family="sans-serif" font-size="12">)",
             width, height, width) +
         panel(first, step, least, labels) + panel(second, wide, least, segments) + "</svg>\n";
}

}  // namespace diffam::program
