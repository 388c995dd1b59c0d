// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The image loss (Kim & Park 2024, section 2.4), over the samples inside the image:
//
//     L_I = sum_i m_i |f(d(p_i)) - I(p_i)| / sum_i m_i,     0 if no sample is inside
#pragma once

#include <utility>

#include "diffam/component/component.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/loss/detail/weighted_mean.hpp"
#include "diffam/loss/penalty.hpp"
#include "diffam/loss/target.hpp"

namespace diffam {

/// Kernel of a block of samples: writes their residuals, weights and weighted penalties.
template <class T, int Count, class Target, class Penalty>
struct image_term_kernel {
  Target target;
  view<const T> y;                    // N x 1, rendered intensities
  view<T> residuals, weights, terms;  // N x 1, written
  DIFFAM_HOST_DEVICE void operator()(index_t b) const {
    const lane_block<Count> block(b, y.rows);
    target_sample<T> samples[Count];
    if constexpr (requires { target.sample_block(block, samples); })
      target.sample_block(block, samples);
    else
      for (int l = 0; l < Count; ++l) samples[l] = target(block.index_of(l));
    for (int l = 0; l < block.size; ++l) {
      const index_t i = block.first + l;
      const target_sample<T>& t = samples[l];
      const bool counts = t.weight > T(0);
      residuals[i] = counts ? y[i] - t.value : T(0);
      weights[i] = t.weight;
      terms[i] = counts ? t.weight * Penalty::value(residuals[i]) : T(0);
    }
  }
};

/// Backward: d_y_i += d_loss m_i penalty'(r_i) / sum(m).
template <class T, class Penalty>
struct image_term_pullback_kernel {
  view<const T> residuals, weights, inverse, d_loss;
  view<T> d_y;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    d_y[i] += d_loss[0] * inverse[0] * weights[i] * Penalty::derivative(residuals[i]);
  }
};

/// Component: rendered intensities (N x 1) -> image loss (1 x 1). `target` gives the intensity and the weight
/// of each sample. `output_extent` throws `diffam::error` if the number of samples is wrong.
template <real T,                                 // scalar
          exec::policy Exec,                      // execution policy
          target_of<T> Target = fixed_target<T>,  // or sampled_target
          class Penalty = absolute>               // or squared, huber
class image_loss {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> residuals, weights, terms;  // N x 1
    detail::mean_workspace<T> mean;
  };

  explicit image_loss(Target target) : target_(std::move(target)) {}

  const Target& target() const { return target_; }

  extent output_extent(extent in) const {
    require_extent("image_loss", "intensities", {target_.rows(), 1}, in);
    return {1, 1};
  }

  workspace plan(arena& a, extent in) const {
    return {a.take<T>(in.rows), a.take<T>(in.rows), a.take<T>(in.rows),
            detail::plan_mean<T, Exec>(a, in.rows)};
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    constexpr int count = diffam::exec::lanes_per_index<T, Exec>;
    e.for_each_index(
        lane_block<count>::count(x.rows),
        image_term_kernel<T, count, Target, Penalty>{target_, x, w.residuals, w.weights, w.terms},
        diffam::exec::chunk_size / count);
    detail::weighted_mean<Exec, T>(e, w.terms, w.weights, w.mean, y);
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    if (d_x.empty()) return;
    e.for_each_index(
        x.rows, image_term_pullback_kernel<T, Penalty>{w.residuals, w.weights, w.mean.inverse, d_y, d_x});
  }

 private:
  Target target_;
};

/// Makes the image loss of a target: `make_image_loss<exec>(fixed_target<float>{values})`.
template <exec::policy Exec, class Penalty = absolute, class Target>
auto make_image_loss(Target target) {
  using scalar = decltype(target(index_t{}).value);
  return image_loss<scalar, Exec, Target, Penalty>(std::move(target));
}

}  // namespace diffam
