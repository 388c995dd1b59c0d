// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The pieces that lane_vector.hpp is made of: the compiler's vector types where it has them, and the few
// operations on them that need a builtin or a table.
#pragma once

#include <cmath>
#include <cstring>

#include "diffam/core/config.hpp"

// DIFFAM_LANE_OP: code in lanes. DIFFAM_LANE_CALL: one copy of it; on a device none, to stay in registers.
#if defined(__GNUC__) && !defined(__CUDACC__)
#define DIFFAM_VECTOR_TYPES 1
#define DIFFAM_LANE_OP DIFFAM_INLINE
#define DIFFAM_LANE_CALL DIFFAM_NOINLINE
#else
#define DIFFAM_VECTOR_TYPES 0
#if defined(__CUDA_ARCH__)
#define DIFFAM_LANE_OP DIFFAM_HOST_DEVICE __forceinline__
#define DIFFAM_LANE_CALL DIFFAM_LANE_OP
#else
#define DIFFAM_LANE_OP DIFFAM_HOST_DEVICE inline
#define DIFFAM_LANE_CALL DIFFAM_NOINLINE DIFFAM_HOST_DEVICE
#endif
#endif

// DIFFAM_LANES: the namespace of what is laid out as lanes are. One program may have files that see lanes
// differently (a .cpp and a .cu): what they see has different names, and linkers do not mistake it.
#if defined(__CUDA_ARCH__)
#define DIFFAM_LANES lanes_of_threads
#elif !DIFFAM_VECTOR_TYPES
#define DIFFAM_LANES lanes_of_arrays
#elif defined(__AVX__)
#define DIFFAM_LANES lanes_of_32_bytes
#else
#define DIFFAM_LANES lanes_of_16_bytes
#endif

