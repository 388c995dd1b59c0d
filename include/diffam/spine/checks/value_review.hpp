// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Are the voxels of an image Hounsfield units? The review takes means of small blocks near the centres and
// looks for what every CT of a spine has: fat and soft tissue between -150 and 120 HU as most of the body,
// hardly anything from -300 to -150, and bone, which is the brightest tissue around a centre. Values that are
// HU plus a number that files are known to have are recognised. Other images have no such histogram: values
// scaled to 0..1 or to 0..255, label volumes, MR, PET, inverted images.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "diffam/spine/checks/value_samples.hpp"

namespace diffam::spine {

/// Limits of `review_values`: shares of the samples, and HU. They leave room around what CTs with and without
/// contrast agent, metal, air, and with slices of 0.7 to 5 mm have.
struct value_limits {
  double body = 0.2;              // least share above -300 HU, around centres
  double body_in_air = 0.02;      // the same without centres: a whole image may hold much air
  double soft = 0.35;             // of the body: least share from -150 to 120 HU
  double between = 0.1;           // of the body: largest share from -300 to -150 HU, without the lowest value
  double bone[2] = {0.004, 0.6};  // of the body: share above 200 HU
  double dense = 0.12;            // of the body: largest share above 700 HU (scans: up to 0.03)
  double dark = 0.003;            // least share below -20 HU
  double mode = 140;              // the commonest value of the body is at most this far from 0 HU
  double marrow = -60;            // least median around a centre, HU
  double cortex = 110;            // least 90th percentile around a centre, HU
};

/// What the values of an image are.
struct value_review {
  double offset = 0;     // the value that stands for 0 HU; to be subtracted
  std::string problem;   // empty: HU, after the offset is subtracted; else what was found
  bool judged = true;    // false: too few voxels to tell
  bool no_bone = false;  // the values are HU, but not those of bone at the centres: the problem is there
  /// Another offset near the one that was found, with which the values look like HU, too. Tissues differ by
  /// more among patients than 1000 and 1024 do.
  std::optional<double> or_offset = {};
};

namespace detail {

inline std::string value_text(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return text;
}

/// Whether there is bone at the centres, if the values less `offset` are HU.
inline bool bone_at_centres(const value_samples& s, double offset, const value_limits& limits) {
  return !s.has_centres() ||
         (s.at_centres(0.5) - offset >= limits.marrow && s.at_centres(0.9) - offset >= limits.cortex);
}

/// Whether the samples less `offset` look like HU. `least_body`: least share above -300 HU.
inline bool like_hu(const value_samples& s, double offset, const value_limits& limits, double least_body) {
  const auto share = [&](double low, double high) { return s.share(offset + low, offset + high); };
  constexpr double top = 1e30;
  const double clipped = s.at_lowest(offset - 300, offset - 150), body = share(-300, top) - clipped;
  if (body < least_body) return false;
  const double bone = share(200, top) / body;
  const double mode = s.mode(offset - 300, offset + 1500) - offset;
  return share(-150, 120) / body >= limits.soft && share(-300, -150) - clipped <= limits.between * body &&
         bone >= limits.bone[0] && bone <= limits.bone[1] && share(700, top) <= limits.dense * body &&
         share(-top, -20) >= limits.dark && std::abs(mode) <= limits.mode;
}

/// Whether the samples less `offset` look like HU with bone at the centres.
inline bool like_spine(const value_samples& s, double offset, const value_limits& limits) {
  return like_hu(s, offset, limits, s.has_centres() ? limits.body : limits.body_in_air) &&
         bone_at_centres(s, offset, limits);
}

/// How far air, fat and muscle are from where they are in HU, if the values less `offset` are HU: the
/// weighted sum of the distances of their peaks, HU. A peak that is not there counts as one at the end of its
/// range.
inline double offset_error(const value_samples& s, double offset) {
  struct tissue {
    double hu, weight;
  };
  constexpr double range = 50;
  double sum = 0;
  // Noise that is clipped at -1024 lifts the mean of air. Contrast agent lifts muscle, and hardly fat.
  for (const auto& [hu, weight] : {tissue{-990, 1}, tissue{-100, 2}, tissue{40, 1}}) {
    const double expected = offset + hu;
    sum +=
        weight * std::abs(s.peak(expected - range, expected + range).value_or(expected + range) - expected);
  }
  return sum;
}

/// What values that are no HU seem to be.
inline std::string describe_values(const value_samples& s) {
  const double low = s.quantile(0.01), high = s.quantile(0.99);
  const std::string range = "values from " + value_text(low) + " to " + value_text(high) +
                            (s.has_centres() ? " around the centres" : "") + ", most near " +
                            value_text(s.mode(low, high));
  // Labels are runs of equal voxels, also where these are coarse; images have noise.
  if (s.equal_neighbours > 0.5) return range + ", equal over large regions, as in a label volume";
  if (high - low <= 2.5) return range + ", as of an image scaled to 0..1 or -1..1";
  if (low >= -0.5 && high <= 255.5) return range + ", as of an image scaled to 0..255";
  if (s.has_centres() && s.at_centres(0.9) < s.quantile(0.5))
    return range +
           ", darker at the centres than around them, as in an inverted image, an MR, or at wrong centres";
  return range +
         ", which is not how air, fat, soft tissue and bone differ in a CT; is it an MR, a PET or an "
         "inverted image?";
}

}  // namespace detail

/// Reviews the values near the centres (world mm; none: in all of the image), of the voxels that are kept.
/// `subtracted`: an offset that the caller knows; without one, it is looked for.
template <class T>
value_review review_values(const volume_view<T>& ct, const centroid_list& centres,
                           std::optional<double> subtracted = {}, const value_limits& limits = {}) {
  const value_samples s(ct, centres);
  if (!s.enough()) return {subtracted.value_or(0), {}, false};
  if (detail::like_spine(s, subtracted.value_or(0), limits)) return {subtracted.value_or(0), {}};
  std::vector<double> possible;
  // Rescale intercepts of scanners, not applied or applied twice, and the shift to unsigned numbers.
  for (const double offset : {1024.0, 1000.0, 8192.0, 32768.0, -1024.0, -1000.0})
    if (detail::like_spine(s, offset, limits)) possible.push_back(offset);
  const auto nearer = [&](double a, double b) {
    return detail::offset_error(s, a) < detail::offset_error(s, b);
  };
  std::stable_sort(possible.begin(), possible.end(), nearer);
  const auto best = possible.empty() ? std::optional<double>() : possible[0];
  if (best && !subtracted) {
    value_review found{*best, {}};
    if (possible.size() > 1 && std::abs(possible[1] - *best) < 100) found.or_offset = possible[1];
    return found;
  }
  if (!best && detail::like_hu(s, subtracted.value_or(0), limits, limits.body_in_air)) {
    const auto at = [&](double q) { return detail::value_text(s.at_centres(q) - subtracted.value_or(0)); };
    return {subtracted.value_or(0), "a median of " + at(0.5) + " HU, and 90 % below " + at(0.9) + " HU", true,
            true};
  }
  std::string found = detail::describe_values(s);
  if (best) found += "; the values seem to be HU + " + detail::value_text(*best);
  return {subtracted.value_or(0), found};
}

}  // namespace diffam::spine
