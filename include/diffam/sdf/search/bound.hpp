// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The pruning bound of a search for the closest face. A face or box beyond this distance cannot hold the
// closest point.
#pragma once

#include "diffam/sdf/tree/closest_lanes.hpp"
#include "diffam/sdf/tree/refit.hpp"
#include "diffam/sdf/tree/view.hpp"

namespace diffam::detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr T rounding() {
  return sizeof(T) == 4 ? T(1.1920929e-7) : T(2.220446049250313e-16);
}

/// The largest finite number. It is below the infinite distance of an empty box.
template <class T>
DIFFAM_HOST_DEVICE constexpr T out_of_reach() {
  return sizeof(T) == 4 ? T(3.4028235e38) : T(1.7976931348623157e308);
}

/// The pruning bound of one point. Distances in the local frames of the faces (`triangle_frames`) lower the
/// bound. The few faces within the final bound are computed again by `closest_on_triangle`. The margin covers
/// the rounding of both.
template <class T>
struct bound_of_point {
  vec3<T> p;
  T margin;
  T lowest;  // least squared distance so far
  T bound;   // squared distance beyond which no face can be the closest

  /// The initial bound. It is negative if the point or the scene is not finite: then no face is found.
  static DIFFAM_HOST_DEVICE bound_of_point at(const vec3<T>& point, T scene_size) {
    const bool finite = squared_norm(point) < out_of_reach<T>() && scene_size <= out_of_reach<T>();
    const T far = finite ? out_of_reach<T>() : T(-1);
    return {point, T(64) * rounding<T>() * scene_size, out_of_reach<T>(), far};
  }

  DIFFAM_LANE_OP void lower(T d2) {
    using std::sqrt;
    lowest = d2 < lowest ? d2 : lowest;
    const T d = sqrt(lowest) * (T(1) + T(64) * rounding<T>()) + margin;
    const T d_d = d * d;
    bound = d_d < out_of_reach<T>() ? d_d : out_of_reach<T>();
  }

  /// The set of lanes within the bound.
  DIFFAM_LANE_OP lane_set within(const lane_vector<T>& d2) const {
    return to_set(d2 <= lane_vector<T>(bound));
  }
};

/// The pruning bound of one point in one tree.
template <class T>
struct search_bound : bound_of_point<T> {
  const tree_view<T>& tree;

  DIFFAM_HOST_DEVICE search_bound(const tree_view<T>& t, const vec3<T>& point)
      : bound_of_point<T>(bound_of_point<T>::at(point, t.scene_diagonal())), tree(t) {}

  /// Squared distances to the faces of a leaf, computed in their local frames.
  DIFFAM_LANE_OP lane_vector<T> frame_distances(stored_index leaf) const {
    return frame_squared_distances(tree.triangles[leaf].v[0], tree.frames[leaf], this->p);
  }

  /// Applies `closest_on_triangle` to the faces of a leaf that are within the bound (`d2`: their squared
  /// distances), and replaces `best` if one of them is closer.
  DIFFAM_LANE_OP void resolve_exactly(stored_index leaf, const lane_vector<T>& d2,
                                      nearest_face<T>& best) const {
    const lane_set near = this->within(d2);
    if (near != 0) resolve_triangles(tree.triangles[leaf], near, this->p, best);
  }
};

}  // namespace diffam::detail
