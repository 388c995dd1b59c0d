// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The operations of lane_vector.hpp on a device: eight neighbouring threads of a warp have a lane each. They
// go the same way: what they branch on is the same in all eight. For kernels whose
// `threads_per_index` is a multiple of lane_count (lane_groups.hpp).
#pragma once

#include "diffam/simd/lane_parts.hpp"

#if defined(__CUDA_ARCH__)

namespace diffam {

namespace detail {

inline namespace DIFFAM_LANES {

/// The first of the eight threads, in its warp.
DIFFAM_LANE_OP unsigned first_lane_thread() {
  return threadIdx.x % 32u / lane_count * lane_count;
}
DIFFAM_LANE_OP unsigned lane_threads() {
  return all_lanes << first_lane_thread();
}

/// x of lane l.
template <class T>
DIFFAM_LANE_OP T from_lane(T x, int l) {
  return __shfl_sync(lane_threads(), x, l, lane_count);
}
template <class T>
DIFFAM_LANE_OP T from_lane_across(T x, int distance) {
  return __shfl_xor_sync(lane_threads(), x, distance, lane_count);
}

}  // namespace DIFFAM_LANES

}  // namespace detail

inline namespace DIFFAM_LANES {

inline constexpr int own_lane_step = lane_count;
DIFFAM_LANE_OP int first_own_lane() {
  return static_cast<int>(threadIdx.x) % lane_count;
}
DIFFAM_LANE_OP bool writes_for_lanes() {
  return first_own_lane() == 0;
}

DIFFAM_LANE_OP void join_lanes() {
  __syncwarp(detail::lane_threads());
}

template <class T>
struct lane_mask {
  bool v;

  friend DIFFAM_LANE_OP lane_mask both(const lane_mask& a, const lane_mask& b) { return {a.v && b.v}; }
  friend DIFFAM_LANE_OP lane_mask operator^(const lane_mask& a, const lane_mask& b) { return {a.v != b.v}; }
};

template <class T>
struct lane_vector {
  T v;

  lane_vector() = default;
  DIFFAM_LANE_OP explicit lane_vector(T x) : v(x) {}
  static DIFFAM_LANE_OP lane_vector load(const T* from) { return lane_vector(from[first_own_lane()]); }
  DIFFAM_LANE_OP void store(T* to) const { to[first_own_lane()] = v; }

  friend DIFFAM_LANE_OP lane_vector operator+(const lane_vector& a, const lane_vector& b) {
    return lane_vector(a.v + b.v);
  }
  friend DIFFAM_LANE_OP lane_vector operator-(const lane_vector& a, const lane_vector& b) {
    return lane_vector(a.v - b.v);
  }
  friend DIFFAM_LANE_OP lane_vector operator*(const lane_vector& a, const lane_vector& b) {
    return lane_vector(a.v * b.v);
  }
  friend DIFFAM_LANE_OP lane_vector operator/(const lane_vector& a, const lane_vector& b) {
    return lane_vector(a.v / b.v);
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator<(const lane_vector& a, const lane_vector& b) {
    return {a.v < b.v};
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator<=(const lane_vector& a, const lane_vector& b) {
    return {a.v <= b.v};
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator>(const lane_vector& a, const lane_vector& b) { return b < a; }

  friend DIFFAM_LANE_OP lane_vector select(const lane_mask<T>& m, const lane_vector& a,
                                           const lane_vector& b) {
    return m.v ? a : b;
  }
  friend DIFFAM_LANE_OP lane_vector least(const lane_vector& a, const lane_vector& b) {
    return select(a < b, a, b);
  }
  friend DIFFAM_LANE_OP lane_vector most(const lane_vector& a, const lane_vector& b) {
    return select(a > b, a, b);
  }
  friend DIFFAM_LANE_OP lane_vector smaller(const lane_vector& a, const lane_vector& b) {
    return lane_vector(::min(a.v, b.v));
  }
  friend DIFFAM_LANE_OP lane_vector larger(const lane_vector& a, const lane_vector& b) {
    return lane_vector(::max(a.v, b.v));
  }
  friend DIFFAM_LANE_OP lane_vector sqrt(const lane_vector& a) { return lane_vector(::sqrt(a.v)); }

  /// The same in all eight threads also where a lane is not a number.
  friend DIFFAM_LANE_OP T least_of(const lane_vector& a) {
    T m = a.v;
    for (int distance = lane_count / 2; distance > 0; distance /= 2) {
      const T other = detail::from_lane_across(m, distance);
      m = other < m ? other : m;
    }
    return detail::from_lane(m, 0);
  }
};

template <class T>
DIFFAM_LANE_OP T most_of(const lane_vector<T>& a) {
  return -least_of(lane_vector<T>(T(0)) - a);
}

template <class T>
DIFFAM_LANE_OP T lane_sum(const lane_vector<T>& a) {
  T s = a.v;
  for (int distance = lane_count / 2; distance > 0; distance /= 2) s += detail::from_lane_across(s, distance);
  return s;
}

template <class T>
DIFFAM_LANE_OP T sum_of_threads(T x) {
  return lane_sum(lane_vector<T>(x));
}

template <class T>
DIFFAM_LANE_OP lane_set to_set(const lane_mask<T>& m) {
  return __ballot_sync(detail::lane_threads(), m.v) >> detail::first_lane_thread() & all_lanes;
}

DIFFAM_LANE_OP int first_lane(lane_set s) {
  return __ffs(static_cast<int>(s)) - 1;
}

/// Each thread of the set writes its own.
DIFFAM_LANE_OP int append_lanes(lane_set s, stored_index base, stored_index* out) {
  const int l = first_own_lane();
  join_lanes();
  if ((s >> l & 1u) != 0) out[__popc(s & ((1u << l) - 1))] = base + l;
  join_lanes();
  return __popc(s);
}

template <class T>
struct lane_values {
  T v;
  DIFFAM_LANE_OP explicit lane_values(const lane_vector<T>& a) : v(a.v) {}
  DIFFAM_LANE_OP T operator[](int l) const { return detail::from_lane(v, l); }
};
template <class T>
DIFFAM_LANE_OP lane_values<T> values_of(const lane_vector<T>& v) {
  return lane_values<T>(v);
}

template <class T>
struct own_lane_values {
  T v;
  DIFFAM_LANE_OP explicit own_lane_values(const lane_vector<T>& a) : v(a.v) {}
  DIFFAM_LANE_OP T operator[](int) const { return v; }
};

DIFFAM_LANE_OP int count_lanes(lane_set s) {
  return __popc(s);
}

/// Shared by the threads of so many groups. All lists of one type are the same memory.
template <class X, int N, class For, int Groups = 1>
struct lane_list {
  DIFFAM_LANE_OP operator X*() const {
    constexpr int threads = lane_count * Groups;
    __shared__ X x[cuda_block / threads][N];
    return x[threadIdx.x / threads];
  }
};

}  // namespace DIFFAM_LANES

}  // namespace diffam

#endif
