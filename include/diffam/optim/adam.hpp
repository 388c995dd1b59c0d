// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Adam (Kingma & Ba 2015, algorithm 1), without weight decay. The defaults are those of Kim & Park (2024):
// beta = (0.9, 0.9), where Kingma & Ba and most libraries have beta2 = 0.999.
//     m <- b1 m + (1 - b1) g            v <- b2 v + (1 - b2) g^2
//     x <- x - rate schedule(progress) m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon)
#pragma once

#include <concepts>
#include <string>

#include "diffam/exec/threads.hpp"
#include "diffam/optim/rule.hpp"
#include "diffam/optim/schedule.hpp"

namespace diffam::optim {

/// Hyper-parameters of Adam and of its vector-wise variant.
template <class Schedule>  // factor of the rate as a function of the progress
struct adam_params {
  double rate = 1e-2;
  double beta1 = 0.9;
  double beta2 = 0.9;     // as in Kim & Park (2024); most libraries have 0.999
  double epsilon = 1e-8;  // added after the square root of the bias-corrected moment
  Schedule schedule{};
};

/// Throws `error` unless 0 <= beta < 1, rate >= 0 and epsilon >= 0.
template <class Schedule>
void require_valid(const char* name, const adam_params<Schedule>& p) {
  const auto complain = [&](const char* expected, double got) {
    throw error(std::string(name) + ": expected " + expected + ", got " + std::to_string(got));
  };
  if (!(p.rate >= 0)) complain("a rate >= 0", p.rate);
  if (!(p.beta1 >= 0 && p.beta1 < 1)) complain("beta1 in [0, 1)", p.beta1);
  if (!(p.beta2 >= 0 && p.beta2 < 1)) complain("beta2 in [0, 1)", p.beta2);
  if (!(p.epsilon >= 0)) complain("epsilon >= 0", p.epsilon);
}

/// Factors that all parameters of an iteration share.
template <class T>
struct adam_factors {
  T step;    // rate schedule(progress) / (1 - b1^t)
  T second;  // 1 / (1 - b2^t)
};

/// Kernel with one index: computes the factors once per iteration. t = iteration + 1.
template <class T, class Schedule>
struct adam_factors_kernel {
  adam_params<Schedule> p;
  const clock_state* clock;
  view<T> factors;  // 2 x 1: adam_factors
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    using std::pow;
    const double t = static_cast<double>(clock->iteration) + 1;
    const double rate = p.rate * static_cast<double>(p.schedule(clock->template progress<T>()));
    factors[0] = static_cast<T>(rate / (1 - pow(p.beta1, t)));
    factors[1] = static_cast<T>(1 / (1 - pow(p.beta2, t)));
  }
};

/// Exponential moving average; beta may be 0.
template <class T>
DIFFAM_HOST_DEVICE constexpr T decayed_mean(T beta, T mean, T x) {
  return beta * mean + (T(1) - beta) * x;
}

/// The update of element i.
template <class T>
struct adam_kernel {
  view<T> x;
  view<const T> g;
  view<T> first, second;
  view<const T> factors;
  T beta1, beta2, epsilon;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using std::sqrt;
    const adam_factors<T> f{factors[0], factors[1]};
    const T m = decayed_mean(beta1, first[i], g[i]);
    const T v = decayed_mean(beta2, second[i], g[i] * g[i]);
    first[i] = m;
    second[i] = v;
    x[i] -= f.step * m / (sqrt(v * f.second) + epsilon);
  }
};

/// Adam with one second moment per element. Satisfies `rule`. `adam rule({.rate = 0.02})` is a rule in float
/// for all cores.
template <real T = float,                     // scalar type
          exec::policy Exec = exec::threads,  // execution policy
          class Schedule = constant<T>>       // factor of the rate
class adam {
 public:
  using scalar = T;
  using exec = Exec;
  using params = adam_params<Schedule>;

  struct state {
    view<T> first, second;  // extent of the block
    view<T> factors;        // 2 x 1
  };

  adam() = default;
  template <std::same_as<params> P = params>
  explicit adam(P p) : p_(p) {
    require_valid("adam", p_);
  }

  const params& get_params() const { return p_; }

  /// Takes the state for one block.
  state plan(arena& a, extent block) const {
    return {a.take<T>(block.rows, block.cols), a.take<T>(block.rows, block.cols), a.take<T>(2)};
  }

  /// One step of one block.
  void step(const Exec& e, parameter_block<T> b, state& s, const clock_state* clock) const {
    e.for_each_index(1, adam_factors_kernel<T, Schedule>{p_, clock, s.factors});
    e.for_each_index(
        b.value.size(),
        adam_kernel<T>{b.value, b.gradient, s.first, s.second, s.factors, static_cast<T>(p_.beta1),
                       static_cast<T>(p_.beta2), static_cast<T>(p_.epsilon)},
        2048);
  }

 private:
  params p_;
};

adam(adam_params<constant<float>>)->adam<float, exec::threads>;  // for adam rule({.rate = 0.02})

}  // namespace diffam::optim
