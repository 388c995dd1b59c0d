// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What every search for the closest face keeps: how near the nearest surface seen is, beyond what distance
// nothing can be the closest, and the best of the faces settled.
#pragma once

#include "diffam/sdf/closest_lanes.hpp"
#include "diffam/sdf/tree_refit.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam::detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr T rounding() {
  return sizeof(T) == 4 ? T(1.1920929e-7) : T(2.220446049250313e-16);
}

/// Beyond any distance that is finite, below the infinite one of an empty box.
template <class T>
DIFFAM_HOST_DEVICE constexpr T out_of_reach() {
  return sizeof(T) == 4 ? T(3.4028235e38) : T(1.7976931348623157e308);
}

/// Distances in the faces' planes serve to prune; the few faces that they leave are settled by the formula.
/// The margin covers the rounding of both.
template <class T>
struct search_bound {
  const tree_view<T>& tree;
  vec3<T> p;
  T margin;
  T lowest = out_of_reach<T>();  // least squared distance seen
  T bound = out_of_reach<T>();   // beyond it nothing can be the closest
  nearest_face<T> best = no_face<T>();

  DIFFAM_HOST_DEVICE search_bound(const tree_view<T>& t, const vec3<T>& point)
      : tree(t), p(point), margin(T(64) * rounding<T>() * *t.size) {}

  DIFFAM_LANE_OP void lower(T d2) {
    using std::sqrt;
    lowest = d2 < lowest ? d2 : lowest;
    const T d = sqrt(lowest) * (T(1) + T(64) * rounding<T>()) + margin;
    const T d_d = d * d;
    bound = d_d < out_of_reach<T>() ? d_d : out_of_reach<T>();
  }

  /// The lanes that the bound leaves.
  DIFFAM_LANE_OP lane_set within(const lane_vector<T>& d2) const {
    return to_set(d2 <= lane_vector<T>(bound));
  }

  /// The formula on the faces of a leaf that the bound still leaves.
  DIFFAM_LANE_OP void settle(stored_index leaf, const lane_vector<T>& d2) {
    const lane_set near = within(d2);
    if (near != 0) settle_lanes(tree.triangles[leaf], near, p, best);
  }
};

}  // namespace diffam::detail
