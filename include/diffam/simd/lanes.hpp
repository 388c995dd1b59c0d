// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Numbers that are computed with together, a cache line of them unless said. gcc and clang get their vector
// types, in pieces of 32 bytes whatever the target has (they take them apart where its registers are
// narrower), so that a type means the same in every translation unit; other compilers and nvcc get an array.
// Formulas that are templates of their number type work on lanes as on one number; `select` stands for the
// ternary operator in both, `both` for `and`.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "diffam/core/select.hpp"

#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define DIFFAM_UNROLL _Pragma("GCC unroll 16")  // gcc unrolls loops over lanes and tiles at -O3 only
#else
#define DIFFAM_UNROLL
#endif

namespace diffam {

namespace detail {

#if defined(__GNUC__) && !defined(__CUDACC__)
template <class T, int Count>
struct lane_storage {
  static constexpr int all = static_cast<int>(sizeof(T)) * Count;
  static constexpr int bytes = all < 32 ? all : 32;
  typedef T type __attribute__((vector_size(bytes)));
  using mask = decltype(type{} < type{});
};
template <class T>
struct lane_storage<T, 1> {
  using type = T;
  using mask = bool;
};
#else
template <class T, int>
struct lane_storage {
  using type = T;
  using mask = bool;
};
#endif

/// x towards 0, `Count` numbers of it. By reference: a vector that the target has no register for is not
/// returned without a warning.
template <class T, int Count, class Part>
DIFFAM_INLINE void truncate(Part& x) {
#if defined(__GNUC__) && !defined(__CUDACC__)
  if constexpr (Count > 1) {
    typedef std::int32_t whole __attribute__((vector_size(4 * Count)));
    x = __builtin_convertvector(__builtin_convertvector(x, whole), Part);
  }
#endif
  if constexpr (Count == 1) x = static_cast<Part>(static_cast<std::int32_t>(x));
}

/// to = a < b ? a : b, or a > b ? a : b, in one operation: of a comparison with a constant compilers make
/// two.
template <bool Most, class T, class Part>
DIFFAM_INLINE void take_extreme(const Part& a, const Part& b, Part& to) {
#if defined(__AVX__) && defined(__GNUC__) && !defined(__CUDACC__)
#define DIFFAM_EXTREME(bytes, number, suffix)                   \
  if constexpr (sizeof(Part) == bytes && sizeof(T) == number) { \
    if constexpr (Most)                                         \
      to = __builtin_ia32_max##suffix(a, b);                    \
    else                                                        \
      to = __builtin_ia32_min##suffix(a, b);                    \
    return;                                                     \
  }
  DIFFAM_EXTREME(32, 4, ps256)
  DIFFAM_EXTREME(32, 8, pd256)
  DIFFAM_EXTREME(16, 4, ps)
  DIFFAM_EXTREME(16, 8, pd)
#undef DIFFAM_EXTREME
#endif
  if constexpr (Most)
    to = a > b ? a : b;
  else
    to = a < b ? a : b;
}

}  // namespace detail

/// Numbers in a cache line.
template <class T>
inline constexpr int lanes_in_line = 64 / static_cast<int>(sizeof(T));

/// What comparing lanes gives.
template <class T, int Count>
struct lane_choice {
  using part = typename detail::lane_storage<T, Count>::mask;
  static constexpr int parts = static_cast<int>(sizeof(T)) * Count /
                               static_cast<int>(sizeof(typename detail::lane_storage<T, Count>::type));
  part v[parts];

  friend DIFFAM_INLINE lane_choice both(const lane_choice& a, const lane_choice& b) {
    lane_choice r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] & b.v[i];
    return r;
  }
};

template <class T, int Count = lanes_in_line<T>>  // float or double; a power of two
struct lanes {
  using part = typename detail::lane_storage<T, Count>::type;
  static constexpr int count = Count;
  static constexpr int parts = lane_choice<T, Count>::parts;
  static constexpr int width = Count / parts;
  part v[parts];

