// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Eight numbers that are computed with together. Where the compiler has vector types (gcc, clang) these are
// used, in pieces as wide as the target's registers; on the host under nvcc, a plain array and loops; on a
// device, eight threads have a number each (lane_threads.cuh). Loops of ternaries alone do not do: gcc 12
// leaves them scalar unless floating-point traps are switched off. The pieces' width follows the target: as
// with any header-only library, the files of one program are to be compiled for one target.
//
// Code in lanes is one text for both: what is not in lanes is the same in all eight threads. A kernel of such
// code says so (`threads_per_index = lane_count`), and its launch gives every index its eight threads.
#pragma once

#include "diffam/simd/lane_parts.hpp"
#include "diffam/simd/lanes.hpp"

#if defined(__CUDA_ARCH__)
#include "diffam/simd/lane_threads.cuh"
#else

namespace diffam {

inline namespace DIFFAM_LANES {

template <class T>
struct lane_mask {
  using part = typename detail::vector_types<T>::mask;
  static constexpr int parts =
      static_cast<int>(lane_count * sizeof(T) / sizeof(typename detail::vector_types<T>::number));
  part v[parts];

  friend DIFFAM_LANE_OP lane_mask both(const lane_mask& a, const lane_mask& b) {
    lane_mask r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] & b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_mask operator^(const lane_mask& a, const lane_mask& b) {
    lane_mask r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] ^ b.v[i];
    return r;
  }
};

template <class T>
struct lane_vector {
  using part = typename detail::vector_types<T>::number;
  static constexpr int parts = lane_mask<T>::parts;
  static constexpr int width = lane_count / parts;
  part v[parts];

  lane_vector() = default;
  /// All lanes the same: as `lanes`.
  DIFFAM_LANE_OP explicit lane_vector(T x) {
    for (int i = 0; i < parts; ++i) v[i] = x - part{};
  }
  static DIFFAM_LANE_OP lane_vector load(const T* from) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) std::memcpy(&r.v[i], from + i * width, sizeof(part));
    return r;
  }
  DIFFAM_LANE_OP void store(T* to) const {
    for (int i = 0; i < parts; ++i) std::memcpy(to + i * width, &v[i], sizeof(part));
  }

  friend DIFFAM_LANE_OP lane_vector operator+(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] + b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_vector operator-(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] - b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_vector operator*(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] * b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_vector operator/(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] / b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator<(const lane_vector& a, const lane_vector& b) {
    lane_mask<T> r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] < b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator<=(const lane_vector& a, const lane_vector& b) {
    lane_mask<T> r;
    for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] <= b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_mask<T> operator>(const lane_vector& a, const lane_vector& b) { return b < a; }

  /// a where the mask is set, else b.
  friend DIFFAM_LANE_OP lane_vector select(const lane_mask<T>& m, const lane_vector& a,
                                           const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = m.v[i] ? a.v[i] : b.v[i];
    return r;
  }
  friend DIFFAM_LANE_OP lane_vector least(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) detail::take_extreme<false, T>(a.v[i], b.v[i], r.v[i]);
    return r;
  }
  friend DIFFAM_LANE_OP lane_vector most(const lane_vector& a, const lane_vector& b) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) detail::take_extreme<true, T>(a.v[i], b.v[i], r.v[i]);
    return r;
  }
  /// The same where all are numbers: what is cheapest.
  friend DIFFAM_LANE_OP lane_vector smaller(const lane_vector& a, const lane_vector& b) {
    return least(a, b);
  }
  friend DIFFAM_LANE_OP lane_vector larger(const lane_vector& a, const lane_vector& b) { return most(a, b); }
  friend DIFFAM_LANE_OP lane_vector sqrt(const lane_vector& a) {
    lane_vector r;
    for (int i = 0; i < parts; ++i) r.v[i] = detail::part_sqrt<T>(a.v[i]);
    return r;
  }
  /// The least of all lanes; one that is not a number may or may not count.
  friend DIFFAM_LANE_OP T least_of(const lane_vector& a) {
    return a.first_of([](const auto& x, const auto& y) { return y < x ? y : x; });
  }
  /// The most of them, likewise.
  friend DIFFAM_LANE_OP T most_of(const lane_vector& a) {
    return a.first_of([](const auto& x, const auto& y) { return y > x ? y : x; });
  }

 private:
  /// What is left when `better` has decided between halves until none are left.
  template <class Better>
  DIFFAM_LANE_OP T first_of(const Better& better) const {
    T x[lane_count];
#if DIFFAM_VECTOR_TYPES
    part m = v[0];
    for (int i = 1; i < parts; ++i) m = better(m, v[i]);
    const auto two = detail::joined_halves(m, better);
    std::memcpy(x, &two, sizeof two);
    return better(x[0], x[1]);
#else
    store(x);
    T m = x[0];
    for (int l = 1; l < lane_count; ++l) m = better(m, x[l]);
    return m;
#endif
  }
};

