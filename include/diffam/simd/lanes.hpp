// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// SIMD vectors: `lanes<T, Count>` is `Count` numbers that are computed with together, `lane_mask` the result
// of comparing them. With gcc and clang they are the compiler's vector types, as wide as the target's
// registers; with nvcc and other compilers an array.
//
// Formulas that are templates of their number type take lanes as they take one number; there `select` stands
// for the ternary operator and `both` for `and`.
//
// `lane_vector<T>` is eight lanes, and has a second meaning on a CUDA device: eight neighbouring threads of a
// warp hold a number each. All eight threads take the same branches; a number that is not in lanes is the
// same in all of them. A kernel with such code has `threads_per_index = lane_count`.
#pragma once

#include "diffam/core/select.hpp"
#include "diffam/simd/detail/registers.hpp"
#include "diffam/simd/detail/threads.hpp"

namespace diffam {

/// Numbers in a cache line.
template <class T>
inline constexpr int lanes_in_line = 64 / static_cast<int>(sizeof(T));

inline namespace DIFFAM_LANES {

// A function of lanes, piece by piece: `piece` computes piece i of the result r.
#define DIFFAM_LANES_EACH(type, piece)                            \
  {                                                               \
    type r;                                                       \
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = piece; \
    return r;                                                     \
  }

template <class T, int Count, int Threads = 1>
struct lane_mask {
  using part = typename detail::lane_storage<T, Count / Threads>::mask;
  static constexpr int parts = static_cast<int>(
      sizeof(T) * (Count / Threads) / sizeof(typename detail::lane_storage<T, Count / Threads>::number));
  part v[parts];

  friend DIFFAM_LANE_OP lane_mask both(const lane_mask& a, const lane_mask& b)
      DIFFAM_LANES_EACH(lane_mask, a.v[i] & b.v[i]);
  friend DIFFAM_LANE_OP lane_mask operator^(const lane_mask& a, const lane_mask& b)
      DIFFAM_LANES_EACH(lane_mask, a.v[i] ^ b.v[i]);
};

template <class T,                       // float or double
          int Count = lanes_in_line<T>,  // a power of two
          int Threads = 1>               // of a device that hold the lanes: 1, or as many as there are lanes
struct lanes {
  using mask = lane_mask<T, Count, Threads>;
  using part = typename detail::lane_storage<T, Count / Threads>::number;
  static constexpr int count = Count;
  static constexpr int parts = mask::parts;
  static constexpr int width = Count / Threads / parts;
  part v[parts];

  lanes() = default;
  /// All lanes the same: x - 0, which compilers know to be x, unlike 0 + x.
  template <class Number>
  requires std::is_arithmetic_v<Number> DIFFAM_LANE_OP explicit lanes(Number x) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] = static_cast<T>(x) - part{};
  }
  static DIFFAM_LANE_OP lanes load(const T* from) {
    lanes r;
    from += detail::own_thread<Threads>();
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) std::memcpy(&r.v[i], from + i * width, sizeof(part));
    return r;
  }
  DIFFAM_LANE_OP void store(T* to) const {
    to += detail::own_thread<Threads>();
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) std::memcpy(to + i * width, &v[i], sizeof(part));
  }

  DIFFAM_LANE_OP lanes& operator+=(const lanes& b) { return *this = *this + b; }
  DIFFAM_LANE_OP lanes& operator-=(const lanes& b) { return *this = *this - b; }
  DIFFAM_LANE_OP lanes& operator*=(const lanes& b) { return *this = *this * b; }
  /// += s b, which compilers fuse.
  DIFFAM_LANE_OP void add_product(T s, const lanes& b) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] += s * b.v[i];
  }
  DIFFAM_LANE_OP void add_product(const lanes& a, const lanes& b) {
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) v[i] += a.v[i] * b.v[i];
  }
#define DIFFAM_LANES_OPERATOR(result, op)                                  \
  friend DIFFAM_LANE_OP result operator op(const lanes& a, const lanes& b) \
      DIFFAM_LANES_EACH(result, a.v[i] op b.v[i])
  DIFFAM_LANES_OPERATOR(lanes, +)
  DIFFAM_LANES_OPERATOR(lanes, -)
  DIFFAM_LANES_OPERATOR(lanes, *)
  DIFFAM_LANES_OPERATOR(lanes, /)
  DIFFAM_LANES_OPERATOR(mask, <)
  DIFFAM_LANES_OPERATOR(mask, >)
  DIFFAM_LANES_OPERATOR(mask, <=)
  DIFFAM_LANES_OPERATOR(mask, >=)
#undef DIFFAM_LANES_OPERATOR
  friend DIFFAM_LANE_OP lanes operator-(const lanes& a) DIFFAM_LANES_EACH(lanes, -a.v[i]);

  /// a where the mask is true, else b.
  friend DIFFAM_LANE_OP lanes select(const mask& m, const lanes& a, const lanes& b)
      DIFFAM_LANES_EACH(lanes, m.v[i] ? a.v[i] : b.v[i]);
  /// a < b ? a : b.
  friend DIFFAM_LANE_OP lanes least(const lanes& a, const lanes& b)
      DIFFAM_LANES_EACH(lanes, detail::minimum<T>(a.v[i], b.v[i]));
  /// a > b ? a : b.
  friend DIFFAM_LANE_OP lanes most(const lanes& a, const lanes& b)
      DIFFAM_LANES_EACH(lanes, detail::maximum<T>(a.v[i], b.v[i]));
  /// The same of numbers none of which is NaN: the fastest operation for it.
  friend DIFFAM_LANE_OP lanes smaller(const lanes& a, const lanes& b)
      DIFFAM_LANES_EACH(lanes, detail::fast_minimum<T>(a.v[i], b.v[i]));
  friend DIFFAM_LANE_OP lanes larger(const lanes& a, const lanes& b)
      DIFFAM_LANES_EACH(lanes, detail::fast_maximum<T>(a.v[i], b.v[i]));
  friend DIFFAM_LANE_OP lanes sqrt(const lanes& a) DIFFAM_LANES_EACH(lanes, detail::square_root<T>(a.v[i]));
  friend DIFFAM_LANE_OP lanes fabs(const lanes& a) {
    return select(a < lanes(0), -a, a);
  }
  /// Rounded towards 0; of numbers below 2^31 in size.
  friend DIFFAM_LANE_OP lanes trunc(const lanes& a)
      DIFFAM_LANES_EACH(lanes,
                        detail::converted<part>(detail::converted<detail::whole_lanes<width>>(a.v[i])));

  /// Horizontal sum, always in one order: the second half of the lanes is added to the first half.
  DIFFAM_LANE_OP T sum() const {
    return joined(detail::lanes_added{});
  }
  /// Horizontal minimum and maximum. A NaN among the lanes may count or not.
  friend DIFFAM_LANE_OP T least_of(const lanes& a) {
    return detail::of_thread<Threads>(a.joined(detail::lanes_minimum<T>{}), 0);
  }
  friend DIFFAM_LANE_OP T most_of(const lanes& a) {
    return detail::of_thread<Threads>(a.joined(detail::lanes_maximum<T>{}), 0);
  }

 private:
  template <class Join>
  DIFFAM_LANE_OP T joined(const Join& join) const {
    return detail::join_threads<Threads>(
        detail::join_lanes_of<T>(detail::join_registers<parts>(v, join), join), join);
  }
};
#undef DIFFAM_LANES_EACH

template <class T>
using lane_vector = lanes<T, lane_count, detail::lane_threads>;

}  // namespace DIFFAM_LANES

}  // namespace diffam
