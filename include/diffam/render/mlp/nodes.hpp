// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The first layer of the renderer for points with similar distances. Its output z(d) = W phi(d) + b is a sum
// of waves e^(i w d), with w at most 2 pi max|B|. In an interval of half length h, each wave is a polynomial
// of degree n - 1 up to an error of
//     2 (w h / 2)^n / n!
// (interpolation at the n Chebyshev nodes; Trefethen, "Approximation Theory and Approximation Practice",
// 2013). Therefore the values at n nodes give z at any number of points in the interval, up to rounding:
// z(d_i) = sum_p L_p(d_i) z(node_p), with the Lagrange polynomials L_p. Backward uses the transposed map: it
// sums the gradients over points at the nodes.
#pragma once

#include <cmath>
#include <limits>

#include "diffam/render/fourier.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam::detail {

/// The Chebyshev nodes of an interval of distances.
template <class T>
struct mlp_nodes {
  static constexpr int most = 16;

  int count = 0;   // number of nodes; 0: the interval is too wide
  T at[most];      // distances of the nodes
  T middle = 0;    // centre of the interval
  T scale = 0;     // 1 / half the length of the interval
  T x[most];       // nodes scaled to [-1, 1]
  T weight[most];  // 1 / prod_(q != p) (x_p - x_q)

  /// The nodes of [low, high], for frequencies up to `bandwidth` turns per unit; at most `limit` nodes.
  DIFFAM_HOST_DEVICE static mlp_nodes of(T low, T high, T bandwidth, index_t limit) {
    using std::cos;
    using std::fabs;
    mlp_nodes n;
    const T magnitude = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
    const T least = 256 * rounding * magnitude;  // least half length at which rounding keeps the nodes apart
    T half = (high - low) / 2;
    if (half < least) half = least;
    n.count = count_for(two_pi<T> * bandwidth * half, limit);
    if (n.count == 0) return n;
    n.middle = low + (high - low) / 2;
    n.scale = half > 0 ? 1 / half : T(0);
    for (int p = 0; p < n.count; ++p) {
      n.at[p] = n.middle + half * cos(two_pi<T> / 4 * static_cast<T>(2 * p + 1) / static_cast<T>(n.count));
      n.x[p] = n.scaled(n.at[p]);
    }
    for (int p = 0; p < n.count; ++p) {
      T product = 1;
      for (int q = 0; q < n.count; ++q)
        if (q != p) product *= n.x[p] - n.x[q];
      n.weight[p] = 1 / product;
    }
    return n;
  }

  DIFFAM_HOST_DEVICE T scaled(T d) const { return (d - middle) * scale; }

  /// Writes L_p of `Count` distances to to[p * pitch + ...].
  template <int Count>
  DIFFAM_HOST_DEVICE void polynomials(const T* distance, T* to, index_t pitch) const {
    using row = lanes<T, Count>;
    const row d = (row::load(distance) - row(middle)) * row(scale);
    row before(1), behind(1);
    for (int p = 0; p < count; ++p) {
      (row(weight[p]) * before).store(to + p * pitch);
      before *= d - row(x[p]);
    }
    for (int p = count - 1; p >= 0; --p) {
      (row::load(to + p * pitch) * behind).store(to + p * pitch);
      behind *= d - row(x[p]);
    }
  }

 private:
  static constexpr T rounding = std::numeric_limits<T>::epsilon();

  /// The least n with an error below a quarter of the rounding error, or 0 if n would exceed `limit`.
  DIFFAM_HOST_DEVICE static int count_for(T phase, index_t limit) {
    T term = 1;
    for (int n = 1; n <= most && n <= limit; ++n) {
      term *= phase / (2 * static_cast<T>(n));
      if (term <= rounding / 8) return n;
    }
    return 0;
  }
};

}  // namespace diffam::detail
