// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The forward kernel of the renderer by shards; each index is a shard (mlp/shards.hpp has the formulas).
#pragma once

#include "diffam/render/mlp/shards.hpp"

namespace diffam::detail {

/// Kernel of one shard of points: writes y, and keeps the values that backward needs.
template <class T>
struct mlp_forward_kernel {
  mlp_shards<T> f;
  view<const T> x;  // N x C: column 0
  view<T> y;        // N x 1

  DIFFAM_HOST_DEVICE void operator()(index_t shard) const {
    const mlp_scratch<T> own = f.scratch_of(shard);
    for (index_t block = f.first_block(shard); block < f.first_block(shard + 1); ++block)
      run_block(block, own);
  }

 private:
  using row = lanes<T>;

  DIFFAM_HOST_DEVICE void run_block(index_t block, const mlp_scratch<T>& own) const {
    first_layer(block, own);
    rectify(0, block, own, [](index_t, index_t, const row& z) { return z; });
    for (index_t l = 1; l < f.hidden_layers(); ++l) hidden_layer(l, block, own);
    output(block);
  }

  /// Computes z of layer 0.
  DIFFAM_HOST_DEVICE void first_layer(index_t block, const mlp_scratch<T>& own) const {
    const index_t count = f.count_of(block), side = f.layout.side, inputs = f.layout.flat.inputs(0);
    const T* bias = f.folded.data + f.layout.bias(0);
    T* z = f.rectified_row(0, block * mlp_block);
    const mlp_nodes<T> nodes = f.nodes_of(block, x, own);
    if (nodes.count == 0) {
      f.encode(count, own.distance, own.features);
      product<>(product_factors<T>{own.features, side, 1, f.transposed.data, side, inputs},
                product_target<T>{bias, 0, z, side}, count, side);
    } else {
      f.encode(nodes.count, nodes.at, own.features);
      product<>(product_factors<T>{own.features, side, 1, f.transposed.data, side, inputs},
                product_target<T>{nullptr, 0, own.hidden, side}, nodes.count, side);
      product<>(product_factors<T>{own.polynomial, 1, mlp_block, own.hidden, side, nodes.count},
                product_target<T>{bias, 0, z, side}, count, side);
    }
  }

  DIFFAM_HOST_DEVICE void hidden_layer(index_t l, index_t block, const mlp_scratch<T>& own) const {
    const index_t side = f.layout.side, first = block * mlp_block;
    product<>(product_factors<T, every_index, listed_indices>{f.rectified_row(l - 1, first),
                                                              side,
                                                              1,
                                                              f.transposed.row(l * side),
                                                              side,
                                                              f.count_of_units(l - 1, block),
                                                              {},
                                                              f.units_of(l - 1, block)},
              product_target<T>{nullptr, 0, f.rectified_row(l, first), side}, f.count_of(block), side);
    const T* bias = f.folded.data + f.layout.bias(l);
    const T* sums = f.row_sums.row(l);
    rectify(l, block, own, [&](index_t i, index_t j, const row& sum) {
      const row_moments<T>& m = f.moments_of(l - 1, i);
      return row(m.inverse_deviation) * (sum - row(m.mean) * row::load(sums + j)) + row::load(bias + j);
    });
  }

  /// Turns the stored values of layer l into z by `finish(point, column, lanes)`, then into r. Writes r, its
  /// moments, and the list of units that are active (r > 0) at some point of the block.
  template <class Finish>
  DIFFAM_HOST_DEVICE void rectify(index_t l, index_t block, const mlp_scratch<T>& own,
                                  Finish&& finish) const {
    const index_t side = f.layout.side, width = f.layout.flat.width;
    const index_t first = block * mlp_block, end = first + f.count_of(block);
    T* const total = own.other;  // by unit: sum over the points; 0 if the unit is inactive at all of them
    for (index_t j = 0; j < side; ++j) total[j] = T(0);
    // Sums over the rows of the points, for the means and then for the deviations. The divisions and square
    // roots come after the loop for all points at once, because those of a single point depend on each other.
    alignas(64) T sums[mlp_block] = {};
    for (index_t i = first; i < end; ++i) {
      T* r = f.rectified_row(l, i);
      row sum(0);  // columns from `width` on are zero
      for (index_t j = 0; j < side; j += row::count) {
        const row passed = relu_value(finish(i, j, row::load(r + j)));
        passed.store(r + j);
        (row::load(total + j) + passed).store(total + j);
        sum += passed;
      }
      sums[i - first] = sum.sum();
    }
    row_moments<T>* const moments = f.moments.data + l * f.points();
    const T share = T(1) / static_cast<T>(width);
    for (index_t i = first; i < end; ++i) {
      const T mean = moments[i].mean = sums[i - first] * share;
      sums[i - first] = sum_over_row(f.rectified_row(l, i), width, square_about<T>{mean});
    }
    for (index_t i = 0; i < mlp_block; i += row::count)
      inverse_deviation(row::load(sums + i) * row(share)).store(sums + i);
    for (index_t i = first; i < end; ++i) moments[i].inverse_deviation = sums[i - first];
    stored_index* units = f.units.row(l * f.blocks() + block);
    stored_index count = 0;
    for (index_t j = 0; j < width; ++j)
      if (!(total[j] == T(0))) units[count++] = static_cast<stored_index>(j);
    f.count_of_units(l, block) = count;
  }

  DIFFAM_HOST_DEVICE void output(index_t block) const {
    const index_t l = f.hidden_layers(), side = f.layout.side;
    const index_t first = block * mlp_block, end = first + f.count_of(block);
    const T* weight = f.folded.data + f.layout.weight(l);
    const T bias = f.folded[f.layout.bias(l)], sum = f.row_sums(l, 0);
    for (index_t i = first; i < end; ++i) {
      const row_moments<T>& m = f.moments_of(l - 1, i);
      const T dot = row_dot(weight, f.rectified_row(l - 1, i), side);
      const T value = output_value(f.output, m.inverse_deviation * (dot - m.mean * sum) + bias);
      f.y[i] = value;
      y[f.point(i)] = value;
    }
  }

  /// The dot product of two rows of n elements. Rows are padded with zeros to whole cache lines.
  DIFFAM_HOST_DEVICE static T row_dot(const T* a, const T* b, index_t n) {
    row sum(0);
    for (index_t j = 0; j < n; j += row::count) sum.add_product(row::load(a + j), row::load(b + j));
    return sum.sum();
  }
};

}  // namespace diffam::detail
