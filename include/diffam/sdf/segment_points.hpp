// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Points policy: several points in the place of each point of another policy, spread evenly along a segment.
// A voxel of a thick slice shows the mean over the thickness. A renderer at these points, followed by the
// mean of each group (component/row_mean.hpp), predicts this mean.
#pragma once

#include <utility>

#include "diffam/sdf/points.hpp"

namespace diffam {

/// Row r of the spread points: point r % K of the group around centre r / K.
template <class T>
struct segment_kernel {
  view<const T> centres;                  // N x 3
  view<const stored_index> centre_faces;  // N, or empty
  vec3<T> along;
  index_t each;
  view<T> points;            // N K x 3, written
  view<stored_index> faces;  // N K, written unless `centre_faces` is empty
  DIFFAM_HOST_DEVICE void operator()(index_t r) const {
    const index_t i = r / each, k = r % each;
    const T at = (static_cast<T>(k) + T(0.5)) / static_cast<T>(each) - T(0.5);
    store3(points, r, load3(centres, i) + along * at);
    if (!centre_faces.empty()) faces[r] = centre_faces[i];
  }
};

/// K points for each point of `Points`, at the middles of K equal parts of a segment that is centred there.
/// K = 1: the same points.
template <real T,                         // scalar
          exec::policy Exec,              // execution policy
          points_policy<T, Exec> Points>  // where the groups are
class segment_points {
  using memory = typename Exec::memory;

 public:
  struct params {
    vec3<double> along{};  // the segment, from end to end, in unit lengths
    index_t each = 1;      // K
  };
  static constexpr bool redrawn = Points::redrawn;

  /// Throws `diffam::error` if K < 1.
  explicit segment_points(Points centres, params p = {}) : centres_(std::move(centres)), params_(p) {
    if (p.each < 1)
      throw error("segment_points: expected at least one point each, got " + std::to_string(p.each));
    if (p.each == 1) return;
    const index_t count = centres_.points().rows * p.each;
    points_ = buffer<T, memory>(count, 3);
    if (!centres_.drawn_from().empty()) face_ = buffer<stored_index, memory>(count);
  }

  /// The centres of the groups (N x 3). The view is the same at every iteration.
  view<const T> centres() const { return centres_.points(); }
  view<const T> points() const { return params_.each == 1 ? centres_.points() : points_.get(); }
  view<const stored_index> drawn_from() const {
    return params_.each == 1 ? centres_.drawn_from() : face_.get();
  }

  void draw(const Exec& e, view<const T> vertices) const {
    centres_.draw(e, vertices);
    if (params_.each == 1) return;
    const vec3<T> along{static_cast<T>(params_.along[0]), static_cast<T>(params_.along[1]),
                        static_cast<T>(params_.along[2])};
    e.for_each_index(points_.get().rows, segment_kernel<T>{centres_.points(), centres_.drawn_from(), along,
                                                           params_.each, points_.get(), face_.get()});
  }

 private:
  Points centres_;
  params params_;
  mutable buffer<T, memory> points_;           // written by draw
  mutable buffer<stored_index, memory> face_;  // written by draw
};

}  // namespace diffam
