// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Work that does not depend on each other: a policy may run it at the same time.
//
//     exec::side_by_side(e, [&](const exec& own) { a.forward(own, ...); },
//                           [&](const exec& own) { b.forward(own, ...); });
//
// What one branch writes no other reads or writes, scratch included; what comes after waits for all.
//
// And work whose result nobody needs before the end of an iteration: a parameter's gradient, say. `later(e,
// f)` runs it beside all that follows; `finish(e)` waits for it, and so do a graph's end and `e.wait()`. It
// reads its component's workspace until then: finish before the same component runs again.
#pragma once

#include <utility>

#include "diffam/core/config.hpp"

namespace diffam::exec {

namespace detail {
struct probe_branch {
  template <class E>
  void operator()(int, const E&) const {}
  template <class E>
  void operator()(const E&) const {}
};
}  // namespace detail

/// Most branches of one call.
inline constexpr int branch_limit = 16;

/// `e.branch(count, f)` calls f(k, e_k) for all k < count <= branch_limit, once each; e_k is a policy of the
/// same type, and what is launched on one may run beside what is launched on another.
template <class E>
concept has_branches = requires(const E& e) {
  e.branch(2, detail::probe_branch{});
};

/// Each part with the policy that it runs on; one after the other where the policy has no branches.
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

/// f(k, policy) for k < count, likewise; more than `branch_limit` one after the other.
template <class E, class F>
void each_side_by_side(const E& e, int count, const F& f) {
  if constexpr (has_branches<E>)
    if (count <= branch_limit) return e.branch(count, f);
  for (int k = 0; k < count; ++k) f(k, e);
}

/// `e.later(f)` calls f(own); what it launches may run beside what is launched after it, until `e.finish()`.
/// Calls are run in their order.
template <class E>
concept has_later = requires(const E& e) {
  e.later(detail::probe_branch{});
  e.finish();
};

template <class E, class F>
void later(const E& e, const F& f) {
  if constexpr (has_later<E>)
    e.later(f);
  else
    f(e);
}

template <class E>
void finish(const E& e) {
  if constexpr (has_later<E>) e.finish();
}

}  // namespace diffam::exec
