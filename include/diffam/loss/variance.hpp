// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The variance loss (Kim & Park 2024, section 2.4). It makes neighbouring vertebrae similar:
//
//     L_V = sum over pairs (a, b) and modes k of w_ab lambda_k |u_a,k - u_b,k|^2,
//
// with u the spectral coefficients. The weights w of the pairs are 1 in the paper. With a reference, u is
// their difference from the reference. Then each vertebra is compared with its neighbour by its difference
// from its own template, for one template per level.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/mesh/topology.hpp"

namespace diffam {

using vertebra_pair = vec<stored_index, 2>;

/// u_a,k - u_b,k of a pair and mode k, minus the same difference of the reference.
template <class T>
struct variance_difference {
  view<const T> x;          // (K + 4) M x 3
  view<const T> reference;  // same extent, or empty
  index_t modes;

  DIFFAM_HOST_DEVICE vec3<T> operator()(const vertebra_pair& pair, index_t k) const {
    const index_t a = pair[0] * (modes + 4) + k, b = pair[1] * (modes + 4) + k;
    const vec3<T> d = load3(x, a) - load3(x, b);
    return reference.empty() ? d : d - (load3(reference, a) - load3(reference, b));
  }
};

template <class T>
struct variance_term {
  variance_difference<T> difference;
  view<const vertebra_pair> pairs;
  view<const T> weight;  // of each pair
  view<const T> lambda;  // K
  DIFFAM_HOST_DEVICE T operator()(index_t i) const {
    const index_t k = i % lambda.rows, p = i / lambda.rows;
    return weight[p] * lambda[k] * squared_norm(difference(pairs[p], k));
  }
};

/// Kernel of mode k. It loops over the few pairs in order, so a vertebra that is in two pairs needs no
/// scatter.
template <class T>
struct variance_pullback_kernel {
  variance_difference<T> difference;
  view<const vertebra_pair> pairs;
  view<const T> weight, lambda, d_y;
  view<T> d_x;
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    for (index_t p = 0; p < pairs.rows; ++p) {
      const vec3<T> d = difference(pairs[p], k) * (T(2) * weight[p] * lambda[k] * d_y[0]);
      add3(d_x, pairs[p][0] * (difference.modes + 4) + k, d);
      add3(d_x, pairs[p][1] * (difference.modes + 4) + k, -d);
    }
  }
};

/// Component: unknowns of M vertebrae ((K + 4) M x 3) -> variance loss (1 x 1).
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class variance_loss {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> scratch;
  };

  /// `lambda` are the K eigenvalues. `pairs` are the indices (below `vertebrae`) of neighbours; a single
  /// vertebra has none. `reference` has coefficients in the layout of the input, or is empty. `weights`: one
  /// for each pair; empty: all 1. Throws `diffam::error` if an index, a shape or a weight is wrong.
  variance_loss(const std::vector<double>& lambda, index_t vertebrae, const std::vector<vertebra_pair>& pairs,
                view<const double> reference = {}, const std::vector<double>& weights = {})
      : rows_((static_cast<index_t>(lambda.size()) + 4) * vertebrae),
        pairs_(upload_vector<memory>(pairs)),
        weights_(upload_vector<memory>(weights.empty() ? std::vector<T>(pairs.size(), T(1))
                                                       : std::vector<T>(weights.begin(), weights.end()))),
        lambda_(upload_vector<memory>(std::vector<T>(lambda.begin(), lambda.end()))) {
    for (const auto& p : pairs)
      if (p[0] < 0 || p[1] < 0 || p[0] >= vertebrae || p[1] >= vertebrae)
        throw error("variance_loss: expected pairs of vertebrae in [0, " + std::to_string(vertebrae) +
                    "), got (" + std::to_string(p[0]) + ", " + std::to_string(p[1]) + ")");
    if (weights_.size() != pairs_.size() ||
        std::any_of(weights.begin(), weights.end(), [](double w) { return !(w >= 0); }))
      throw error("variance_loss: expected no weights or one of 0 or more for each of " +
                  std::to_string(pairs.size()) + " pairs, got " + std::to_string(weights.size()));
    if (reference.empty()) return;
    require_extent("variance_loss", "reference", {rows_, 3}, reference.extent());
    std::vector<T> values(reference.begin(), reference.end());
    reference_ = buffer<T, memory>(rows_, 3);
    reference_.upload(values.data());
  }

  extent output_extent(extent in) const {
    require_extent("variance_loss", "coefficients", {rows_, 3}, in);
    return {1, 1};
  }
  workspace plan(arena& a, extent) const { return {a.take<T>(Exec::reduce_scratch(term_count()))}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    e.reduce(term_count(), variance_term<T>{difference(x), pairs_.get(), weights_.get(), lambda_.get()},
             y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace&) const {
    if (d_x.empty()) return;
    e.for_each_index(
        lambda_.size(),
        variance_pullback_kernel<T>{difference(x), pairs_.get(), weights_.get(), lambda_.get(), d_y, d_x},
        16);
  }

 private:
  using memory = typename Exec::memory;

  index_t term_count() const { return pairs_.size() * lambda_.size(); }
  variance_difference<T> difference(view<const T> x) const { return {x, reference_.get(), lambda_.size()}; }

  index_t rows_;
  buffer<vertebra_pair, memory> pairs_;
  buffer<T, memory> weights_;
  buffer<T, memory> lambda_;
  buffer<T, memory> reference_;
};

}  // namespace diffam
