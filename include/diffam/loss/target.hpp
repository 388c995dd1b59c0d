// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Target policies of `image_loss`: the intensities with which the rendered ones are compared. A target has
// `rows()`. In kernels, `operator()(i)` returns the intensity of row i and its weight (0: the row does not
// count). A target that can evaluate several rows at once also has `sample_block`. Backward treats targets as
// constants.
#pragma once

#include <concepts>

#include "diffam/core/view.hpp"
#include "diffam/image/at_lanes.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/plane.hpp"

namespace diffam {

/// The intensity wanted for one row, and its weight.
template <class T>
struct target_sample {
  T value;
  T weight;
};

/// A target of `image_loss` with scalar T.
template <class F, class T>
concept target_of = requires(const F& f, index_t i) {
  { f.rows() } -> std::same_as<index_t>;
  { f(i) } -> std::same_as<target_sample<T>>;
};

/// Fixed intensities, which the caller owns.
template <real T>
struct fixed_target {
  view<const T> values;  // N x 1
  view<const T> mask{};  // N x 1 weights; empty: all 1

  index_t rows() const { return values.rows; }
  DIFFAM_HOST_DEVICE target_sample<T> operator()(index_t i) const {
    return {values[i], mask.empty() ? T(1) : mask[i]};
  }
};

/// The image at the current points, with the current blur. Points outside the image or the mask do not count.
template <real T,                          // scalar
          class Image = image_sampler<T>,  // value(p), inside(p)
          class Mask = all_points>         // bool operator()(p); or before_planes<T>
struct sampled_target {
  view<const T> points;  // N x 3, unit lengths; may be redrawn before each forward
  Image image;
  Mask mask{};

  index_t rows() const { return points.rows; }
  DIFFAM_HOST_DEVICE target_sample<T> operator()(index_t i) const {
    const vec3<T> p = load3(points, i);
    if (!image.inside(p) || !mask(p)) return {T(0), T(0)};
    return {image.value(p), T(1)};
  }
  /// The same for a block of rows at once.
  template <int Count>
  DIFFAM_HOST_DEVICE void sample_block(const lane_block<Count>& block, target_sample<T> (&to)[Count]) const {
    lane_columns<T, 3, Count> at;
    for (int l = 0; l < Count; ++l) at.set(0, l, load3(points, block.index_of(l)));
    alignas(64) T value[Count], weight[Count];
    detail::value_at(image, at.vectors(0)).store(value);
    detail::inside_at(image, at.vectors(0)).store(weight);
    for (int l = 0; l < Count; ++l) {
      const bool counts = weight[l] > T(0) && mask(at.vector(0, l));
      to[l] = {counts ? value[l] : T(0), counts ? T(1) : T(0)};
    }
  }
};

}  // namespace diffam