namespace diffam {

inline constexpr int lane_count = 8;

/// Some of the lanes: lane l is in the set where bit l is.
using lane_set = std::uint32_t;
inline constexpr lane_set all_lanes = (1u << lane_count) - 1;

/// The set of lane l alone, empty where that is no lane.
DIFFAM_LANE_OP lane_set lane_alone(stored_index l) {
  return static_cast<std::uint32_t>(l) < lane_count ? 1u << l : 0u;
}

namespace detail {

inline namespace DIFFAM_LANES {

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

/// Lane by lane: gcc knows no square root of its vector types.
template <class T>
DIFFAM_LANE_OP typename vector_types<T>::number part_sqrt(const typename vector_types<T>::number& x) {
#if defined(__AVX__)
  if constexpr (sizeof(T) == 4)
    return __builtin_ia32_sqrtps256(x);
  else
    return __builtin_ia32_sqrtpd256(x);
#else
  using std::sqrt;
  typename vector_types<T>::number r = x;
  for (std::size_t l = 0; l < sizeof(x) / sizeof(T); ++l) r[l] = sqrt(x[l]);
  return r;
#endif
}

#if defined(__AVX__)
/// Lanes in the upper half of a register. gcc's own shuffle takes a whole register to a whole one, which is
/// eight operations on some processors (AMD Zen 1).
DIFFAM_LANE_OP auto upper_half(const vector_types<float>::number& x) {
  return __builtin_ia32_vextractf128_ps256(x, 1);
}
DIFFAM_LANE_OP auto upper_half(const vector_types<double>::number& x) {
  return __builtin_ia32_vextractf128_pd256(x, 1);
}
#endif

/// Joins the upper half of a piece to its lower half, until two lanes are left: the first two of what is
/// returned.
template <class Part, class Join>
DIFFAM_LANE_OP auto joined_halves(const Part& m, const Join& join) {
  constexpr std::size_t lanes = sizeof(m) / sizeof(m[0]);
  if constexpr (sizeof(m) == 32) {
    decltype(upper_half(m)) low;
    std::memcpy(&low, &m, sizeof low);
    return joined_halves(join(low, upper_half(m)), join);
  } else if constexpr (lanes == 4) {
    return join(m, __builtin_shufflevector(m, m, 2, 3, 0, 1));
  } else {
    return m;
  }
}

/// As many rows of a table of three columns of float as a piece has lanes.
struct float_rows {
  vector_types<float>::number x, y, z;
};
/// The rows that begin at the numbers `start`. x and y of a row are loaded at once.
DIFFAM_LANE_OP float_rows part_rows(const float* table, const stored_index* start) {
  typedef double pairs __attribute__((vector_size(vector_bytes)));
  constexpr int lanes = vector_bytes / 4;
  const float* at[lanes];
  double xy[lanes];
  float_rows rows;
  for (int l = 0; l < lanes; ++l) {
    at[l] = table + start[l];
    std::memcpy(&xy[l], at[l], sizeof xy[l]);
  }
  vector_types<float>::number a, b;
#if defined(__AVX__)
  const pairs first{xy[0], xy[1], xy[4], xy[5]}, last{xy[2], xy[3], xy[6], xy[7]};
  std::memcpy(&a, &first, sizeof a), std::memcpy(&b, &last, sizeof b);
  rows.x = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14);
  rows.y = __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
  rows.z = vector_types<float>::number{at[0][2], at[1][2], at[2][2], at[3][2],
                                       at[4][2], at[5][2], at[6][2], at[7][2]};
#else
  const pairs first{xy[0], xy[1]}, last{xy[2], xy[3]};
  std::memcpy(&a, &first, sizeof a), std::memcpy(&b, &last, sizeof b);
  rows.x = __builtin_shufflevector(a, b, 0, 2, 4, 6);
  rows.y = __builtin_shufflevector(a, b, 1, 3, 5, 7);
  rows.z = vector_types<float>::number{at[0][2], at[1][2], at[2][2], at[3][2]};
#endif
  return rows;
}

/// Bit l is the sign of lane l.
template <class T>
DIFFAM_LANE_OP std::uint32_t sign_bits(const typename vector_types<T>::mask& m) {
#if defined(__AVX__)
  if constexpr (sizeof(T) == 4) {
    typename vector_types<T>::number x;
    std::memcpy(&x, &m, sizeof x);
    return static_cast<std::uint32_t>(__builtin_ia32_movmskps256(x));
  } else {
    typename vector_types<T>::number x;
    std::memcpy(&x, &m, sizeof x);
    return static_cast<std::uint32_t>(__builtin_ia32_movmskpd256(x));
  }
#else
  std::uint32_t s = 0;
  for (std::size_t l = 0; l < sizeof(m) / sizeof(m[0]); ++l) s |= m[l] != 0 ? 1u << l : 0u;
  return s;
#endif
}

/// For each set of lanes their numbers, one a byte, in ascending order.
struct lane_table {
  std::uint64_t packed[1u << lane_count];
  constexpr lane_table() : packed() {
    for (unsigned s = 0; s < 1u << lane_count; ++s)
      for (unsigned l = 0, n = 0; l < lane_count; ++l)
        if ((s >> l & 1u) != 0) packed[s] |= std::uint64_t{l} << (8 * n++);
  }
};
inline constexpr lane_table lanes_of_set{};

/// Writes base + l for each lane l of the set, then anything, eight numbers in all. gcc 12 knows the one
/// operation for it by its name alone.
DIFFAM_LANE_OP void store_lanes_of(lane_set s, stored_index base, stored_index* out) {
  typedef std::int32_t numbers __attribute__((vector_size(32)));
#if defined(__AVX2__) && !defined(__clang__)
  typedef std::int64_t words __attribute__((vector_size(16)));
  typedef char bytes __attribute__((vector_size(16)));
  const words packed{static_cast<std::int64_t>(lanes_of_set.packed[s]), 0};
  bytes lanes;
  std::memcpy(&lanes, &packed, sizeof lanes);
  const numbers all = reinterpret_cast<numbers>(__builtin_ia32_pmovzxbd256(lanes)) + base;
#else
  typedef std::uint8_t bytes __attribute__((vector_size(8)));
  bytes lanes;
  std::memcpy(&lanes, &lanes_of_set.packed[s], sizeof lanes);
  const numbers all = __builtin_convertvector(lanes, numbers) + base;
#endif
  std::memcpy(out, &all, sizeof all);
}

#else

template <class T>
DIFFAM_LANE_OP T part_sqrt(T x) {
  using std::sqrt;
  return sqrt(x);
}

/// One lane a piece, with the few operations of a vector type.
template <class T>
struct vector_types {
  using number = T;
  using mask = bool;
};

#endif

}  // namespace DIFFAM_LANES

}  // namespace detail

}  // namespace diffam