/// Lanes added by halves: the same order everywhere.
template <class T>
DIFFAM_LANE_OP T lane_sum(const lane_vector<T>& a) {
  T x[lane_count];
#if DIFFAM_VECTOR_TYPES
  constexpr int parts = lane_vector<T>::parts;
  typename lane_vector<T>::part m = a.v[0];
  if constexpr (parts == 2)
    m = m + a.v[1];
  else if constexpr (parts == 4)
    m = (m + a.v[2]) + (a.v[1] + a.v[3]);
  const auto two = detail::joined_halves(m, [](const auto& low, const auto& high) { return low + high; });
  std::memcpy(x, &two, sizeof two);
  return x[0] + x[1];
#else
  a.store(x);
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
#endif
}

template <class T>
DIFFAM_LANE_OP lane_set to_set(const lane_mask<T>& m) {
#if DIFFAM_VECTOR_TYPES
  lane_set s = 0;
  constexpr int width = lane_count / lane_mask<T>::parts;
  for (int i = 0; i < lane_mask<T>::parts; ++i) s |= detail::sign_bits<T>(m.v[i]) << (i * width);
  return s;
#else
  lane_set s = 0;
  for (int l = 0; l < lane_count; ++l) s |= m.v[l] ? 1u << l : 0u;
  return s;
#endif
}

/// The number of the first lane in a set that is not empty.
DIFFAM_LANE_OP int first_lane(lane_set s) {
#if defined(__GNUC__)
  return __builtin_ctz(s);
#else
  int l = 0;
  while ((s >> l & 1u) == 0) ++l;
  return l;
#endif
}

/// Writes base + l for each lane l of the set to `out`, which has room for eight whatever the set, and
/// returns how many there are. No branch: which lanes are set cannot be foretold.
DIFFAM_LANE_OP int append_lanes(lane_set s, stored_index base, stored_index* out) {
#if DIFFAM_VECTOR_TYPES
  detail::store_lanes_of(s, base, out);
  return __builtin_popcount(s);
#else
  int n = 0;
  for (int l = 0; l < lane_count; ++l)
    if ((s >> l & 1u) != 0) out[n++] = base + l;
  return n;
#endif
}

/// The numbers of all lanes, one by one.
template <class T, int Lanes = lane_count>
struct lane_values {
  T x[Lanes];
  template <class Number>
  DIFFAM_LANE_OP explicit lane_values(const Number& v) {
    v.store(x);
  }
  DIFFAM_LANE_OP T operator[](int l) const { return x[l]; }
};
template <class T>
DIFFAM_LANE_OP lane_values<T> values_of(const lane_vector<T>& v) {
  return lane_values<T>(v);
}
template <class T, int Lanes>
DIFFAM_LANE_OP lane_values<T, Lanes> values_of(const lanes<T, Lanes>& v) {
  return lane_values<T, Lanes>(v);
}

/// A list of at most N that lanes are appended to. `For` tells lists apart that are alive at the same time.
template <class X, int N, class For, int Groups = 1>
struct lane_list {
  X x[N];
  DIFFAM_LANE_OP operator X*() { return x; }
};

/// The numbers of the lanes that a thread computes.
template <class T>
using own_lane_values = lane_values<T>;

/// How many lanes a set has.
DIFFAM_LANE_OP int count_lanes(lane_set s) {
#if defined(__GNUC__)
  return __builtin_popcount(s);
#else
  int n = 0;
  for (; s != 0; s &= s - 1) ++n;
  return n;
#endif
}

/// The lanes that a thread computes: `first_own_lane()`, and every `own_lane_step`-th from there.
inline constexpr int own_lane_step = 1;
DIFFAM_LANE_OP int first_own_lane() {
  return 0;
}

/// Whether this thread is the one that writes what is not in lanes.
DIFFAM_LANE_OP bool writes_for_lanes() {
  return true;
}

/// The sum of what the threads of an index have.
template <class T>
DIFFAM_LANE_OP T sum_of_threads(T x) {
  return x;
}

/// Threads of an index see what each has written to lists.
DIFFAM_LANE_OP void join_lanes() {}

}  // namespace DIFFAM_LANES

}  // namespace diffam

#endif
