// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Eight numbers that are computed with together. Where the compiler has vector types (gcc, clang) these are
// used, in pieces as wide as the target's registers; elsewhere, and under nvcc, a plain array and loops.
// Loops of ternaries alone do not do: gcc 12 leaves them scalar unless floating-point traps are switched off.
#pragma once

#include <cmath>
#include <cstring>

#include "diffam/core/config.hpp"

#if defined(__GNUC__) && !defined(__CUDACC__)
#define DIFFAM_VECTOR_TYPES 1
#define DIFFAM_LANE_OP __attribute__((always_inline)) inline
#else
#define DIFFAM_VECTOR_TYPES 0
#define DIFFAM_LANE_OP DIFFAM_HOST_DEVICE inline
#endif

namespace diffam {

inline constexpr int lane_count = 8;

namespace detail {

#if DIFFAM_VECTOR_TYPES

#if defined(__AVX__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif

template <class T>
struct vector_types;
template <>
struct vector_types<float> {
  typedef float number __attribute__((vector_size(vector_bytes)));
  typedef std::int32_t mask __attribute__((vector_size(vector_bytes)));
};
template <>
struct vector_types<double> {
  typedef double number __attribute__((vector_size(vector_bytes)));
  typedef std::int64_t mask __attribute__((vector_size(vector_bytes)));
};

#else

/// One lane a piece, with the few operations of a vector type.
template <class T>
struct vector_types {
  using number = T;
  using mask = bool;
};

#endif

}  // namespace detail

template <class T>
struct lane_mask {
  using part = typename detail::vector_types<T>::mask;
  static constexpr int parts =
      static_cast<int>(lane_count * sizeof(T) / sizeof(typename detail::vector_types<T>::number));
  part v[parts];

  friend DIFFAM_LANE_OP lane_mask operator&(const lane_mask& a, const lane_mask& b) {
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
  /// All lanes the same.
  DIFFAM_LANE_OP explicit lane_vector(T x) {
    for (int i = 0; i < parts; ++i) v[i] = part{} + x;
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
    return select(a < b, a, b);
  }
  friend DIFFAM_LANE_OP lane_vector most(const lane_vector& a, const lane_vector& b) {
    return select(a > b, a, b);
  }
  friend DIFFAM_LANE_OP lane_vector sqrt(const lane_vector& a) {
    using std::sqrt;
    T x[lane_count];
    a.store(x);
    for (int l = 0; l < lane_count; ++l) x[l] = sqrt(x[l]);
    return load(x);
  }
};

/// Lanes in bits: lane l is set where bit 8 l is.
using lane_set = std::uint64_t;

template <class T>
DIFFAM_LANE_OP lane_set to_set(const lane_mask<T>& m) {
  std::uint8_t bytes[lane_count];
  typename lane_mask<T>::part parts[lane_mask<T>::parts];
  for (int i = 0; i < lane_mask<T>::parts; ++i) parts[i] = m.v[i];
#if DIFFAM_VECTOR_TYPES
  constexpr int width = lane_count / lane_mask<T>::parts;
  typedef std::uint8_t narrow __attribute__((vector_size(width)));
  for (int i = 0; i < lane_mask<T>::parts; ++i) {
    const narrow n = __builtin_convertvector(parts[i], narrow);
    std::memcpy(bytes + i * width, &n, width);
  }
#else
  for (int l = 0; l < lane_count; ++l) bytes[l] = parts[l] ? 1 : 0;
#endif
  lane_set s;
  std::memcpy(&s, bytes, sizeof s);
  return s & 0x0101010101010101u;
}

/// The number of the first lane in a set that is not empty; bits in memory order of a little-endian machine.
DIFFAM_LANE_OP int first_lane(lane_set s) {
#if defined(__GNUC__) && !defined(__CUDA_ARCH__)
  return __builtin_ctzll(s) / 8;
#else
  int l = 0;
  while ((s >> (8 * l) & 1u) == 0) ++l;
  return l;
#endif
}

}  // namespace diffam
