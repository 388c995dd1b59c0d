// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A plot of curves, for example of the learned appearance: intensity against signed distance to the bone
// surface (Figure 3d of the paper).
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"

namespace diffam::program {

struct plot_labels {
  std::string title, x, y;
};

/// One curve of a plot.
struct plot_line {
  std::string name;  // name in the legend; empty: not in the legend
  colour c;
  std::vector<double> y;  // one value for each x
};

/// Draws lines over ascending x. Parts that are not finite are left out. With fewer than two points there are
/// only axes.
canvas draw_curves(const std::vector<double>& x, const std::vector<plot_line>& lines,
                   const plot_labels& labels);

/// Draws one line.
canvas draw_curve(const std::vector<double>& x, const std::vector<double>& y, const plot_labels& labels);

/// About `count` round numbers within [low, high]; their step is 1, 2 or 5 times a power of ten.
std::vector<double> round_ticks(double low, double high, int count);

}  // namespace diffam::program
