// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The deformable template (Kim & Park 2024, section 2.3, doi 10.1117/12.3006602): V_m = (Phi U_m + R_m) B_m +
// t_m for M vertebrae with one basis Phi. Input, (K + 4) M x 3: for each vertebra K rows U_m, 3 rows B_m
// (images of the template's axes), 1 row t_m. Output, M V x 3: all vertices. One product with Phi serves all
// vertebrae: the U_m are packed side by side into a K x 3 M matrix.
#pragma once

#include "diffam/component/component.hpp"
#include "diffam/shape/spectral_map/kernels.hpp"

namespace diffam {

/// Coefficients of M vertebrae -> vertices.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class spectral_map {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> packed;   // K x padded 3 M: the U_m side by side; in backward their gradients
    view<T> product;  // V x padded 3 M: Phi U_m; in backward its gradient
    view<T> local;    // M V x 3: Phi U_m + R_m
    view<T> partial;  // chunks x 12: sums for B_m and t_m
  };

  /// `phi` is V x K, `residuals` M V x 3, both in host memory. Throws `error` on wrong extents.
  spectral_map(view<const double> phi, view<const double> residuals)
      : phi_(upload_as<T, typename Exec::memory>(phi)),
        residual_(upload_as<T, typename Exec::memory>(residuals)) {
    if (phi.size() == 0)
      throw error("spectral_map: expected a basis of V x K, got " + to_string(phi.extent()));
    require_cols("spectral_map", "residuals", 3, residuals.extent());
    if (residuals.rows == 0 || residuals.rows % phi.rows != 0)
      throw error("spectral_map: expected residuals of M times " + std::to_string(phi.rows) +
                  " rows (vertices of the basis), got " + to_string(residuals.extent()));
  }

  index_t vertex_count() const { return phi_.get().rows; }  // of one vertebra
  index_t modes() const { return phi_.get().cols; }
  index_t vertebra_count() const { return residual_.get().rows / vertex_count(); }

  extent output_extent(extent in) const {
    require_extent("spectral_map", "coefficients", {(modes() + 4) * vertebra_count(), 3}, in);
    return residual_.get().extent();
  }
  workspace plan(arena& a, extent) const {
    const index_t m = vertebra_count(), v = vertex_count();
    return {a.take<T>(modes(), packed_columns(m)), a.take<T>(v, packed_columns(m)), a.take<T>(v * m, 3),
            a.take<T>(m * diffam::exec::chunk_count(v), 12)};
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    const index_t all = vertebra_count() * vertex_count();
    e.for_each_index(modes(), pack_modes_kernel<T>{x, w.packed, vertebra_count()}, 16);
    e.fill(w.product, T(0));
    e.gemm(phi_.get(), view<const T>(w.packed), w.product);
    e.for_each_index(all,
                     affine_kernel<T>{x, w.product, residual_.get(), modes(), vertex_count(), w.local, y});
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    if (d_x.empty()) return;
    const index_t all = vertebra_count() * vertex_count(), chunks = diffam::exec::chunk_count(vertex_count());
    e.for_each_index(all, affine_pullback_kernel<T>{x, d_y, modes(), vertex_count(), w.product});
    if constexpr (diffam::exec::has_blocks<Exec>)
      e.for_each_block(vertebra_count() * chunks,
                       detail::affine_sums_block<T>{w.local, d_y, vertex_count(), w.partial});
    else
      e.for_each_index(vertebra_count() * chunks,
                       affine_sums_kernel<T>{w.local, d_y, vertex_count(), w.partial}, 1);
    e.for_each_index(vertebra_count() * 4, add_affine_sums_kernel<T>{w.partial, chunks, modes(), d_x});
    e.fill(w.packed, T(0));
    e.gemm_transposed(phi_.get(), view<const T>(w.product), w.packed);
    e.for_each_index(modes(), unpack_modes_kernel<T>{w.packed, d_x, vertebra_count()}, 16);
  }

 private:
  buffer<T, typename Exec::memory> phi_;       // V x K
  buffer<T, typename Exec::memory> residual_;  // M V x 3
};

}  // namespace diffam
