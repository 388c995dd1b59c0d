// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The registers that lanes.hpp is made of: the compiler's vector types where it has them (gcc, clang), and
// the few operations on them that need a builtin. Under nvcc a register is one number.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "diffam/core/config.hpp"

// DIFFAM_LANE_OP: an inline function on lanes. DIFFAM_LANE_CALL: a function that is compiled once; a device
// inlines it, so that its numbers stay in registers.
#if defined(__CUDA_ARCH__)
#define DIFFAM_LANE_OP DIFFAM_HOST_DEVICE __forceinline__
#define DIFFAM_LANE_CALL DIFFAM_LANE_OP
#else
#define DIFFAM_LANE_OP DIFFAM_INLINE
#define DIFFAM_LANE_CALL DIFFAM_NOINLINE DIFFAM_HOST_DEVICE
#endif

#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define DIFFAM_UNROLL _Pragma("GCC unroll 16")  // gcc unrolls loops over lanes and tiles at -O3 only
#else
#define DIFFAM_UNROLL
#endif

// DIFFAM_LANES: the inline namespace of all types that contain lanes. The files of one program may lay lanes
// out differently (a .cpp and a .cu). The namespace gives such types different names, so that the linker does
// not take the functions of one for those of the other.
#if !defined(__GNUC__) || defined(__CUDACC__)
#define DIFFAM_VECTOR_TYPES 0
#define DIFFAM_LANES lanes_of_arrays
#elif defined(__AVX__)
#define DIFFAM_VECTOR_TYPES 1
#define DIFFAM_LANES lanes_of_32_bytes
#else
#define DIFFAM_VECTOR_TYPES 1
#define DIFFAM_LANES lanes_of_16_bytes
#endif

