// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Several threads of a device for one index. A kernel with `threads_per_index = lane_count` gives each index
// the eight threads of its lane vectors. Where points are few, `lane_count * Groups` threads search for one
// point: four groups of eight threads, a whole warp, look at four nodes of a tree at the same time. The text
// is written once, group by group:
//
//     lane_groups<4> groups;
//     group_values<T, 4> x;                              // each group has a value
//     groups.each([&](int g) { x[g] = ...; });           // on a device all groups do this at once
//     const T low = groups.least(x);                     // the same in all threads
//
// All groups take the same branches around `each`. On a processor one thread does the work of all groups, one
// after the other; the tests run that. `lane_groups<32, 1>` has groups of one thread: a packet of 32 points
// that go through a tree together.
#pragma once

#include "diffam/simd/lane_sets.hpp"

namespace diffam {

inline namespace DIFFAM_LANES {

/// The lanes that a thread computes are `first_own_lane()` and every `own_lane_step`-th after it.
inline constexpr int own_lane_step = detail::lane_threads;
DIFFAM_LANE_OP int first_own_lane() {
  return detail::own_thread<detail::lane_threads>();
}
/// Whether this thread, of the `Threads` of an index, writes the results that are not in lanes.
template <int Threads = lane_count>
DIFFAM_LANE_OP bool writes_for_threads() {
  return detail::own_thread<Threads>() == 0;
}
/// After this, the threads of a lane vector see the lists that each of them has written to.
DIFFAM_LANE_OP void join_lanes() {
  detail::meet<detail::lane_threads>();
}
/// The sum of x over the threads of a lane vector.
template <class T>
DIFFAM_LANE_OP T sum_of_threads(T x) {
  return detail::join_threads<detail::lane_threads>(x, detail::lanes_added{});
}

/// A list of at most N elements that lanes are appended to, shared by the threads of so many groups. On a
/// device all lists of one type are the same memory: `For` tells lists apart that are in use at the same
/// time.
template <class X, int N, class For, int Groups = 1>
struct lane_list {
#if defined(__CUDA_ARCH__)
  DIFFAM_LANE_OP operator X*() const {
    constexpr int threads = lane_count * Groups;
    __shared__ X x[cuda_block / threads][N];
    return x[threadIdx.x / threads];
  }
#else
  X x[N];
  DIFFAM_LANE_OP operator X*() {
    return x;
  }
#endif
};

/// A value of each group. On a device a thread holds the value of its own group.
template <class X, int Groups>
struct group_values {
#if defined(__CUDA_ARCH__)
  X v[1];
  DIFFAM_LANE_OP X& operator[](int) {
    return v[0];
  }
#else
  X v[Groups];
  DIFFAM_LANE_OP X& operator[](int g) {
    return v[g];
  }
#endif
};

template <int Groups, int Lanes = lane_count>
struct lane_groups {
  static constexpr int threads = Lanes * Groups;
  static_assert(Groups > 0 && 32 % threads == 0);

  /// After this, groups see the lists that each of them has written to.
  DIFFAM_LANE_OP void join() const { detail::meet<threads>(); }

#if defined(__CUDA_ARCH__)

  template <class F>
  DIFFAM_LANE_OP void each(const F& f) const {
    f(own());
  }
  /// The groups for which f(g) is true: bit g. For groups of one thread.
  template <class F>
  DIFFAM_LANE_OP std::uint32_t which(const F& f) const {
    static_assert(threads == 32 && Lanes == 1);
    return __ballot_sync(~0u, f(own()));
  }
  /// The first `Groups` of the numbers 0 ... count - 1 (at most as many as threads), ascending, for which
  /// valid(i) is true: the g-th of them in found[g]. Returns how many.
  template <class Valid>
  DIFFAM_LANE_OP int find(int count, const Valid& valid, group_values<int, Groups>& found) const {
    const int t = detail::own_thread<threads>();
    unsigned rest = detail::threads_where<threads>(t < count && valid(t));
    const int all = __popc(rest);
    for (int g = own(); g > 0; --g) rest &= rest - 1;
    found[0] = __ffs(static_cast<int>(rest)) - 1;
    return all < Groups ? all : Groups;
  }
  /// x of group g.
  template <class X>
  DIFFAM_LANE_OP X of(const group_values<X, Groups>& x, int g) const {
    return detail::of_thread<threads>(x.v[0], g * Lanes);
  }
  template <class X>
  DIFFAM_LANE_OP X least(const group_values<X, Groups>& x) const {
    return detail::join_threads<threads, Lanes>(x.v[0], detail::lanes_minimum<X>{});
  }
  /// Of numbers none of which is negative or NaN.
  DIFFAM_LANE_OP float least_distance(const group_values<float, Groups>& x) const {
#if __CUDA_ARCH__ >= 800
    if constexpr (Lanes == 1)
      return __uint_as_float(__reduce_min_sync(~0u, __float_as_uint(x.v[0])));
    else
#endif
      return least(x);
  }
  DIFFAM_LANE_OP double least_distance(const group_values<double, Groups>& x) const {
    return least(x);
  }

#else

  /// The last group first: a group appends to a list behind the elements that it counts, and the next group
  /// overwrites the rest.
  template <class F>
  DIFFAM_LANE_OP void each(const F& f) const {
    for (int g = Groups - 1; g >= 0; --g) f(g);
  }
  template <class F>
  DIFFAM_LANE_OP std::uint32_t which(const F& f) const {
    std::uint32_t set = 0;
    for (int g = 0; g < Groups; ++g) set |= f(g) ? 1u << g : 0u;
    return set;
  }
  template <class Valid>
  DIFFAM_LANE_OP int find(int count, const Valid& valid, group_values<int, Groups>& found) const {
    int all = 0;
    for (int i = 0; i < count && all < Groups; ++i)
      if (valid(i)) found[all++] = i;
    return all;
  }
  template <class X>
  DIFFAM_LANE_OP X of(const group_values<X, Groups>& x, int g) const {
    return x.v[g];
  }
  template <class X>
  DIFFAM_LANE_OP X least(const group_values<X, Groups>& x) const {
    X low = x.v[0];
    for (int g = 1; g < Groups; ++g) low = x.v[g] < low ? x.v[g] : low;
    return low;
  }
  template <class X>
  DIFFAM_LANE_OP X least_distance(const group_values<X, Groups>& x) const {
    return least(x);
  }

#endif

  /// Sum over the groups from g on.
  template <class X>
  DIFFAM_LANE_OP X sum_from(const group_values<X, Groups>& x, int g) const {
    X sum{};
    for (int h = 0; h < Groups; ++h) {
      const X term = of(x, h);
      sum += h >= g ? term : X{};
    }
    return sum;
  }

#if defined(__CUDA_ARCH__)

 private:
  static DIFFAM_LANE_OP int own() {
    return detail::own_thread<threads>() / Lanes;
  }

#endif
};

}  // namespace DIFFAM_LANES

}  // namespace diffam
