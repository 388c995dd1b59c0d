// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The least policy that runs kernels on a device, so that `template class component<float, device>` compiles
// every kernel of a component for it. Slow and plain: it is compiled, and never run here.
#pragma once

#include "diffam/component/component.hpp"

namespace diffam::test {

struct device_memory {
  static void* allocate(std::size_t bytes) {
    void* p = nullptr;
    if (cudaMalloc(&p, bytes) != cudaSuccess)
      throw error("device_memory: out of memory", error_kind::no_device);
    return p;
  }
  static void deallocate(void* p, std::size_t) noexcept { cudaFree(p); }
  static void zero(void* p, std::size_t bytes) { cudaMemset(p, 0, bytes); }
  static void copy_from_host(void* to, const void* from, std::size_t bytes) {
    cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice);
  }
  static void copy_to_host(void* to, const void* from, std::size_t bytes) {
    cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost);
  }
};

template <class F>
__global__ void loop(F f, index_t n) {
  const index_t i = static_cast<index_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) f(i);
}

template <class T>
struct fill_kernel {
  view<T> x;
  T value;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] = value; }
};

template <class T>
struct copy_kernel {
  view<const T> from;
  view<T> to;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { to[i] = from[i]; }
};

template <class F, class T>
struct whole_sum_kernel {
  F f;
  index_t n;
  T* out;
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    T sum = 0;
    for (index_t i = 0; i < n; ++i) sum += f(i);
    *out = sum;
  }
};

template <class T>
struct whole_scatter_kernel {
  view<const stored_index> keys;
  view<const T> rows;
  view<T> out;
  DIFFAM_HOST_DEVICE void operator()(index_t j) const {
    for (index_t i = 0; i < keys.size(); ++i)
      if (keys[i] >= 0) out(keys[i], j) += rows(i, j);
  }
};

/// c += a b, or a^T b.
template <class T, bool Transposed>
struct product_kernel {
  view<const T> a, b;
  view<T> c;
  DIFFAM_HOST_DEVICE void operator()(index_t ij) const {
    const index_t i = ij / c.cols, j = ij % c.cols;
    for (index_t k = 0; k < b.rows; ++k) c[ij] += (Transposed ? a(k, i) : a(i, k)) * b(k, j);
  }
};

struct device {
  using memory = device_memory;

  template <class F>
  void for_each_index(index_t n, const F& f, index_t = 1) const {
    if (n > 0) loop<<<static_cast<unsigned>((n + 127) / 128), 128>>>(f, n);
  }
  template <class T>
  void fill(view<T> x, std::type_identity_t<T> value) const {
    for_each_index(x.size(), fill_kernel<T>{x, value});
  }
  template <class T>
  void copy(view<const T> from, view<std::type_identity_t<T>> to) const {
    for_each_index(from.size(), copy_kernel<T>{from, to});
  }
  static constexpr index_t reduce_scratch(index_t) { return 1; }
  template <class F, class T>
  void reduce(index_t n, const F& f, T* out, view<T>) const {
    for_each_index(1, whole_sum_kernel<F, T>{f, n, out});
  }
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows,
                   view<std::type_identity_t<T>> out) const {
    for_each_index(out.cols, whole_scatter_kernel<T>{keys, rows, out});
  }
  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    for_each_index(c.size(), product_kernel<T, false>{a, b, c});
  }
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    for_each_index(c.size(), product_kernel<T, true>{a, b, c});
  }
};
static_assert(exec::policy<device>);

}  // namespace diffam::test
