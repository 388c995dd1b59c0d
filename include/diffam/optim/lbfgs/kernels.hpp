// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels of optim/lbfgs.hpp, which has the equations. All blocks of unknowns are one vector of n elements
// here. Step lengths and verdicts are numbers in the policy's memory, so that a recorded graph replays the
// right branch.
#pragma once

#include <cmath>
#include <limits>

#include "diffam/core/view.hpp"

namespace diffam::optim::detail {

template <class T>
inline constexpr T lbfgs_epsilon = std::numeric_limits<T>::epsilon();
template <class T>
inline constexpr T lbfgs_no_bound = std::numeric_limits<T>::max();  // `high` without an upper bound

/// What the last evaluation did. Zero memory is `nothing`.
enum class lbfgs_verdict : stored_index {
  nothing,   // no evaluation yet
  first,     // the first point is accepted without a search
  accepted,  // the search has ended
  rejected,  // the search goes on with another step length
  dropped,   // the search failed; a new one begins from the same point along the gradient
  stalled    // the search along the gradient failed as well, or the gradient is 0
};

/// The numbers of a run.
template <class T>
struct lbfgs_numbers {
  T loss, norm;           // at the accepted point: f_k and |g_k|
  T slope;                // g_k . d
  T step, low, high;      // t, and the bracket of t
  T scale;                // gamma of the first matrix
  stored_index count;     // pairs that are stored
  stored_index head;      // slot of the next pair
  stored_index trials;    // evaluations of this search
  stored_index level;     // points in a row that were accepted and are not lower
  stored_index last_try;  // 1: a step that lowers the loss ends the search
  lbfgs_verdict verdict;

  DIFFAM_HOST_DEVICE bool moved() const {
    return verdict == lbfgs_verdict::first || verdict == lbfgs_verdict::accepted;
  }
  /// The slot of the pair that is k pairs old, of `memory` slots.
  DIFFAM_HOST_DEVICE index_t slot(index_t k, index_t memory) const {
    return (head - 1 - k + 2 * memory) % memory;
  }
};

/// The constants of the line search.
template <class T>
struct lbfgs_search {
  T decrease, curvature;  // c1, c2
  stored_index most;      // evaluations of one search
};

/// Kernel with one index: judges the evaluation at x_k + t d.
template <class T>
struct lbfgs_judge_kernel {
  lbfgs_search<T> search;
  view<const T> loss, slope;  // 1: f and g . d at the new point
  static constexpr stored_index most_level = 3;
  view<lbfgs_numbers<T>> numbers;

  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    lbfgs_numbers<T>& n = numbers[0];
    if (n.verdict == lbfgs_verdict::nothing) {
      n.loss = loss[0];
      n.verdict = lbfgs_verdict::first;
      return;
    }
    using std::fabs;
    const T rounding = 4 * lbfgs_epsilon<T> * fabs(n.loss);
    const bool lower = loss[0] <= n.loss + search.decrease * n.step * n.slope ||  // false for NaN
                       (loss[0] <= n.loss + rounding && slope[0] <= (2 * search.decrease - 1) * n.slope);
    const bool flat = slope[0] >= search.curvature * n.slope;
    if (lower && (flat || (n.last_try != 0 && loss[0] < n.loss))) {
      n.level = loss[0] < n.loss ? 0 : n.level + 1;
      n.loss = loss[0];
      n.verdict = n.level > most_level ? lbfgs_verdict::stalled : lbfgs_verdict::accepted;
      return;
    }
    (lower ? n.low : n.high) = n.step;
    n.verdict = lbfgs_verdict::rejected;
    if (++n.trials < search.most) {
      n.step = n.high < lbfgs_no_bound<T> ? n.low + (n.high - n.low) / 2 : 2 * n.step;
    } else if (n.low > T(0) && n.last_try == 0) {
      n.step = n.low;
      n.last_try = 1;
    } else {
      n.verdict = n.count > 0 ? lbfgs_verdict::dropped : lbfgs_verdict::stalled;
      n.count = 0;
    }
  }
};

/// Moves the accepted point and stores s = x - x_k, y = g - g_k in the slot `head`. Does nothing after a
/// rejection.
template <class T>
struct lbfgs_accept_kernel {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> x, g;      // n: the new point
  view<T> base, gradient;  // n: the accepted point
  view<T> s, y;            // memory x n

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    if (!numbers[0].moved()) return;
    const index_t at = numbers[0].head * base.rows + i;
    s[at] = x[i] - base[i];
    y[at] = g[i] - gradient[i];
    base[i] = x[i];
    gradient[i] = g[i];
  }
};

