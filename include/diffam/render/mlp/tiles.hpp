// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The memory of the renderer by tiles of points (mlp/tile.hpp): the memory that forward and backward share,
// and the shared memory of a thread block.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/mlp/folded.hpp"
#include "diffam/render/mlp/tile_products.hpp"

namespace diffam::detail {

inline constexpr index_t mlp_tile_blocks = 512;  // greatest number of thread blocks of the backward kernel:
                                                 // rows of `partial`

/// The values that forward and backward share.
template <class T>
struct mlp_tiles {
  mlp_folded_layout<T> layout;
  output_kind output = output_kind::identity;
  view<const T> frequencies;  // F x 1
  view<T> folded;             // folded parameters
  view<T> y;                  // N x 1
  view<T> partial;            // blocks x folded size: gradients of the points of a block
  view<T> total;              // folded size: their sums
  bool used = false;          // false: the renderer runs by shards (mlp/shards.hpp)

  DIFFAM_HOST_DEVICE index_t hidden_layers() const { return layout.flat.hidden_layers; }
  DIFFAM_HOST_DEVICE int width() const { return static_cast<int>(layout.flat.width); }
  DIFFAM_HOST_DEVICE static constexpr index_t tile_count(index_t points) {
    return (points + mlp_tile_shape<T>::points - 1) / mlp_tile_shape<T>::points;
  }
  static constexpr index_t block_count(index_t points) {
    const index_t tiles = tile_count(points);
    return tiles < mlp_tile_blocks ? tiles : mlp_tile_blocks;
  }

  void plan(arena& a, index_t points) {
    folded = a.take<T>(layout.size());
    y = a.take<T>(points);
    partial = a.take<T>(block_count(points), layout.size());
    total = a.take<T>(layout.size());
  }
};

/// The shared memory of a thread block. The backward kernel keeps all hidden layers, the forward kernel none.
/// `slots` holds matrices of points x side. Slot l belongs to hidden layer l; slot 1 first holds the
/// features.
template <class T>
struct mlp_tile_memory {
  using shape = mlp_tile_shape<T>;

  T* slots;
  T* weight;              // side x side
  T* bias;                // side
  T* d;                   // points: gradient of the output, before the activation
  T* sums[3];             // one value for each thread
  T* factor;              // kept layers x points: 1 / deviation
  std::uint32_t* passed;  // kept layers x threads: bits of the active units in the columns of a thread

  DIFFAM_HOST_DEVICE mlp_tile_memory(std::byte* memory, index_t kept_layers) {
    T* at = reinterpret_cast<T*>(memory);
    const auto take = [&at](index_t count) {
      T* const from = at;
      at += count;
      return from;
    };
    slots = take(slot_count(kept_layers) * shape::points * shape::pitch);
    weight = take(shape::side * shape::pitch);
    bias = take(shape::side);
    d = take(shape::points);
    for (T*& s : sums) s = take(shape::threads);
    factor = take(kept_layers * shape::points);
    passed = reinterpret_cast<std::uint32_t*>(at);
  }

  DIFFAM_HOST_DEVICE T* row(index_t slot, int r) const {
    return slots + (slot * shape::points + r) * shape::pitch;
  }

  DIFFAM_HOST_DEVICE static constexpr index_t slot_count(index_t kept_layers) {
    return kept_layers < 2 ? 2 : kept_layers;
  }
  static constexpr index_t bytes(index_t kept_layers) {
    const index_t numbers = slot_count(kept_layers) * shape::points * shape::pitch +
                            shape::side * shape::pitch + shape::side + shape::points + 3 * shape::threads +
                            kept_layers * shape::points;
    return numbers * static_cast<index_t>(sizeof(T)) + kept_layers * shape::threads * 4;
  }
};

}  // namespace diffam::detail