namespace diffam::detail {

inline namespace DIFFAM_LANES {

#if defined(__AVX__)
inline constexpr int register_bytes = 32;
#else
inline constexpr int register_bytes = 16;
#endif

/// A register for `Count` numbers: as wide as the target has them, or narrower where so few numbers do not
/// fill one.
template <class T, int Count>
struct lane_storage {
#if DIFFAM_VECTOR_TYPES
  static constexpr int all = static_cast<int>(sizeof(T)) * Count;
  static constexpr int bytes = all < register_bytes ? all : register_bytes;
  typedef T number __attribute__((vector_size(bytes)));
  using mask = decltype(number{} < number{});
#else
  using number = T;
  using mask = bool;
#endif
};
template <class T>
struct lane_storage<T, 1> {
  using number = T;
  using mask = bool;
};
/// As many whole numbers as a register has numbers.
template <int Count>
using whole_lanes = typename lane_storage<std::int32_t, Count>::number;

// Returns the result of the processor's own operation for registers of type Part with numbers of type T.
#if DIFFAM_VECTOR_TYPES && defined(__SSE2__)
#define DIFFAM_X86_16(name, ...)                           \
  if constexpr (sizeof(Part) == 16 && sizeof(T) == 4)      \
    return __builtin_ia32_##name##ps(__VA_ARGS__);         \
  else if constexpr (sizeof(Part) == 16 && sizeof(T) == 8) \
    return __builtin_ia32_##name##pd(__VA_ARGS__);         \
  else
#else
#define DIFFAM_X86_16(name, ...)
#endif
#if DIFFAM_VECTOR_TYPES && defined(__AVX__)
#define DIFFAM_X86(name, ...)                              \
  DIFFAM_X86_16(name, __VA_ARGS__)                         \
  if constexpr (sizeof(Part) == 32 && sizeof(T) == 4)      \
    return __builtin_ia32_##name##ps256(__VA_ARGS__);      \
  else if constexpr (sizeof(Part) == 32 && sizeof(T) == 8) \
    return __builtin_ia32_##name##pd256(__VA_ARGS__);      \
  else
#else
#define DIFFAM_X86(name, ...) DIFFAM_X86_16(name, __VA_ARGS__)
#endif

/// a < b ? a : b, also for zeros of both signs and NaN. Compilers do not always find the one operation for
/// it.
template <class T, class Part>
DIFFAM_LANE_OP Part minimum(const Part& a, const Part& b) {
  DIFFAM_X86(min, a, b)
  return a < b ? a : b;
}
/// a > b ? a : b, likewise.
template <class T, class Part>
DIFFAM_LANE_OP Part maximum(const Part& a, const Part& b) {
  DIFFAM_X86(max, a, b)
  return a > b ? a : b;
}

/// The same of numbers none of which is NaN. A device has an operation of its own for it.
template <class T, class Part>
DIFFAM_LANE_OP Part fast_minimum(const Part& a, const Part& b) {
#if defined(__CUDA_ARCH__)
  return ::min(a, b);
#else
  return minimum<T>(a, b);
#endif
}
template <class T, class Part>
DIFFAM_LANE_OP Part fast_maximum(const Part& a, const Part& b) {
#if defined(__CUDA_ARCH__)
  return ::max(a, b);
#else
  return maximum<T>(a, b);
#endif
}

/// Each number as a number of another type.
template <class To, class From>
DIFFAM_LANE_OP To converted(const From& x) {
#if DIFFAM_VECTOR_TYPES
  if constexpr (!std::is_arithmetic_v<To>)
    return __builtin_convertvector(x, To);
  else
#endif
    return static_cast<To>(x);
}
template <class To, class From>
DIFFAM_LANE_OP To same_bits(const From& x) {
  To to;
  static_assert(sizeof to == sizeof x);
  std::memcpy(&to, &x, sizeof to);
  return to;
}

/// gcc has no square root of its vector types.
template <class T, class Part>
DIFFAM_LANE_OP Part square_root(const Part& x) {
  using std::sqrt;
  DIFFAM_X86(sqrt, x)
  if constexpr (sizeof(Part) == sizeof(T)) {
    return sqrt(x);
  } else {
    Part r = x;
    for (std::size_t l = 0; l < sizeof(Part) / sizeof(T); ++l) r[l] = sqrt(x[l]);
    return r;
  }
}

/// Bit l is lane l of a mask.
template <class T, class Mask>
DIFFAM_LANE_OP int mask_bits(const Mask& m) {
  using Part = typename lane_storage<T, (sizeof(Mask) + sizeof(T) - 1) / sizeof(T)>::number;
  if constexpr (sizeof(Part) == sizeof(T)) {
    return m ? 1 : 0;
  } else {
    [[maybe_unused]] const Part x = same_bits<Part>(m);
    DIFFAM_X86(movmsk, x) {
      int bits = 0;
      for (std::size_t l = 0; l < sizeof(Part) / sizeof(T); ++l) bits |= m[l] != 0 ? 1 << l : 0;
      return bits;
    }
  }
}

/// Joins N registers, each `Step` after the one before: the second half to the first, until one is left.
template <int N, int Step = 1, class Part, class Join>
DIFFAM_LANE_OP Part join_registers(const Part* v, const Join& join) {
  if constexpr (N == 1)
    return v[0];
  else
    return join(join_registers<N / 2, 2 * Step>(v, join), join_registers<N / 2, 2 * Step>(v + Step, join));
}

/// Joins the lanes of a register in the same order. gcc's own shuffle of 32 bytes is eight operations on some
/// processors (AMD Zen 1), so that the upper half is taken by its builtin.
template <class T, class Part, class Join>
DIFFAM_LANE_OP T join_lanes_of(const Part& x, const Join& join) {
  if constexpr (sizeof(Part) == sizeof(T)) {
    return x;
#if DIFFAM_VECTOR_TYPES && defined(__AVX__)
  } else if constexpr (sizeof(Part) == 32) {
    using half = typename lane_storage<T, 16 / sizeof(T)>::number;
    half low, high;
    std::memcpy(&low, &x, sizeof low);
    if constexpr (sizeof(T) == 4)
      high = __builtin_ia32_vextractf128_ps256(x, 1);
    else
      high = __builtin_ia32_vextractf128_pd256(x, 1);
    return join_lanes_of<T>(join(low, high), join);
#endif
#if DIFFAM_VECTOR_TYPES
  } else if constexpr (sizeof(Part) == 4 * sizeof(T)) {
    typename lane_storage<T, 2>::number first;
    const Part two = join(x, __builtin_shufflevector(x, x, 2, 3, 0, 1));
    std::memcpy(&first, &two, sizeof first);
    return join_lanes_of<T>(first, join);
#endif
  } else {
    constexpr int count = sizeof(Part) / sizeof(T);
    T lane[count];
    std::memcpy(lane, &x, sizeof x);
    return join_registers<count>(lane, join);
  }
}

struct lanes_added {
  template <class Part>
  DIFFAM_LANE_OP Part operator()(const Part& a, const Part& b) const {
    return a + b;
  }
};
template <class T>
struct lanes_minimum {
  template <class Part>
  DIFFAM_LANE_OP Part operator()(const Part& a, const Part& b) const {
    return minimum<T>(a, b);
  }
};
template <class T>
struct lanes_maximum {
  template <class Part>
  DIFFAM_LANE_OP Part operator()(const Part& a, const Part& b) const {
    return maximum<T>(a, b);
  }
};

#undef DIFFAM_X86
#undef DIFFAM_X86_16

}  // namespace DIFFAM_LANES

}  // namespace diffam::detail
