// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Independent parts of an iteration. A policy may run them at the same time:
//
//     exec::side_by_side(e, [&](const exec& own) { a.forward(own, ...); },
//                           [&](const exec& own) { b.forward(own, ...); });
//
// No branch may read or write what another branch writes, scratch memory included. All branches end before
// the code after the call runs.
//
// `later(e, f)` is for results that are needed only at the end of an iteration, such as the gradient of a
// parameter. The work runs beside all that follows. `finish(e)`, the end of a graph and `e.wait()` wait for
// it. Until then the workspace of its component is in use: call `finish` before the same component runs
// again.
#pragma once

#include <utility>

#include "diffam/core/config.hpp"

namespace diffam::exec {

namespace detail {
/// A branch for the concepts below.
struct probe_branch {
  template <class E>
  void operator()(int, const E&) const {}
  template <class E>
  void operator()(const E&) const {}
};
}  // namespace detail

/// Largest number of branches of one call.
inline constexpr int branch_limit = 16;

/// A policy with branches. `e.branch(count, f)` calls f(k, e_k) once for each k < count <= branch_limit. e_k
/// is a policy of the same type. Work launched on one e_k may run beside work launched on another.
template <class E>
concept has_branches = requires(const E& e) {
  e.branch(2, detail::probe_branch{});
};

/// Calls each part with the policy that it runs on. The parts run one after the other if the policy has no
/// branches.
template <class E, class... Parts>
void side_by_side(const E& e, const Parts&... parts) {
  static_assert(sizeof...(Parts) <= branch_limit);
  if constexpr (has_branches<E>) {
    e.branch(static_cast<int>(sizeof...(Parts)), [&](int k, const E& own) {
      [&]<int... I>(std::integer_sequence<int, I...>) {
        ((I == k ? parts(own) : void()), ...);
      }
      (std::make_integer_sequence<int, static_cast<int>(sizeof...(Parts))>{});
    });
  } else {
    (parts(e), ...);
  }
}

/// Calls f(k, policy) for k < count in the same way. More than `branch_limit` calls run one after the other.
template <class E, class F>
void each_side_by_side(const E& e, int count, const F& f) {
  if constexpr (has_branches<E>)
    if (count <= branch_limit) return e.branch(count, f);
  for (int k = 0; k < count; ++k) f(k, e);
}

/// A policy with deferred work. `e.later(f)` calls f(own). The work that f launches may run beside all later
/// launches, until `e.finish()`. Several calls run in their order.
template <class E>
concept has_later = requires(const E& e) {
  e.later(detail::probe_branch{});
  e.finish();
};

/// Calls f(policy), deferred where the policy can do so.
template <class E, class F>
void later(const E& e, const F& f) {
  if constexpr (has_later<E>)
    e.later(f);
  else
    f(e);
}

/// Waits for the work of `later`.
template <class E>
void finish(const E& e) {
  if constexpr (has_later<E>) e.finish();
}

}  // namespace diffam::exec