  lanes() = default;
  /// All lanes the same: x - 0, which compilers know to be x, unlike 0 + x.
  template <class Number>
  requires std::is_arithmetic_v<Number> DIFFAM_INLINE explicit lanes(Number x) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] = static_cast<T>(x) - part{};
  }
  static DIFFAM_INLINE lanes load(const T* from) {
    lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) std::memcpy(&r.v[i], from + i * width, sizeof(part));
    return r;
  }
  DIFFAM_INLINE void store(T* to) const {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) std::memcpy(to + i * width, &v[i], sizeof(part));
  }

  DIFFAM_INLINE lanes& operator+=(const lanes& b) { return *this = *this + b; }
  DIFFAM_INLINE lanes& operator-=(const lanes& b) { return *this = *this - b; }
  DIFFAM_INLINE lanes& operator*=(const lanes& b) { return *this = *this * b; }
  /// += s b, which compilers fuse.
  DIFFAM_INLINE void add_product(T s, const lanes& b) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] += s * b.v[i];
  }
  DIFFAM_INLINE void add_product(const lanes& a, const lanes& b) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] += a.v[i] * b.v[i];
  }
  friend DIFFAM_INLINE lanes operator-(const lanes& a) {
    lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = -a.v[i];
    return r;
  }
#define DIFFAM_LANES_OPERATOR(op)                                            \
  friend DIFFAM_INLINE lanes operator op(const lanes& a, const lanes& b) {   \
    lanes r;                                                                 \
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] op b.v[i]; \
    return r;                                                                \
  }
  DIFFAM_LANES_OPERATOR(+)
  DIFFAM_LANES_OPERATOR(-)
  DIFFAM_LANES_OPERATOR(*)
  DIFFAM_LANES_OPERATOR(/)
#undef DIFFAM_LANES_OPERATOR
#define DIFFAM_LANES_COMPARISON(op)                                                        \
  friend DIFFAM_INLINE lane_choice<T, Count> operator op(const lanes& a, const lanes& b) { \
    lane_choice<T, Count> r;                                                               \
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] op b.v[i];               \
    return r;                                                                              \
  }
  DIFFAM_LANES_COMPARISON(<)
  DIFFAM_LANES_COMPARISON(>)
  DIFFAM_LANES_COMPARISON(<=)
  DIFFAM_LANES_COMPARISON(>=)
#undef DIFFAM_LANES_COMPARISON

  /// a where the choice is true, else b.
  friend DIFFAM_INLINE lanes select(const lane_choice<T, Count>& c, const lanes& a, const lanes& b) {
    lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = c.v[i] ? a.v[i] : b.v[i];
    return r;
  }
  friend DIFFAM_INLINE lanes least(const lanes& a, const lanes& b) {
    lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) detail::take_extreme<false, T>(a.v[i], b.v[i], r.v[i]);
    return r;
  }
  friend DIFFAM_INLINE lanes most(const lanes& a, const lanes& b) {
    lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) detail::take_extreme<true, T>(a.v[i], b.v[i], r.v[i]);
    return r;
  }
  friend DIFFAM_INLINE lanes fabs(const lanes& a) {
    return select(a < lanes(0), -a, a);
  }
  /// Towards 0, of numbers below 2^31 in size.
  friend DIFFAM_INLINE lanes trunc(const lanes& a) {
    lanes r = a;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) detail::truncate<T, width>(r.v[i]);
    return r;
  }
  friend DIFFAM_INLINE lanes sqrt(const lanes& a) {
    using std::sqrt;
    T x[Count];
    a.store(x);
    for (int l = 0; l < Count; ++l) x[l] = sqrt(x[l]);
    return load(x);
  }
  /// Sum of the lanes, always in one order: halves onto halves.
  DIFFAM_INLINE T sum() const {
    if constexpr (Count == 1) {
      return load_one(v[0]);
    } else {
      lanes<T, Count / 2> low, high;
      std::memcpy(&low, &v[0], sizeof low);
      std::memcpy(&high, reinterpret_cast<const char*>(&v[0]) + sizeof low, sizeof high);
      return (low + high).sum();
    }
  }

 private:
  static DIFFAM_INLINE T load_one(const part& x) {
    T one;
    std::memcpy(&one, &x, sizeof one);
    return one;
  }
};

}  // namespace diffam
