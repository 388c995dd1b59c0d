// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels of `spectral_map`. For one vertebra y = w B + t with w = Phi u + r (all row vectors). Pullback: d_w
// = d_y B^T, d_B += w^T d_y, d_t += d_y.
#pragma once

#include "diffam/core/buffer.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam {

/// Copies numbers from host memory to memory space `Memory`, as scalar T.
template <class T, class Memory, class From>
buffer<T, Memory> upload_as(view<From> from) {
  buffer<T> host(from.rows, from.cols);
  for (index_t i = 0; i < from.size(); ++i) host.data()[i] = static_cast<T>(from[i]);
  return make_buffer<Memory>(host.get());
}

/// The matrix B_m of vertebra m.
template <class T>
DIFFAM_HOST_DEVICE mat3<T> load_axes(const view<const T>& x, index_t modes, index_t m) {
  const index_t first = m * (modes + 4) + modes;
  return {{load3(x, first), load3(x, first + 1), load3(x, first + 2)}};
}

/// Columns of the packed coefficients: 3 M, padded with zeros to a multiple of 8 (whole SIMD vectors).
constexpr index_t packed_columns(index_t vertebrae) {
  return (3 * vertebrae + 7) / 8 * 8;
}

/// Packs row k of every U_m side by side.
template <class T>
struct pack_modes_kernel {
  view<const T> x;    // (K + 4) M x 3
  view<T> packed;     // K x padded 3 M
  index_t vertebrae;  // M
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t stride = 3 * (packed.rows + 4);
    for (index_t m = 0; m < vertebrae; ++m)
      for (index_t j = 0; j < 3; ++j) packed(k, 3 * m + j) = x[m * stride + 3 * k + j];
    for (index_t j = 3 * vertebrae; j < packed.cols; ++j) packed(k, j) = T(0);
  }
};

/// Pullback of the packing, added to d_x.
template <class T>
struct unpack_modes_kernel {
  view<const T> packed;  // K x padded 3 M
  view<T> d_x;           // (K + 4) M x 3
  index_t vertebrae;     // M
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t stride = 3 * (packed.rows + 4);
    for (index_t m = 0; m < vertebrae; ++m)
      for (index_t j = 0; j < 3; ++j) d_x[m * stride + 3 * k + j] += packed(k, 3 * m + j);
  }
};

/// Vertex i = m V + v: w = (Phi U_m)_v + R_i, y = w B_m + t_m.
template <class T>
struct affine_kernel {
  view<const T> x, product, residual;  // (K + 4) M x 3, V x padded 3 M, M V x 3
  index_t modes, vertices;             // K, V
  view<T> local, y;                    // M V x 3, written
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t m = i / vertices, v = i - m * vertices;
    const T* p = product.row(v) + 3 * m;
    const vec3<T> w = vec3<T>{p[0], p[1], p[2]} + load3(residual, i);
    store3(local, i, w);
    store3(y, i, w * load_axes(x, modes, m) + load3(x, m * (modes + 4) + modes + 3));
  }
};

/// d_w = d_y B_m^T, written to the memory of `product`.
template <class T>
struct affine_pullback_kernel {
  view<const T> x, d_y;     // (K + 4) M x 3, M V x 3
  index_t modes, vertices;  // K, V
  view<T> d_product;        // V x padded 3 M, written
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t m = i / vertices, v = i - m * vertices;
    const vec3<T> d_w = load_axes(x, modes, m) * load3(d_y, i);
    T* to = d_product.row(v) + 3 * m;
    for (int j = 0; j < 3; ++j) to[j] = d_w[j];
  }
};

/// Sums over a chunk of one vertebra's vertices: w^T d_y (9 numbers), then d_y (3).
template <class T>
struct affine_sums_kernel {
  view<const T> local, d_y;  // M V x 3
  index_t vertices;          // V
  view<T> partial;           // M chunks x 12, written
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t chunks = exec::chunk_count(vertices), m = i / chunks;
    const index_t first = (i - m * chunks) * exec::chunk_size;
    const index_t last = first + exec::chunk_size < vertices ? first + exec::chunk_size : vertices;
    mat3<T> d_axes{};
    vec3<T> d_shift{};
    for (index_t v = m * vertices + first; v < m * vertices + last; ++v) {
      const vec3<T> w = load3(local, v), g = load3(d_y, v);
      for (int r = 0; r < 3; ++r) d_axes.row[r] += g * w[r];
      d_shift += g;
    }
    for (int r = 0; r < 3; ++r)
      for (int j = 0; j < 3; ++j) partial(i, 3 * r + j) = d_axes.row[r][j];
    for (int j = 0; j < 3; ++j) partial(i, 9 + j) = d_shift[j];
  }
};

namespace detail {

/// `affine_sums_kernel` for policies with thread blocks: one block per chunk. Its threads combine their sums
/// in a tree.
template <class T>
struct affine_sums_block {
  static constexpr int threads = 128, sums = 12;
  view<const T> local, d_y;
  index_t vertices;
  view<T> partial;

  index_t shared_bytes() const { return threads * sums * static_cast<index_t>(sizeof(T)); }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    T* const shared = reinterpret_cast<T*>(block.memory());  // sums x threads
    const index_t chunks = exec::chunk_count(vertices), m = block.index() / chunks;
    const index_t first = (block.index() - m * chunks) * exec::chunk_size;
    const index_t last = first + exec::chunk_size < vertices ? first + exec::chunk_size : vertices;
    block.phase([&](int t) {
      T own[sums] = {};
      for (index_t v = m * vertices + first + t; v < m * vertices + last; v += threads) {
        const vec3<T> w = load3(local, v), g = load3(d_y, v);
        for (int r = 0; r < 3; ++r)
          for (int j = 0; j < 3; ++j) own[3 * r + j] += g[j] * w[r];
        for (int j = 0; j < 3; ++j) own[9 + j] += g[j];
      }
      for (int s = 0; s < sums; ++s) shared[s * threads + t] = own[s];
    });
    for (int half = threads / 2; half > 0; half /= 2)
      block.phase([&](int t) {
        if (t >= half) return;
        for (int s = 0; s < sums; ++s) shared[s * threads + t] += shared[s * threads + t + half];
      });
    block.phase([&](int t) {
      if (t < sums) partial(block.index(), t) = shared[t * threads];
    });
  }
};

}  // namespace detail

/// Index 4 m + r: adds the sums of all chunks, in order, to affine row r of vertebra m.
template <class T>
struct add_affine_sums_kernel {
  view<const T> partial;  // M chunks x 12
  index_t chunks, modes;  // chunks of one vertebra; K
  view<T> d_x;            // (K + 4) M x 3
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t m = i / 4, r = i - 4 * m;
    vec3<T> sum{};
    for (index_t c = m * chunks; c < (m + 1) * chunks; ++c)
      for (int j = 0; j < 3; ++j) sum[j] += partial(c, 3 * r + j);
    add3(d_x, m * (modes + 4) + modes + r, sum);
  }
};

}  // namespace diffam
