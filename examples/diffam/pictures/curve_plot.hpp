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

/// y over x as a line; x ascending. Fewer than two points, or none finite: axes without a line.
canvas draw_curve(const std::vector<double>& x, const std::vector<double>& y, const plot_labels& labels);

/// About `count` round numbers (1, 2 or 5 times a power of ten apart) within [low, high].
std::vector<double> round_ticks(double low, double high, int count);

}  // namespace diffam::program
