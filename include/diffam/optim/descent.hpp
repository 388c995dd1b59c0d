// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Gradient descent with momentum (Polyak 1964; Nesterov 1983), and RMSprop (Tieleman & Hinton 2012). Both
// have the conventions of PyTorch. With r = rate schedule(progress):
//     momentum    v <- m v + g               x <- x - r v,  or with Nesterov's look ahead  x <- x - r (g + m
//     v) RMSprop     s <- b s + (1 - b) g^2     x <- x - r g / (sqrt(s) + epsilon)
#pragma once

#include "diffam/optim/adam.hpp"

namespace diffam::optim {

/// Hyper-parameters of descent with momentum. The default momentum 0 is plain gradient descent.
template <class Schedule>  // factor of the rate as a function of the progress
struct descent_params {
  double rate = 1e-2;
  double momentum = 0;
  bool nesterov = false;
  Schedule schedule{};
};

/// Hyper-parameters of RMSprop.
template <class Schedule>  // factor of the rate as a function of the progress
struct rmsprop_params {
  double rate = 1e-2;
  double beta = 0.99;     // of the mean of squares
  double epsilon = 1e-8;  // added after the square root
  Schedule schedule{};
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
template <class T>
struct descent_kernel {
  view<T> x;
  view<const T> g;
  view<T> velocity;
  view<const T> rate;
  T momentum;
  bool nesterov;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T v = momentum * velocity[i] + g[i];
    velocity[i] = v;
    x[i] -= rate[0] * (nesterov ? g[i] + momentum * v : v);
  }
};
template <class T>
struct rmsprop_kernel {
  view<T> x;
  view<const T> g;
  view<T> squares;
  view<const T> rate;
  T beta, epsilon;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using std::sqrt;
    const T s = decayed_mean(beta, squares[i], g[i] * g[i]);
    squares[i] = s;
    x[i] -= rate[0] * g[i] / (sqrt(s) + epsilon);
  }
};

namespace detail {

/// The state of both rules.
template <class T>
struct descent_state {
  view<T> mean;  // extent of the block: velocities, or means of squares
  view<T> rate;  // 1
};
template <class T>
descent_state<T> plan_descent(arena& a, extent block) {
  return {a.take<T>(block.rows, block.cols), a.take<T>(1)};
}

/// Throws `error` unless 0 <= `fraction` < 1 and rate >= 0.
inline void require_rate(const std::string& name, double rate, const char* what, double fraction) {
  if (!(rate >= 0)) throw error(name + ": expected a rate >= 0, got " + std::to_string(rate));
  if (!(fraction >= 0 && fraction < 1))
    throw error(name + ": expected " + what + " in [0, 1), got " + std::to_string(fraction));
}

}  // namespace detail

/// Gradient descent, with momentum if asked for. Satisfies `rule`. The constructor throws `error` for a rate
/// below 0 and a momentum outside of [0, 1).
template <real T,                        // scalar type
          exec::policy Exec,             // execution policy
          class Schedule = constant<T>>  // factor of the rate
class descent {
 public:
  using scalar = T;
  using exec = Exec;
  using params = descent_params<Schedule>;
  using state = detail::descent_state<T>;

  explicit descent(params p = {}) : p_(p) {
    detail::require_rate("descent", p.rate, "a momentum", p.momentum);
  }

  const params& get_params() const { return p_; }
  state plan(arena& a, extent block) const { return detail::plan_descent<T>(a, block); }
  void step(const Exec& e, parameter_block<T> b, state& s, const clock_state* clock) const {
    e.for_each_index(1, rate_kernel<T, Schedule>{p_.rate, p_.schedule, clock, s.rate});
    e.for_each_index(b.value.size(), descent_kernel<T>{b.value, b.gradient, s.mean, s.rate,
                                                       static_cast<T>(p_.momentum), p_.nesterov});
  }

 private:
  params p_;
};

/// RMSprop. Satisfies `rule`. The constructor throws `error` for a rate below 0, a beta outside of [0, 1),
/// and an epsilon below 0.
template <real T,                        // scalar type
          exec::policy Exec,             // execution policy
          class Schedule = constant<T>>  // factor of the rate
class rmsprop {
 public:
  using scalar = T;
  using exec = Exec;
  using params = rmsprop_params<Schedule>;
  using state = detail::descent_state<T>;

  explicit rmsprop(params p = {}) : p_(p) {
    detail::require_rate("rmsprop", p.rate, "a beta", p.beta);
    if (!(p.epsilon >= 0)) throw error("rmsprop: expected an epsilon >= 0, got " + std::to_string(p.epsilon));
  }

  const params& get_params() const { return p_; }
  state plan(arena& a, extent block) const { return detail::plan_descent<T>(a, block); }
  void step(const Exec& e, parameter_block<T> b, state& s, const clock_state* clock) const {
    e.for_each_index(1, rate_kernel<T, Schedule>{p_.rate, p_.schedule, clock, s.rate});
    e.for_each_index(b.value.size(), rmsprop_kernel<T>{b.value, b.gradient, s.mean, s.rate,
                                                       static_cast<T>(p_.beta), static_cast<T>(p_.epsilon)});
  }

 private:
  params p_;
};

}  // namespace diffam::optim
