// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Samples of the values of an image near vertebra centres: means of blocks of about 3 mm, which have little
// noise.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "diffam/image/volume_part.hpp"
#include "diffam/spine/centroid.hpp"

namespace diffam::spine {

/// Sorted samples, and what the review of values asks of them.
class value_samples {
 public:
  static constexpr double around = 50, at = 15;  // mm from a centre

  /// Takes the kept voxels of `ct` within 50 mm of a centre (world mm), or all of them where there are no
  /// centres. Values that are not finite do not count.
  template <class T>
  value_samples(const volume_view<T>& ct, const centroid_list& centres) {
    if (ct.kept.empty()) return;
    const vec3<double> spacing = ct.geometry.spacing();
    vec<index_t, 3> block, count;
    index_t blocks = 1;
    for (int a = 0; a < 3; ++a) {
      block[a] = std::clamp<index_t>(std::lround(3 / spacing[a]), 1, ct.kept.size[a]);
      count[a] = ct.kept.size[a] / block[a];
      blocks *= count[a];
    }
    constexpr index_t most = 1 << 20;  // without centres, a whole image has many more
    const index_t step =
        centres.empty() ? 1 + static_cast<index_t>(std::cbrt(static_cast<double>(blocks / most))) : 1;
    find_ends(ct);
    for (index_t k = 0; k < count[2]; k += step)
      for (index_t j = 0; j < count[1]; j += step)
        for (index_t i = 0; i < count[0]; i += step)
          take(ct, {i * block[0], j * block[1], k * block[2]}, block, centres);
    if (pairs_ > 0) equal_neighbours /= static_cast<double>(pairs_);
    std::sort(all_.begin(), all_.end());
    std::sort(at_centres_.begin(), at_centres_.end());
  }

  double equal_neighbours = 0;  // share of voxels that equal the next one along i, without the lowest value

  bool enough() const { return all_.size() >= 200; }

  /// Share of the samples in [low, high).
  double share(double low, double high) const {
    const auto below = [&](double x) { return std::lower_bound(all_.begin(), all_.end(), x) - all_.begin(); };
    return static_cast<double>(below(high) - below(low)) / static_cast<double>(all_.size());
  }
  /// Share of the samples at the lowest value, if it is in [low, high): a filling, or a clipped image.
  double at_lowest(double low, double high) const {
    return lowest_ >= low && lowest_ < high ? share(lowest_, std::nextafter(lowest_ + 1e-3, 1e30)) : 0;
  }
  /// The same at the highest value, around centres: bone and contrast agent of a clipped image. Without
  /// centres it may be the air of an inverted image, and counts as a tissue.
  double at_highest(double low, double high) const {
    const bool inside = has_centres() && highest_ >= low && highest_ < high && highest_ > lowest_;
    return inside ? share(std::nextafter(highest_ - 1e-3, -1e30), high) : 0;
  }
  /// The commonest value in [low, high), from a smoothed histogram without `at_lowest` and `at_highest`.
  double mode(double low, double high, int bins = 256) const {
    constexpr double weights[] = {1, 2, 3, 2, 1};
    const double width = std::max((high - low) / bins, 1e-12);
    double best = low, most = -1;
    std::vector<double> histogram(static_cast<std::size_t>(bins));
    for (int b = 0; b < bins; ++b) {
      const double from = low + b * width, to = from + width;
      histogram[static_cast<std::size_t>(b)] = share(from, to) - at_lowest(from, to) - at_highest(from, to);
    }
    for (int b = 0; b < bins; ++b) {
      double sum = 0;
      for (int w = -2; w <= 2; ++w)
        if (b + w >= 0 && b + w < bins) sum += weights[w + 2] * histogram[static_cast<std::size_t>(b + w)];
      if (sum > most) most = sum, best = low + (b + 0.5) * width;
    }
    return best;
  }
  /// The value in [low, high) at which a tissue has its peak. None where there are few samples, where the
  /// values are not rarer at both ends than at the peak, since a flank of another peak has no tissue, and
  /// where the commonest value is a filling: the peak of a tissue has the width of the noise, but a filling
  /// is one value, or a few where an image was resampled.
  std::optional<double> peak(double low, double high) const {
    constexpr double few = 0.02, bin = 4, near = 3 * bin;  // few: share; bin: width
    if (share(low, high) - at_lowest(low, high) - at_highest(low, high) < few) return {};
    const double one = mode(low, high), at_one = share(one - 1.5, one + 1.5);
    if (at_one > 2 * (share(one - 4.5, one + 4.5) - at_one)) return {};
    const double found = mode(low, high, static_cast<int>(std::lround((high - low) / bin)));
    const double at_ends = std::max(share(low, low + near), share(high - near, high));
    return at_ends < 0.9 * share(found - near / 2, found + near / 2) ? std::optional(found) : std::nullopt;
  }
  double quantile(double q) const { return quantile_of(all_, q); }
  bool has_centres() const { return !at_centres_.empty(); }
  /// A quantile of the samples within 15 mm of a centre.
  double at_centres(double q) const { return quantile_of(at_centres_, q); }

 private:
  static double quantile_of(const std::vector<double>& sorted, double q) {
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }

  template <class T>
  void find_ends(const volume_view<T>& ct) {
    for (index_t v = 0; v < ct.kept.count(); ++v) {
      const auto value = static_cast<double>(ct.voxels[v]);
      if (!std::isfinite(value)) continue;
      lowest_ = std::min(lowest_, value);
      highest_ = std::max(highest_, value);
    }
  }

  /// Adds the block that begins at `from`, relative to the box of kept voxels.
  template <class T>
  void take(const volume_view<T>& ct, const vec<index_t, 3>& from, const vec<index_t, 3>& block,
            const centroid_list& centres) {
    vec3<double> middle;
    for (int a = 0; a < 3; ++a)
      middle[a] = static_cast<double>(ct.kept.first[a] + from[a]) + static_cast<double>(block[a] - 1) / 2;
    const vec3<double> place = ct.geometry.to_world(middle);
    double nearest = centres.empty() ? 0 : 1e30;
    for (const centroid& c : centres) nearest = std::min(nearest, norm(c.position - place));
    if (nearest > around) return;
    double sum = 0;
    index_t voxels = 0, low = 0;
    for (index_t k = 0; k < block[2]; ++k)
      for (index_t j = 0; j < block[1]; ++j)
        for (index_t i = 0; i < block[0]; ++i) {
          const T* v = &ct.at(ct.kept.first[0] + from[0] + i, ct.kept.first[1] + from[1] + j,
                              ct.kept.first[2] + from[2] + k);
          const auto value = static_cast<double>(*v);
          if (!std::isfinite(value)) continue;
          sum += value, ++voxels;
          low += value == lowest_ ? 1 : 0;
          if (value == lowest_ || from[0] + i + 1 >= ct.kept.size[0]) continue;
          ++pairs_;
          equal_neighbours += v[1] == v[0] ? 1 : 0;
        }
    if (voxels == 0 || (low > 0 && low < voxels))
      return;  // a block at the border of a filling has no meaning
    all_.push_back(sum / static_cast<double>(voxels));
    if (!centres.empty() && nearest <= at) at_centres_.push_back(all_.back());
  }

  std::vector<double> all_, at_centres_;
  double lowest_ = 1e30, highest_ = -1e30;
  index_t pairs_ = 0;
};

}  // namespace diffam::spine
