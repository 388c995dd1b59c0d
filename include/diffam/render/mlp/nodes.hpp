// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer's first layer for points whose distances lie close together. Its output z(d) = W phi(d) + b is
// a sum of waves e^(i w d), none faster than the largest of w = 2 pi |B|. Within +-h of a middle each of them
// is a polynomial of degree n - 1 to within
//     2 (w h / 2)^n / n!
// (interpolation at the n Chebyshev nodes; Trefethen, "Approximation Theory and Approximation Practice",
// 2013), so that n nodes give z at any number of points there to rounding: z(d_i) = sum_p L_p(d_i) z(node_p),
// with Lagrange's polynomials L_p. What is summed over points for the weights' gradients goes the same way
// back.
#pragma once

#include <cmath>
#include <limits>

#include "diffam/render/fourier.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam::detail {

/// Nodes of an interval of distances.
template <class T>
struct mlp_nodes {
  static constexpr int most = 16;

  int count = 0;   // 0: none, the interval is too wide
  T at[most];      // distances
  T middle = 0;    // of the interval
  T scale = 0;     // 1 / half its length
  T x[most];       // nodes, scaled: within +-1
  T weight[most];  // 1 / prod_(q != p) (x_p - x_q)

  /// Of [low, high], for frequencies up to `bandwidth` turns a unit; at most `limit` nodes.
  DIFFAM_HOST_DEVICE static mlp_nodes of(T low, T high, T bandwidth, index_t limit) {
    using std::cos;
    using std::fabs;
    mlp_nodes n;
    const T magnitude = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
    const T least = 256 * rounding * magnitude;  // nodes that rounding does not bring onto each other
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

  /// L_p of `Count` distances, written to to[p * pitch + ...].
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

  /// Least n whose error is below a quarter of the rounding, 0 if more than `limit`.
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
