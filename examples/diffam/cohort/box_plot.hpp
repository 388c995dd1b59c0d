// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Box plots of Dice by label and by segment, as in figure 2 of the paper.
#pragma once

#include <string>
#include <vector>

#include "cohort/results.hpp"

namespace diffam::program {

/// The five numbers of a box, and the values beyond its whiskers.
struct box {
  double low, first, median, third, high;  // low and high: the last values within 1.5 interquartile ranges
  std::vector<double> outliers;
};

/// Of at least one value. Quartiles are interpolated linearly.
box box_of(std::vector<double> values);

/// An SVG with two panels: by label, and by segment. Vertebrae of the truth that have no result count as 0.
/// Empty where no scan has a truth.
std::string dice_plot(const std::vector<scan_result>& results);

}  // namespace diffam::program
