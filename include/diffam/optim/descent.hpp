// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Gradient descent with momentum (Polyak 1964; Nesterov 1983), and RMSprop (Tieleman & Hinton 2012). Both
// have the conventions of PyTorch. With r = rate schedule(progress):
//     descent      v <- m v + g               x <- x - r v,  or Nesterov's look ahead  x <- x - r (g + m v)
//     RMSprop      s <- b s + (1 - b) g^2     x <- x - r g / (sqrt(s) + epsilon)
#pragma once

#include "diffam/optim/adam.hpp"

namespace diffam::optim {

/// Momentum, the formula of `descent`. `memory` is the velocity of an element.
template <class T>
struct momentum_formula {
  T momentum;
  bool nesterov;
  DIFFAM_HOST_DEVICE T operator()(T& memory, T g) const {
    memory = momentum * memory + g;
    return nesterov ? g + momentum * memory : memory;
  }
};

/// The formula of `rmsprop`. `memory` is the mean of the squares of an element's gradients.
template <class T>
struct rmsprop_formula {
  T beta, epsilon;
  DIFFAM_HOST_DEVICE T operator()(T& memory, T g) const {
    using std::sqrt;
    memory = decayed_mean(beta, memory, g * g);
    return g / (sqrt(memory) + epsilon);
  }
};

namespace detail {
/// Throws `error` unless 0 <= `fraction` < 1 and rate >= 0.
inline void require_rate(const std::string& name, double rate, const char* what, double fraction) {
  if (!(rate >= 0)) throw error(name + ": expected a rate >= 0, got " + std::to_string(rate));
  if (!(fraction >= 0 && fraction < 1))
    throw error(name + ": expected " + what + " in [0, 1), got " + std::to_string(fraction));
}
}  // namespace detail

/// Hyper-parameters of descent with momentum. The default momentum 0 is plain gradient descent.
template <class Schedule>  // factor of the rate as a function of the progress
struct descent_params {
  double rate = 1e-2;
  double momentum = 0;
  bool nesterov = false;
  Schedule schedule{};

  /// Throws `error` for a rate below 0 and a momentum outside of [0, 1).
  void check() const { detail::require_rate("descent", rate, "a momentum", momentum); }
  template <class T>
  momentum_formula<T> formula() const {
    return {static_cast<T>(momentum), nesterov};
  }
};

/// Hyper-parameters of RMSprop.
template <class Schedule>  // factor of the rate as a function of the progress
struct rmsprop_params {
  double rate = 1e-2;
  double beta = 0.99;     // of the mean of squares
  double epsilon = 1e-8;  // added after the square root
  Schedule schedule{};

  /// Throws `error` for a rate below 0, a beta outside of [0, 1), and an epsilon below 0.
  void check() const {
    detail::require_rate("rmsprop", rate, "a beta", beta);
    if (!(epsilon >= 0)) throw error("rmsprop: expected an epsilon >= 0, got " + std::to_string(epsilon));
  }
  template <class T>
  rmsprop_formula<T> formula() const {
    return {static_cast<T>(beta), static_cast<T>(epsilon)};
  }
};

/// Kernel with one index: the rate of this iteration.
template <class T, class Schedule>
struct rate_kernel {
  double rate;
  Schedule schedule;
  const clock_state* clock;
  view<T> out;  // 1
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    out[0] = static_cast<T>(rate * static_cast<double>(schedule(clock->template progress<T>())));
  }
};

/// The update of element i.
template <class T, class Formula>
struct descent_kernel {
  view<T> x;
  view<const T> g;
  view<T> memory;
  view<const T> rate;
  Formula formula;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] -= rate[0] * formula(memory[i], g[i]); }
};

/// A rule with one number of memory for each element. Satisfies `rule`. The constructor throws `error` for
/// hyper-parameters out of range.
template <real T,             // scalar type
          exec::policy Exec,  // execution policy
          class Params>       // descent_params or rmsprop_params
class descent_rule {
 public:
  using scalar = T;
  using exec = Exec;
  using params = Params;
  struct state {
    view<T> memory;  // extent of the block
    view<T> rate;    // 1
  };

  descent_rule() = default;
  template <std::same_as<params> P = params>
  explicit descent_rule(P p) : p_(p) {
    p_.check();
  }

  const params& get_params() const { return p_; }
  /// Takes the state for one block.
  state plan(arena& a, extent block) const { return {a.take<T>(block.rows, block.cols), a.take<T>(1)}; }
  /// One step of one block.
  void step(const Exec& e, parameter_block<T> b, state& s, const clock_state* clock) const {
    const auto formula = p_.template formula<T>();
    e.for_each_index(1, rate_kernel<T, decltype(p_.schedule)>{p_.rate, p_.schedule, clock, s.rate});
    e.for_each_index(b.value.size(), descent_kernel<T, std::remove_const_t<decltype(formula)>>{
                                         b.value, b.gradient, s.memory, s.rate, formula});
  }

 private:
  params p_;
};

/// Gradient descent, with momentum if asked for: `optim::descent<float, exec>({.rate = 0.1})`.
template <real T, exec::policy Exec, class Schedule = constant<T>>
using descent = descent_rule<T, Exec, descent_params<Schedule>>;

/// RMSprop: `optim::rmsprop<float, exec>({.rate = 1e-3})`.
template <real T, exec::policy Exec, class Schedule = constant<T>>
using rmsprop = descent_rule<T, Exec, rmsprop_params<Schedule>>;

}  // namespace diffam::optim
