// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sets of lanes as bits, and numbers of single lanes. On a device the eight threads of a `lane_vector` have
// the same set.
#pragma once

#include <bit>

#include "diffam/simd/lanes.hpp"

namespace diffam {

/// Some of the lanes: lane l is in the set where bit l is.
using lane_set = std::uint32_t;
inline constexpr lane_set all_lanes = (1u << lane_count) - 1;

/// The set of lane l alone, empty where that is no lane.
DIFFAM_LANE_OP lane_set lane_alone(stored_index l) {
  return static_cast<std::uint32_t>(l) < lane_count ? 1u << l : 0u;
}

/// The lanes for which a mask is true.
template <class T, int Count, int Threads>
DIFFAM_LANE_OP lane_set to_set(const lane_mask<T, Count, Threads>& m) {
  constexpr int parts = lane_mask<T, Count, Threads>::parts;
  if constexpr (Threads > 1) return detail::threads_where<Threads>(m.v[0]);
  lane_set s = 0;
  DIFFAM_UNROLL for (int i = 0; i < parts; ++i) s |= static_cast<lane_set>(detail::mask_bits<T>(m.v[i]))
                                                     << (i * (Count / Threads / parts));
  return s;
}

/// The first lane of a set that is not empty.
DIFFAM_LANE_OP int first_lane(lane_set s) {
#if defined(__CUDA_ARCH__)
  return __ffs(static_cast<int>(s)) - 1;
#elif defined(__GNUC__)
  return __builtin_ctz(s);
#else
  return std::countr_zero(s);
#endif
}

/// The number of lanes of a set.
DIFFAM_LANE_OP int count_lanes(lane_set s) {
#if defined(__CUDA_ARCH__)
  return __popc(s);
#elif defined(__GNUC__)
  return __builtin_popcount(s);
#else
  return std::popcount(s);
#endif
}

/// The number of each lane. On a device each thread asks for the same lane.
template <class T, int Count = lane_count, int Threads = detail::lane_threads>
struct lane_values {
  T x[Count / Threads];
  DIFFAM_LANE_OP explicit lane_values(const lanes<T, Count, Threads>& v) { std::memcpy(x, v.v, sizeof x); }
  DIFFAM_LANE_OP T operator[](int l) const {
    if constexpr (Threads > 1)
      return detail::of_thread<Threads>(x[0], l);
    else
      return x[l];
  }
  /// The same of a lane that this thread computes.
  DIFFAM_LANE_OP T own(int l) const { return x[Threads > 1 ? 0 : l]; }
};
template <class T, int Count, int Threads>
DIFFAM_LANE_OP lane_values<T, Count, Threads> values_of(const lanes<T, Count, Threads>& v) {
  return lane_values<T, Count, Threads>(v);
}

namespace detail {

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

}  // namespace detail

/// Writes base + l for each lane l of the set to `out`, in ascending order, and returns how many there are.
/// `out` has room for eight whatever the set. There is no branch on the set, because no processor can predict
/// it.
DIFFAM_LANE_OP int append_lanes(lane_set s, stored_index base, stored_index* out) {
#if defined(__CUDA_ARCH__)
  const int l = detail::own_thread<lane_count>();
  detail::meet<lane_count>();
  if ((s >> l & 1u) != 0) out[count_lanes(s & ((1u << l) - 1))] = base + l;
  detail::meet<lane_count>();
#elif DIFFAM_VECTOR_TYPES
  typedef std::int32_t numbers __attribute__((vector_size(32)));
#if defined(__AVX2__) && !defined(__clang__)  // gcc 12 uses this operation only where it is named
  typedef char bytes __attribute__((vector_size(16)));
  typedef std::uint64_t words __attribute__((vector_size(16)));
  const numbers lanes = reinterpret_cast<numbers>(
      __builtin_ia32_pmovzxbd256(reinterpret_cast<bytes>(words{detail::lanes_of_set.packed[s], 0})));
#else
  typedef std::uint8_t bytes __attribute__((vector_size(8)));
  const numbers lanes =
      __builtin_convertvector(detail::same_bits<bytes>(detail::lanes_of_set.packed[s]), numbers);
#endif
  const numbers all = lanes + base;
  std::memcpy(out, &all, sizeof all);
#else
  for (int n = 0; n < count_lanes(s); ++n)
    out[n] = base + static_cast<stored_index>(detail::lanes_of_set.packed[s] >> (8 * n) & 255u);
#endif
  return count_lanes(s);
}

}  // namespace diffam
