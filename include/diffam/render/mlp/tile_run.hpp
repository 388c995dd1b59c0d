// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The forward and backward pass of the renderer by tiles: two launches forward, three backward.
#pragma once

#include "diffam/exec/branches.hpp"
#include "diffam/render/mlp/tile_backward.hpp"
#include "diffam/render/mlp/tile_forward.hpp"

namespace diffam::detail {

/// The state of the renderer by tiles, before its memory is planned. `used` is true if the layout fits into a
/// tile, and the tile into the shared memory of a block.
template <class T, exec::has_blocks Exec>
mlp_tiles<T> mlp_tiles_for(const mlp_layout<T>& layout, output_kind output, view<const T> frequencies) {
  mlp_tiles<T> f{{layout}, output, frequencies, {}, {}, {}, {}, false};
  f.used = f.layout.fits() && mlp_tile_memory<T>::bytes(layout.hidden_layers) <= Exec::block_bytes();
  return f;
}

template <class T, exec::has_blocks Exec>
void run_mlp_tiles(const Exec& e, const mlp_tiles<T>& f, view<const T> flat, view<const T> x, view<T> y) {
  e.for_each_index(f.layout.size(), mlp_fold_kernel<T>{f.layout, flat, f.folded});
  e.for_each_block(f.tile_count(x.rows), mlp_tile_forward<T>{f, x, y});
}

template <class T, exec::has_blocks Exec>
void pull_mlp_tiles(const Exec& e, const mlp_tiles<T>& f, view<const T> flat, view<const T> x,
                    view<const T> d_y, view<T> d_x, view<T> gradient) {
  if (x.rows == 0) return;
  e.for_each_block(f.partial.rows, mlp_tile_backward<T>{f, x, d_y, d_x});
  exec::later(e, [&](const Exec& own) {
    const row_sum_block<T> sum{f.partial, f.total};
    own.for_each_block(sum.blocks(), sum);
    own.for_each_index(gradient.size(), mlp_unfold_kernel<T>{f.layout, flat, f.total, gradient});
  });
}

}  // namespace diffam::detail
