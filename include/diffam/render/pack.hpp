// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A pack: 32 bytes of numbers that a processor works on at once. gcc and clang get their vector type (they
// turn it into whatever the target has), other compilers an array. Passed by reference only: passing a vector
// type by value would make the calling convention depend on the target.
#pragma once

#include "diffam/core/config.hpp"

namespace diffam::detail {

#if defined(__GNUC__) && !defined(__CUDACC__)
template <class T>
struct pack_storage;
template <>
struct pack_storage<float> {
  typedef float type __attribute__((vector_size(32)));
  typedef float anywhere __attribute__((vector_size(32), aligned(4), may_alias));  // in memory
};
template <>
struct pack_storage<double> {
  typedef double type __attribute__((vector_size(32)));
  typedef double anywhere __attribute__((vector_size(32), aligned(8), may_alias));
};

template <class T>  // float or double
struct pack {
  static constexpr index_t lanes = 32 / sizeof(T);
  using anywhere = typename pack_storage<T>::anywhere;
  typename pack_storage<T>::type v;

  void load(const T* p) { v = *reinterpret_cast<const anywhere*>(p); }
  void store(T* p) const { *reinterpret_cast<anywhere*>(p) = v; }
  void set(T s) { v = s - typename pack_storage<T>::type{}; }
  void add(const pack& a) { v += a.v; }
  void subtract(const pack& a) { v -= a.v; }
  void multiply(const pack& a) { v *= a.v; }
  void add_product(T s, const pack& b) { v += s * b.v; }
  void add_product(const pack& a, const pack& b) { v += a.v * b.v; }
#else
template <class T>  // float or double
struct pack {
  static constexpr index_t lanes = 32 / sizeof(T);
  T v[lanes];

  DIFFAM_HOST_DEVICE void load(const T* p) {
    for (index_t i = 0; i < lanes; ++i) v[i] = p[i];
  }
  DIFFAM_HOST_DEVICE void store(T* p) const {
    for (index_t i = 0; i < lanes; ++i) p[i] = v[i];
  }
  DIFFAM_HOST_DEVICE void set(T s) {
    for (index_t i = 0; i < lanes; ++i) v[i] = s;
  }
  DIFFAM_HOST_DEVICE void add(const pack& a) {
    for (index_t i = 0; i < lanes; ++i) v[i] += a.v[i];
  }
  DIFFAM_HOST_DEVICE void subtract(const pack& a) {
    for (index_t i = 0; i < lanes; ++i) v[i] -= a.v[i];
  }
  DIFFAM_HOST_DEVICE void multiply(const pack& a) {
    for (index_t i = 0; i < lanes; ++i) v[i] *= a.v[i];
  }
  DIFFAM_HOST_DEVICE void add_product(T s, const pack& b) {
    for (index_t i = 0; i < lanes; ++i) v[i] += s * b.v[i];
  }
  DIFFAM_HOST_DEVICE void add_product(const pack& a, const pack& b) {
    for (index_t i = 0; i < lanes; ++i) v[i] += a.v[i] * b.v[i];
  }
#endif
  /// Sum of the lanes, always in one order.
  DIFFAM_HOST_DEVICE T sum() const {
    static_assert(lanes == 8 || lanes == 4);
    if constexpr (lanes == 8)
      return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
    else
      return (v[0] + v[2]) + (v[1] + v[3]);
  }
};

/// Numbers in a cache line. Rows that packs run over are padded to a multiple of it with zeros.
template <class T>
inline constexpr index_t line = 64 / sizeof(T);

template <class T>
DIFFAM_HOST_DEVICE constexpr index_t padded(index_t n) {
  return (n + line<T> - 1) / line<T> * line<T>;
}

/// sum a_j b_j for j < n.
template <class T>
DIFFAM_HOST_DEVICE T row_dot(const T* a, const T* b, index_t n) {
  constexpr index_t lanes = pack<T>::lanes;
  pack<T> s, p, q;
  s.set(T(0));
  index_t j = 0;
  for (; j + lanes <= n; j += lanes) {
    p.load(a + j);
    q.load(b + j);
    s.add_product(p, q);
  }
  T sum = s.sum();
  for (; j < n; ++j) sum += a[j] * b[j];
  return sum;
}

}  // namespace diffam::detail
