// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Update rules. A rule turns the gradient of one parameter block into a step. Its members are
// hyper-parameters. `plan` takes its run state from the arena, as memory set to zero. Kernels read values
// that change between iterations from the clock. An example of a rule:
//
//     template <class T>
//     struct descent_kernel {                        // x <- x - rate g
//       view<T> x;
//       view<const T> g;
//       T rate;
//       DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] -= rate * g[i]; }
//     };
//     template <real T, exec::policy Exec>
//     struct descent {
//       using scalar = T;
//       using exec = Exec;
//       struct state {};                             // descent has no state
//       state plan(arena&, extent) const { return {}; }
//       void step(const Exec& e, parameter_block<T> p, state&, const clock_state*) const {
//         e.for_each_index(p.value.size(), descent_kernel<T>{p.value, p.gradient, rate});
//       }
//       T rate = T(0.1);
//     };
//     static_assert(optim::rule<descent<float, exec::serial>>);
#pragma once

#include <span>

#include "diffam/component/component.hpp"
#include "diffam/core/clock.hpp"

namespace diffam::optim {

/// The types of a rule: scalar, execution policy, run state.
template <class R>
concept names_rule_types = requires {
  typename R::scalar;
  typename R::exec;
  typename R::state;
}
&&real<typename R::scalar>;

/// `plan` takes the run state for a block.
template <class R>
concept plans_state = requires(const R& r, arena& a, extent block) {
  { r.plan(a, block) } -> std::same_as<typename R::state>;
};

/// `step` changes the block's value by one step.
template <class R>
concept takes_steps = requires(const R& r, const typename R::exec& e, parameter_block<typename R::scalar> p,
                               typename R::state& s, const clock_state* clock) {
  { r.step(e, p, s, clock) } -> std::same_as<void>;
};

/// An update rule.
template <class R>
concept rule = names_rule_types<R> && plans_state<R> && takes_steps<R>;

/// The last point that a `vector_rule` accepted.
struct reached_point {
  double loss;
  double gradient_norm;
  bool settled;  // the last step accepted it; false within a line search
  bool stalled;  // the rule finds no lower point
};

/// A rule for all blocks at once that also reads the loss, such as a line search (optim/lbfgs.hpp). It may
/// try points and reject them; `reached` tells the last one that it accepted.
template <class R>
concept vector_rule = names_rule_types<R> &&
    requires(const R& r, arena& a, std::span<const extent> extents, const typename R::exec& e,
             std::span<const parameter_block<typename R::scalar>> blocks, view<const typename R::scalar> loss,
             typename R::state& s) {
  { r.plan(a, extents) } -> std::same_as<typename R::state>;
  { r.step(e, blocks, loss, s) } -> std::same_as<void>;
  { r.reached(s) } -> std::same_as<reached_point>;
  { r.put_reached(e, blocks, s) } -> std::same_as<void>;
};

}  // namespace diffam::optim
