// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reviews a chain that can be a spine (spine/checks/chain_problem.hpp): distances that no spine has, a size
// that no human has, sharp turns, names in the wrong order. It names the vertebrae and says what may be
// wrong.
#pragma once

#include <algorithm>
#include <cstdio>

#include "diffam/spine/anatomy/chain_steps.hpp"
#include "diffam/spine/checks/chain_problem.hpp"

namespace diffam::spine {

/// What a review found. A fit refuses a chain with a finding that is `fatal`, and flags the vertebrae of the
/// others.
struct chain_finding {
  std::string text;
  std::vector<int> labels;  // of the vertebrae that it concerns; empty: all
  bool fatal = false;
};

/// Limits of `review_chain`; deviations are logarithms. Of 2,114 scans of adults, sizes are 0.80 to 1.23.
/// Where names are right, 99 % of the largest deviations are within 0.29, and 99.9 % of the turns within 60
/// degrees.
struct chain_limits {
  step_limits steps;
  double long_or_short = 0.4;        // deviation of a step
  double odd_size[2] = {0.6, 1.4};   // of the spine, with a warning; children are small
  double not_human[2] = {0.25, 2};   // refused
  double turn = 65;                  // degrees between a step and the next one
  double reversed[2] = {0.12, 0.5};  // least mean deviation, and its share that is left in reverse order
};

namespace detail {

inline std::string fixed_text(double x, int decimals = 0) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, x);
  return text;
}

/// Root of the mean squared deviation of the steps from the distances `expected`, whatever the size.
inline double rms_deviation(const std::vector<double>& found, const std::vector<double>& expected) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double d = std::log(found[i] / expected[i]);
    sum += d, squares += d * d;
  }
  const double n = static_cast<double>(found.size());
  return std::sqrt(std::max(0.0, squares / n - sum * sum / (n * n)));
}

/// Whether the distances fit the names much better in reverse order: the image or the list is upside down.
inline bool is_reversed(const std::vector<chain_step>& steps, const chain_limits& limits) {
  std::vector<double> found, expected, reversed;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!(steps[i].expected > 0)) return false;
    found.push_back(steps[i].distance);
    expected.push_back(steps[i].expected);
  }
  if (found.size() < 4) return false;
  reversed.assign(expected.rbegin(), expected.rend());
  const double given = rms_deviation(found, expected);
  return given > limits.reversed[0] && rms_deviation(found, reversed) < limits.reversed[1] * given;
}

/// The finding about step i, if there is one.
inline std::optional<chain_finding> review_step(const centroid_list& c, const std::vector<chain_step>& steps,
                                                std::size_t i, const chain_limits& limits) {
  const chain_step& s = steps[i];
  const std::string pair = label_name(c[i].label) + " and " + label_name(c[i + 1].label);
  const std::string found =
      pair + " are " + fixed_text(s.distance) + " mm apart, expected " + fixed_text(s.expected) + ": ";
  const std::vector<int> labels{c[i].label, c[i + 1].label};
  const bool far = s.deviation > 0;
  if (!s.impossible && std::abs(s.deviation) <= limits.long_or_short) return {};
  if (s.made_up) return chain_finding{found + "one of the two centres is not at its vertebra", labels};
  if (far && c[i].label == label::t12 && c[i + 1].label == label::l1)
    return chain_finding{found + "a vertebra between them may be missing (a T13?), or a name skipped",
                         labels};
  if (far) return chain_finding{found + "a vertebra between them may be missing, or a name skipped", labels};
  if (s.levels > 1) return chain_finding{found + "they may be neighbours, and a name skipped", labels};
  return chain_finding{
      found + "one vertebra may have two centres, twice clicked, or one is not at its vertebra", labels,
      s.impossible};
}

}  // namespace detail

/// All findings about a chain, sorted from head to foot, that has no `find_chain_problem`.
inline std::vector<chain_finding> review_chain(const centroid_list& c, const chain_limits& limits = {}) {
  using detail::fixed_text;
  std::vector<chain_finding> out;
  const std::vector<chain_step> steps = chain_steps(c, limits.steps);
  if (steps.empty()) return out;
  if (detail::is_reversed(steps, limits))
    out.push_back(
        {"the distances between the centres fit their names in reverse order: are the names exchanged, or "
         "is the image upside down?",
         {},
         true});
  const double size = spine_size(c);
  if (size < limits.odd_size[0] || size > limits.odd_size[1])
    out.push_back(
        {"the centres are " + fixed_text(size, 2) +
             " times as far apart as those of an adult: are their frame, their names and the size of the "
             "voxels right?",
         {},
         size < limits.not_human[0] || size > limits.not_human[1]});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (const auto finding = detail::review_step(c, steps, i, limits)) {
      out.push_back(*finding);
    } else if (steps[i].levels > 1) {
      out.push_back({std::to_string(steps[i].levels - 1) + " level(s) missing between " +
                         label_name(c[i].label) + " and " + label_name(c[i + 1].label) +
                         "; their distance is divided by " + std::to_string(steps[i].levels),
                     {}});
    }
    if (i == 0) continue;
    const vec3<double> a = c[i - 1].position - c[i].position, b = c[i].position - c[i + 1].position;
    const double turn = std::acos(std::clamp(dot(a, b) / (norm(a) * norm(b)), -1.0, 1.0)) / degree;
    if (turn > limits.turn)
      out.push_back({"the chain turns by " + fixed_text(turn) + " degrees at " + label_name(c[i].label) +
                         ": is its centre on the bone?",
                     {c[i].label}});
  }
  return out;
}

}  // namespace diffam::spine
