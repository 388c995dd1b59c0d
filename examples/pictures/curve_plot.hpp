// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The learned appearance as a plot: intensity against signed distance to the bone surface (the paper's Figure
// 3d).
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"

namespace diffam::program {

struct plot_labels {
  std::string title, x, y;
};

struct plot_line {
  std::string name;       // in the legend; empty: none
  colour c;               //
  std::vector<double> y;  // as long as x
};

/// Lines over x, which ascends. Fewer than two points, or none finite: axes without a line.
canvas draw_curves(const std::vector<double>& x, const std::vector<plot_line>& lines,
                   const plot_labels& labels);

/// One line.
canvas draw_curve(const std::vector<double>& x, const std::vector<double>& y, const plot_labels& labels);

/// About `count` round numbers (1, 2 or 5 times a power of ten apart) within [low, high].
std::vector<double> round_ticks(double low, double high, int count);

}  // namespace diffam::program
