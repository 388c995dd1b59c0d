// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Several groups of lanes for one index: a device whose points are few gives each up to a warp, four groups
// of eight threads, that look at four nodes of a tree at once. Text is written once, group by group:
//
//     lane_groups<4> groups;
//     group_values<T, 4> x;                              // a value of every group's own
//     groups.each([&](int g) { x[g] = ...; });           // on a device each group has its turn at once
//     const T low = groups.least(x);                     // the same in all
//
// All groups go the same way around `each`; elsewhere "for each group" means the same, and the tests run it.
// For kernels with `threads_per_index = lane_count * Groups`. Groups of one thread, lane_groups<32, 1>, are a
// packet of points that go through a tree together.
#pragma once

#include "diffam/simd/lane_vector.hpp"

namespace diffam {

inline namespace DIFFAM_LANES {

/// A value of every group's own.
template <class X, int Groups>
struct group_values {
#if defined(__CUDA_ARCH__)
  X v;
  DIFFAM_LANE_OP X& operator[](int) {
    return v;
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

#if defined(__CUDA_ARCH__)

  template <class F>
  DIFFAM_LANE_OP void each(const F& f) const {
    f(own());
  }
  /// Groups see what each has written to lists.
  DIFFAM_LANE_OP void join() const {
    __syncwarp(all_threads());
  }
  /// The groups for which f(g) is true: bit g. Of groups of one thread.
  template <class F>
  DIFFAM_LANE_OP std::uint32_t which(const F& f) const {
    static_assert(threads == 32 && Lanes == 1);
    return __ballot_sync(~0u, f(own()));
  }
  /// The first `Groups` of the numbers 0 ... count - 1 (no more than threads), ascending, for which valid(i)
  /// is true: the g-th of them in found[g]. Returns how many.
  template <class Valid>
  DIFFAM_LANE_OP int find(int count, const Valid& valid, group_values<int, Groups>& found) const {
    const int t = static_cast<int>(threadIdx.x) % threads;
    unsigned rest = __ballot_sync(all_threads(), t < count && valid(t)) >> first_thread();
    const int all = __popc(rest);
    for (int g = own(); g > 0; --g) rest &= rest - 1;
    found.v = __ffs(static_cast<int>(rest)) - 1;
    return all < Groups ? all : Groups;
  }
  /// x of group g.
  template <class X>
  DIFFAM_LANE_OP X of(const group_values<X, Groups>& x, int g) const {
    return __shfl_sync(all_threads(), x.v, g * Lanes, threads);
  }
  template <class X>
  DIFFAM_LANE_OP X least(const group_values<X, Groups>& x) const {
    X low = x.v;
    for (int distance = Lanes; distance < threads; distance *= 2) {
      const X other = __shfl_xor_sync(all_threads(), low, distance, threads);
      low = other < low ? other : low;
    }
    return low;
  }
  /// Of numbers none of which is negative or not a number.
  DIFFAM_LANE_OP float least_distance(const group_values<float, Groups>& x) const {
#if __CUDA_ARCH__ >= 800
    if constexpr (Lanes == 1)
      return __uint_as_float(__reduce_min_sync(all_threads(), __float_as_uint(x.v)));
    else
#endif
      return least(x);
  }
  DIFFAM_LANE_OP double least_distance(const group_values<double, Groups>& x) const {
    return least(x);
  }

#else

  /// The last group first: what it appends to a list may be followed by what is to be overwritten.
  template <class F>
  DIFFAM_LANE_OP void each(const F& f) const {
    for (int g = Groups - 1; g >= 0; --g) f(g);
  }
  DIFFAM_LANE_OP void join() const {}
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
  static DIFFAM_LANE_OP unsigned first_thread() {
    return threadIdx.x % 32u / unsigned{threads} * unsigned{threads};
  }
  static DIFFAM_LANE_OP unsigned all_threads() {
    return (threads == 32 ? ~0u : (1u << threads % 32) - 1u) << first_thread();
  }
  static DIFFAM_LANE_OP int own() {
    return static_cast<int>(threadIdx.x) % threads / Lanes;
  }

#endif
};

/// Whether this thread, of so many of an index, is the one that writes what is not in lanes.
template <int Threads>
DIFFAM_LANE_OP bool writes_for_threads() {
#if defined(__CUDA_ARCH__)
  return threadIdx.x % static_cast<unsigned>(Threads) == 0;
#else
  return true;
#endif
}

}  // namespace DIFFAM_LANES

}  // namespace diffam