/// s . y, y . y of the newest slot, and g . g.
template <class T>
struct lbfgs_products {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> gradient, s, y;
  DIFFAM_HOST_DEVICE vec<T, 3> operator()(index_t i) const {
    const index_t at = numbers[0].head * gradient.rows + i;
    return {s[at] * y[at], y[at] * y[at], gradient[i] * gradient[i]};
  }
};

/// Kernel with one index: keeps the newest pair if its curvature is positive, and sets gamma.
template <class T>
struct lbfgs_pair_kernel {
  view<const vec<T, 3>> products;
  view<lbfgs_numbers<T>> numbers;
  view<T> rho;  // memory: 1 / (s . y)
  T first_step;

  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    using std::sqrt;
    lbfgs_numbers<T>& n = numbers[0];
    const vec<T, 3> p = products[0];
    n.norm = sqrt(p[2]);
    if (n.verdict == lbfgs_verdict::accepted && p[0] > lbfgs_epsilon<T> * p[1]) {
      rho[n.head] = 1 / p[0];
      n.scale = p[0] / p[1];
      n.head = static_cast<stored_index>((n.head + 1) % rho.rows);
      if (n.count < rho.rows) ++n.count;
    }
    if (n.count == 0) n.scale = n.norm > T(0) ? first_step / n.norm : T(0);
  }
};

/// Term of the dot product of q and the k-th newest row of S or Y.
template <class T>
struct lbfgs_row_product {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> rows;  // memory x n: S or Y
  view<const T> q;     // n
  index_t k;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const {
    return rows[numbers[0].slot(k, rows.rows) * q.rows + i] * q[i];
  }
};

/// First loop: q <- q - alpha_k y_k with alpha_k = rho_k s_k . q.
template <class T>
struct lbfgs_first_loop_kernel {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> y, rho, alpha;  // alpha: s_k . q
  view<T> q;
  index_t k;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    if (k >= numbers[0].count) return;
    const index_t slot = numbers[0].slot(k, rho.rows);
    q[i] -= rho[slot] * alpha[k] * y[slot * q.rows + i];
  }
};

/// q <- gamma q.
template <class T>
struct lbfgs_scale_kernel {
  view<const lbfgs_numbers<T>> numbers;
  view<T> q;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { q[i] *= numbers[0].scale; }
};

/// Second loop: q <- q + (alpha_k - beta_k) s_k with beta_k = rho_k y_k . q.
template <class T>
struct lbfgs_second_loop_kernel {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> s, rho, alpha, beta;  // alpha: s_k . q of the first loop; beta: y_k . q
  view<T> q;
  index_t k;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    if (k >= numbers[0].count) return;
    const index_t slot = numbers[0].slot(k, rho.rows);
    q[i] += rho[slot] * (alpha[k] - beta[0]) * s[slot * q.rows + i];
  }
};

/// Term of the dot product of two vectors.
template <class T>
struct lbfgs_dot {
  view<const T> a, b;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return a[i] * b[i]; }
};

/// Kernel with one index: begins a search where the last one ended. `descent` is g_k . q = -g_k . d.
template <class T>
struct lbfgs_search_kernel {
  view<const T> descent;
  view<lbfgs_numbers<T>> numbers;
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    lbfgs_numbers<T>& n = numbers[0];
    if (n.verdict == lbfgs_verdict::rejected) return;
    n.slope = -descent[0];
    n.step = 1;
    n.low = 0;
    n.high = lbfgs_no_bound<T>;
    n.trials = n.last_try = 0;
    if (!(n.slope < T(0))) {  // rounding, or a gradient of 0: evaluate the same point, without the pairs
      n.step = 0;
      if (n.count == 0) n.verdict = lbfgs_verdict::stalled;
      n.count = 0;
    }
    if (n.verdict == lbfgs_verdict::stalled) n.step = 0;
  }
};

/// d = -q, and the next point x = x_k + t d.
template <class T>
struct lbfgs_move_kernel {
  view<const lbfgs_numbers<T>> numbers;
  view<const T> base, q;
  view<T> direction, x;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    direction[i] = -q[i];
    x[i] = base[i] + numbers[0].step * direction[i];
  }
};

}  // namespace diffam::optim::detail
