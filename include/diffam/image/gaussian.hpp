// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Separable Gaussian blur by the discrete analogue of the Gaussian, T(n, t) = exp(-t) I_n(t) with t = sigma^2
// in voxels (Lindeberg, "Scale-space for discrete signals", IEEE TPAMI 1990). Its variance is exactly t, and
// two blurs in a row are exactly one blur. A sampled Gaussian has neither property for a sigma of a fraction
// of a voxel. The kernel is truncated where both tails together hold 1e-6 (4.9 sigma). Then nine levels, each
// made from the one before, keep their variance to 1e-4; a truncation at 4 sigma is not sufficient.
//
// Border: voxels are mirrored (... 1 0 | 0 1 2 ...). This keeps constants and sums, and commutes with further
// blur. Voxels outside the field of view have no weight, by normalised convolution, blur(mask I) / blur(mask)
// (Knutsson & Westin 1993). Thus values outside the measured region do not change the values inside.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "diffam/exec/policy.hpp"
#include "diffam/image/volume.hpp"

namespace diffam {

/// Weights 0 ... radius of the discrete Gaussian of the given variance, by Miller's backward recurrence
/// I_{n-1} = I_{n+1} + (2 n / t) I_n; w_0 + 2 (w_1 + ... + w_radius) = 1.
template <class T = double>
std::vector<T> gaussian_weights(double variance) {
  if (!(variance > 1e-9)) return {T(1)};
  constexpr double tail = 1e-6;
  const auto start = static_cast<std::size_t>(std::ceil(8 * std::sqrt(variance))) + 16;
  std::vector<double> bessel(start + 1);
  double above = 0, sum = 0;
  bessel[start] = 1e-280;
  for (std::size_t n = start; n > 0; --n) {
    bessel[n - 1] = above + 2 * static_cast<double>(n) / variance * bessel[n];
    above = bessel[n];
    sum += 2 * bessel[n];
  }
  sum += bessel[0];
  std::size_t radius = 0;
  double kept = bessel[0];
  while (radius < start && kept < (1 - tail) * sum) kept += 2 * bessel[++radius];
  std::vector<T> w(radius + 1);
  for (std::size_t n = 0; n <= radius; ++n) w[n] = static_cast<T>(bessel[n] / kept);
  return w;
}

/// The share of white noise's variance that a blur of these variances (in voxels, along each axis) leaves.
inline double variance_kept(const vec3<double>& variance) {
  double kept = 1;
  for (int a = 0; a < 3; ++a) {
    const auto w = gaussian_weights(variance[a]);
    double squares = w[0] * w[0];
    for (std::size_t n = 1; n < w.size(); ++n) squares += 2 * w[n] * w[n];
    kept *= squares;
  }
  return kept;
}

namespace detail {

/// Number of neighbouring voxels that are filtered together.
inline constexpr index_t blur_lanes = 32;

/// Index i of an axis of n voxels, mirrored at both ends.
inline index_t mirrored(index_t i, index_t n) {
  const index_t m = ((i % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

/// out[l] = sum_t w[|t|] in[l + t stride].
template <class T>
void filter_lanes(const T* in, index_t stride, const T* w, index_t radius, T* out) {
  T sum[blur_lanes];
  for (index_t l = 0; l < blur_lanes; ++l) sum[l] = w[0] * in[l];
  for (index_t t = 1; t <= radius; ++t) {
    const T* a = in - t * stride;
    const T* b = in + t * stride;
    for (index_t l = 0; l < blur_lanes; ++l) sum[l] += w[t] * (a[l] + b[l]);
  }
  for (index_t l = 0; l < blur_lanes; ++l) out[l] = sum[l];
}

/// Number of bands into which the work is divided. Each band has its own scratch. The result does not depend
/// on the number.
inline constexpr index_t blur_bands = 64;

/// Blurs in place along i: each line through a copy with mirrored ends.
template <class T>
struct blur_lines_kernel {
  T* data;
  vec<index_t, 3> size;
  const T* weights;
  index_t radius;
  view<T> scratch;  // one row for each band

  void operator()(index_t band) const {
    const index_t n = size[0], lines = size[1] * size[2];
    T* copy = scratch.row(band);
    for (index_t line = lines * band / blur_bands; line < lines * (band + 1) / blur_bands; ++line) {
      T* x = data + line * n;
      for (index_t i = 0; i < radius; ++i) {
        copy[i] = x[mirrored(i - radius, n)];
        copy[radius + n + i] = x[mirrored(n + i, n)];
      }
      std::copy_n(x, n, copy + radius);
      index_t i = 0;
      for (; i + blur_lanes <= n; i += blur_lanes) filter_lanes(copy + radius + i, 1, weights, radius, x + i);
      if (i == n) continue;
      T rest[blur_lanes];
      filter_lanes(copy + radius + i, 1, weights, radius, rest);
      std::copy_n(rest, n - i, x + i);
    }
  }
};

/// Blurs in place along j or k: `blur_lanes` neighbouring columns at a time, through a copy.
template <class T>
struct blur_columns_kernel {
  T* data;
  index_t width;           // voxels along i
  index_t length, stride;  // number of voxels along the axis, and the stride in elements
  index_t others, step;    // the same for the remaining axis
  const T* weights;
  index_t radius;
  view<T> scratch;  // one row for each band

  void operator()(index_t band) const {
    const index_t blocks = (width + blur_lanes - 1) / blur_lanes, items = blocks * others;
    T* copy = scratch.row(band);
    for (index_t item = items * band / blur_bands; item < items * (band + 1) / blur_bands; ++item) {
      const index_t first = (item % blocks) * blur_lanes;
      const index_t lanes = std::min(blur_lanes, width - first);
      T* x = data + (item / blocks) * step + first;
      for (index_t i = -radius; i < length + radius; ++i) {
        T* to = copy + (i + radius) * blur_lanes;
        std::copy_n(x + mirrored(i, length) * stride, lanes, to);
        std::fill_n(to + lanes, blur_lanes - lanes, T(0));
      }
      for (index_t i = 0; i < length; ++i) {
        T row[blur_lanes];
        filter_lanes(copy + (i + radius) * blur_lanes, blur_lanes, weights, radius, row);
        std::copy_n(row, lanes, x + i * stride);
      }
    }
  }
};

}  // namespace detail

/// Blurs voxels in place. `variance` is sigma^2 along each axis, in voxels. For set-up: allocates scratch.
template <exec::policy Host, class T>
void blur_voxels(const Host& e, std::vector<T>& voxels, const vec<index_t, 3>& size,
                 const vec3<double>& variance) {
  for (int a = 0; a < 3; ++a) {
    const std::vector<T> w = gaussian_weights<T>(variance[a]);
    const auto radius = static_cast<index_t>(w.size()) - 1;
    if (radius == 0 || size[a] == 1) continue;
    const index_t row = size[a] + 2 * radius;
    using namespace detail;
    buffer<T> scratch(blur_bands, a == 0 ? row + blur_lanes : row * blur_lanes);
    if (a == 0)
      e.for_each_index(blur_bands, blur_lines_kernel<T>{voxels.data(), size, w.data(), radius, scratch.get()},
                       1);
    else
      e.for_each_index(blur_bands,
                       blur_columns_kernel<T>{
                           voxels.data(), size[0], size[a], a == 1 ? size[0] : size[0] * size[1], size[3 - a],
                           a == 1 ? size[0] * size[1] : size[0], w.data(), radius, scratch.get()},
                       1);
  }
}

/// Throws `diffam::error` if the axes of the grid are not at right angles, because a blur along them would
/// not be isotropic.
inline void require_right_angles(const char* where, const grid& g) {
  const mat3<double> t = transpose(g.axes);
  for (int a = 0; a < 3; ++a) {
    const double c = dot(normalized(t.row[a]), normalized(t.row[(a + 1) % 3]));
    if (std::abs(c) > 1e-4)
      throw error(std::string(where) + ": expected axes at right angles, got an angle of cosine " +
                  std::to_string(c) + "; resample onto isotropic_grid first");
  }
}

/// Blurs one volume step by step. Voxels outside the mask have no weight. The constructor throws
/// `diffam::error` if the axes of the volume are not at right angles.
template <class T,            // voxel type: float or double
          exec::policy Host>  // host policy
class gaussian_blur {
 public:
  gaussian_blur(const Host& e, masked_volume<T> image)
      : e_(e), geometry_(image.values.geometry), spacing_(geometry_.spacing()) {
    require_right_angles("gaussian_blur", geometry_);
    sums_ = std::move(image.values.voxels);
    if (image.inside.empty()) return;
    original_ = sums_;
    counts_.assign(image.inside.begin(), image.inside.end());
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] *= counts_[i];
  }

  /// Continues the blur until its standard deviation is `sigma` mm. Throws `diffam::error` if `sigma` is less
  /// than before.
  void to(double sigma) {
    const double missing = sigma * sigma - reached_ * reached_;
    if (!(missing >= 0))
      throw error("gaussian_blur: expected sigma >= " + std::to_string(reached_) + " mm, got " +
                  std::to_string(sigma));
    vec3<double> variance{};
    for (int a = 0; a < 3; ++a) variance[a] = missing / (spacing_[a] * spacing_[a]);
    blur_voxels(e_, sums_, geometry_.size, variance);
    if (!counts_.empty()) blur_voxels(e_, counts_, geometry_.size, variance);
    reached_ = sigma;
    divide();
  }

  const std::vector<T>& values() const { return counts_.empty() ? sums_ : values_; }

 private:
  /// Divides by the blurred mask. If no measured voxel is within reach, the original value stays.
  void divide() {
    if (counts_.empty()) return;
    values_.resize(sums_.size());
    for (std::size_t i = 0; i < sums_.size(); ++i)
      values_[i] = counts_[i] > T(1e-4) ? sums_[i] / counts_[i] : original_[i];
  }

  Host e_;
  grid geometry_;
  vec3<double> spacing_;
  double reached_ = 0;
  std::vector<T> sums_, counts_;      // blurred mask * image, and blurred mask (empty: all ones)
  std::vector<T> original_, values_;  // used only if there is a mask
};

/// Returns `image` blurred by `sigma` mm.
template <exec::policy Host, class T>
volume<T> blur(const Host& e, volume<T> image, double sigma) {
  const grid g = image.geometry;
  gaussian_blur<T, Host> b(e, fully_measured(std::move(image)));
  b.to(sigma);
  volume<T> out;
  out.geometry = g;
  out.voxels = b.values();
  return out;
}

}  // namespace diffam
