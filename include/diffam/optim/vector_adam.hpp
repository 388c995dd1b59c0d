// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Vector-wise Adam (Ling, Sharp & Jacobson, "VectorAdam for rotation equivariant geometry optimization",
// NeurIPS 2022). Each row g has one second moment, v <- b2 v + (1 - b2) |g|^2. Steps thus do not depend on
// the choice of coordinate axes. With `row_steps` it takes the step of equation (1).
#pragma once

#include "diffam/optim/adam.hpp"
#include "diffam/optim/row_steps.hpp"

namespace diffam::optim {

/// The update of one row.
template <class T, class Steps>
struct vector_adam_kernel {
  view<T> x;              // rows x cols
  view<const T> g;        // rows x cols
  view<T> first;          // rows x cols
  view<T> second;         // rows x 1
  view<const T> factors;  // adam_factors
  const clock_state* clock;
  Steps steps;
  T beta1, beta2, epsilon;

  DIFFAM_HOST_DEVICE void operator()(index_t row) const {
    using std::sqrt;
    const index_t begin = row * x.cols, end = begin + x.cols;
    T square = 0;
    for (index_t i = begin; i < end; ++i) square += g[i] * g[i];
    const T v = decayed_mean(beta2, second[row], square);
    second[row] = v;
    const T scale = factors[0] * steps(row, clock->template progress<T>()) / (sqrt(v * factors[1]) + epsilon);
    for (index_t i = begin; i < end; ++i) {
      const T m = decayed_mean(beta1, first[i], g[i]);
      first[i] = m;
      x[i] -= scale * m;
    }
  }
};

/// Adam with one second moment per row. Satisfies `rule`.
template <real T = float,                     // scalar type
          exec::policy Exec = exec::threads,  // execution policy
          class Schedule = constant<T>,       // factor of the rate
          class Steps = uniform_steps>        // factor of each row's step
class vector_adam {
 public:
  using scalar = T;
  using exec = Exec;
  using params = adam_params<Schedule>;

  struct state {
    view<T> first;    // rows x cols
    view<T> second;   // rows x 1
    view<T> factors;  // 2 x 1
  };

  vector_adam() = default;
  template <std::same_as<params> P = params>
  explicit vector_adam(P p, Steps steps = {}) : p_(p), steps_(steps) {
    require_valid("vector_adam", p_);
  }

  const params& get_params() const { return p_; }

  /// Takes the state for one block. Throws `error` if the step policy has another number of rows than the
  /// block.
  state plan(arena& a, extent block) const {
    if constexpr (requires { steps_.base; }) {
      require_extent("vector_adam", "base steps", {block.rows, 1}, steps_.base.extent());
      require_extent("vector_adam", "logarithms of eigenvalue ratios", {block.rows, 1},
                     steps_.log_ratio.extent());
    }
    return {a.take<T>(block.rows, block.cols), a.take<T>(block.rows), a.take<T>(2)};
  }

  /// One step of one block.
  void step(const Exec& e, parameter_block<T> b, state& s, const clock_state* clock) const {
    e.for_each_index(1, adam_factors_kernel<T, Schedule>{p_, clock, s.factors});
    e.for_each_index(b.value.rows,
                     vector_adam_kernel<T, Steps>{b.value, b.gradient, s.first, s.second, s.factors, clock,
                                                  steps_, static_cast<T>(p_.beta1), static_cast<T>(p_.beta2),
                                                  static_cast<T>(p_.epsilon)});
  }

 private:
  params p_;
  Steps steps_;
};

vector_adam(adam_params<constant<float>>)->vector_adam<float, exec::threads>;

}  // namespace diffam::optim
