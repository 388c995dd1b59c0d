// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Bounding discs of surface patches. A disc is a cylinder whose axis is the mean normal of the patch; it is
// flat if the patch is flat. The bounding box of a tilted patch is as thick as the patch is wide. Therefore
// the number of boxes that meet a ball which touches the surface grows with the square root of the number of
// faces. The number of discs that meet the ball stays small for any mesh. The centre of a disc is a point of
// the surface, so the distance to the centre is an upper bound of the distance to the surface.
#pragma once

#include "diffam/sdf/tree/boxes.hpp"

namespace diffam {

/// Eight bounding discs. An unused lane is far away and has height -inf.
template <class T>
struct alignas(64) disc_lanes {
  T centre[3][lane_count];    // a point of the surface
  T axis[3][lane_count];      // unit vectors
  T radius[lane_count];       // perpendicular to the axis
  T half_height[lane_count];  // along the axis, to each side
};

namespace detail {

inline namespace DIFFAM_LANES {

template <class T>
struct surface_disc {
  vec3<T> centre, axis;
  T radius, half_height;
};

template <class T>
DIFFAM_HOST_DEVICE void store_lane(disc_lanes<T>& d, int l, const surface_disc<T>& x) {
  for (int k = 0; k < 3; ++k) d.centre[k][l] = x.centre[k], d.axis[k][l] = x.axis[k];
  d.radius[l] = x.radius, d.half_height[l] = x.half_height;
}

template <class T>
DIFFAM_HOST_DEVICE void clear_lane(disc_lanes<T>& d, int l) {
  const T inf = static_cast<T>(__builtin_huge_val());
  store_lane(d, l, surface_disc<T>{{T(1e18), T(1e18), T(1e18)}, {}, T(0), -inf});
}

/// The one of eight points that is nearest to p.
template <class T>
DIFFAM_LANE_OP vec3<T> nearest_of(const vec3_lanes<T>& v, const vec3<T>& p) {
  const vec3_lanes<T> w = v - vec3_lanes<T>::same(p);
  const lane_vector<T> d2 = dot(w, w);
  const lane_set nearest = to_set(d2 <= lane_vector<T>(least_of(d2)));
  const int l = nearest == 0 ? 0 : first_lane(nearest);
  return {values_of(v.x)[l], values_of(v.y)[l], values_of(v.z)[l]};
}

/// The unit vector along the sum of eight vectors, or an arbitrary one if the sum is zero.
template <class T>
DIFFAM_LANE_OP vec3<T> axis_along(const vec3_lanes<T>& v) {
  const vec3<T> sum{v.x.sum(), v.y.sum(), v.z.sum()};
  const T length = norm(sum);
  return length > T(1e-15) ? sum * (T(1) / length) : vec3<T>{T(1), T(0), T(0)};
}

template <class T>
DIFFAM_LANE_OP lane_vector<T> magnitude(const lane_vector<T>& x) {
  return larger(x, lane_vector<T>(T(0)) - x);
}

/// The bounding disc of eight faces. Its centre is the face centroid that is nearest to `middle`.
template <class T>
DIFFAM_LANE_OP surface_disc<T> disc_around(const triangle_lanes<T>& f, const vec3<T>& middle) {
  using lanes = vec3_lanes<T>;
  using std::sqrt;
  const lanes corner[3] = {lanes::load(f.v[0]), lanes::load(f.v[1]), lanes::load(f.v[2])};
  surface_disc<T> d;
  d.centre = nearest_of((corner[0] + corner[1] + corner[2]) * lane_vector<T>(T(1.0 / 3)), middle);
  d.axis = axis_along(cross(corner[1] - corner[0], corner[2] - corner[0]));
  const lanes centre = lanes::same(d.centre), axis = lanes::same(d.axis);
  lane_vector<T> radius2(T(0)), height(T(0));
  for (const lanes& at : corner) {
    const lanes w = at - centre;
    const lane_vector<T> along = dot(w, axis);
    const lanes across = w - axis * along;
    radius2 = larger(dot(across, across), radius2);
    height = larger(magnitude(along), height);
  }
  d.radius = sqrt(most_of(radius2));
  d.half_height = most_of(height);
  return d;
}

/// The bounding disc of eight discs. Its centre is the one of their centres that is nearest to `middle`.
template <class T>
DIFFAM_LANE_OP surface_disc<T> disc_around(const disc_lanes<T>& f, const vec3<T>& middle) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  const number zero(T(0));
  const lanes centres = lanes::load(f.centre), axes = lanes::load(f.axis);
  const number radius = number::load(f.radius), height = number::load(f.half_height);
  surface_disc<T> d;
  d.centre = nearest_of(centres, middle);
  d.axis = axis_along(axes);
  const lanes axis = lanes::same(d.axis), w = centres - lanes::same(d.centre);
  const number along = dot(w, axis), cosine = dot(axes, axis);
  const lanes across = w - axis * along, tilt = axes - axis * cosine;
  const number sine = sqrt(dot(tilt, tilt));
  const auto used = zero <= height;
  d.radius = most_of(select(used, sqrt(dot(across, across)) + radius + height * sine, zero));
  d.half_height = most_of(select(used, magnitude(along) + height * magnitude(cosine) + radius * sine, zero));
  return d;
}

/// Squared distances from a point to eight discs.
template <class T>
struct disc_distances {
  lane_vector<T> to_disc;    // lower bound of the squared distance to the patch
  lane_vector<T> to_centre;  // upper bound: the centre is a point of the patch
};

template <class T>
DIFFAM_LANE_OP disc_distances<T> disc_squared_distances(const disc_lanes<T>& d, const vec3<T>& p) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  const number zero(T(0));
  const lanes w = lanes::same(p) - lanes::load(d.centre), axis = lanes::load(d.axis);
  const number t = dot(w, axis);
  const lanes across = w - axis * t;
  const number across2 = dot(across, across);
  const number beyond = larger(magnitude(t) - number::load(d.half_height), zero);
  const number beside = larger(sqrt(across2) - number::load(d.radius), zero);
  return {beyond * beyond + beside * beside, t * t + across2};
}

}  // namespace DIFFAM_LANES

}  // namespace detail

}  // namespace diffam
