// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `closest_on_triangle` for up to eight triangles at once, without a branch, and the best of them: what
// settles which face is the closest. Compiled once, so that every search rounds alike.
#pragma once

#include "diffam/sdf/formulas.hpp"
#include "diffam/sdf/lanes.hpp"

namespace diffam {

/// The closest point of a mesh. face = -1: none (nothing was tried, or the point is not finite).
template <class T>
struct nearest_face : closest_point<T> {
  stored_index face;
};

namespace detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr nearest_face<T> no_face() {
  return {{static_cast<T>(__builtin_huge_val()), {}, {}, triangle_feature::vertex_0}, -1};
}

inline namespace DIFFAM_LANES {

/// What a closest point is made of, eight times. Weights belong to corners a, b, c; `feature` holds the
/// values of `triangle_feature` as numbers.
template <class T>
struct closest_lanes {
  lane_vector<T> squared_distance;
  vec3_lanes<T> offset, bary;
  lane_vector<T> feature;
};

template <class T>
DIFFAM_LANE_OP vec3_lanes<T> select_each(const lane_mask<T>& m, const vec3_lanes<T>& a,
                                         const vec3_lanes<T>& b) {
  return {select(m, a.x, b.x), select(m, a.y, b.y), select(m, a.z, b.z)};
}

/// Offers the point of the segment a + t e that is closest to a + w: edge K, from corner K to the next.
template <int K, class T>
DIFFAM_LANE_OP void offer_segments(const vec3_lanes<T>& w, const vec3_lanes<T>& e, closest_lanes<T>& best) {
  using number = lane_vector<T>;
  constexpr int next = (K + 1) % 3;
  const number zero(T(0)), one(T(1));
  const number length2 = dot(e, e);
  const auto has_length = length2 > zero;
  const number along = select(has_length, dot(w, e) / select(has_length, length2, one), zero);
  const number t = most(least(along, one), zero);
  const vec3_lanes<T> offset = w - e * t;
  const number d2 = dot(offset, offset), rest = one - t;
  const auto better = d2 < best.squared_distance;
  best.squared_distance = select(better, d2, best.squared_distance);
  best.offset = select_each(better, offset, best.offset);
  const vec3_lanes<T> bary{K == 0      ? rest
                           : next == 0 ? t
                                       : zero,
                           K == 1      ? rest
                           : next == 1 ? t
                                       : zero,
                           K == 2      ? rest
                           : next == 2 ? t
                                       : zero};
  best.bary = select_each(better, bary, best.bary);
  const number feature = select(zero < t, select(t < one, number(T(3 + K)), number(T(next))), number(T(K)));
  best.feature = select(better, feature, best.feature);
}

template <class T, class Which = every_lane>
DIFFAM_LANE_OP closest_lanes<T> closest_on_triangles(const triangle_lanes<T>& f, const vec3<T>& p,
                                                     Which which = {}) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  const number zero(T(0)), one(T(1));
  const lanes at = lanes::same(p), a = lanes::load(f.v[0], which), b = lanes::load(f.v[1], which),
              c = lanes::load(f.v[2], which);
  const lanes ab = b - a, ac = c - a, w = at - a;
  closest_lanes<T> best{dot(w, w), w, {one, zero, zero}, zero};
  offer_segments<0>(w, ab, best);
  offer_segments<1>(at - b, c - b, best);
  offer_segments<2>(at - c, a - c, best);
  const lanes n = cross(ab, ac);
  const number n2 = dot(n, n);
  const number u = dot(cross(w, ac), n), v = dot(cross(ab, w), n);  // weights of b and c, times |n|^2
  const number scale = one / select(n2 > zero, n2, one);
  const number s = u * scale, t = v * scale;
  const lanes offset = w - ab * s - ac * t;
  const number d2 = dot(offset, offset);
  const auto inside = (zero < least(least(u, v), n2 - u - v)) & (d2 < best.squared_distance);
  best.squared_distance = select(inside, d2, best.squared_distance);
  best.offset = select_each(inside, offset, best.offset);
  best.bary = select_each(inside, lanes{one - s - t, s, t}, best.bary);
  best.feature = select(inside, number(static_cast<T>(triangle_feature::interior)), best.feature);
  return best;
}

/// Replaces `best` by the closest of the triangles in the set where that is closer: least squared distance,
/// then least face.
template <class T>
DIFFAM_LANE_CALL void settle_lanes(const triangle_lanes<T>& f, lane_set which, const vec3<T>& p,
                                   nearest_face<T>& best) {
  const closest_lanes<T> all = closest_on_triangles(f, p);
  const lane_values<T> d2(all.squared_distance);
  int least = -1;
  T least_d2 = best.squared_distance;
  stored_index least_face = best.face;
  for (; which != 0; which &= which - 1) {
    const int l = first_lane(which);
    const T own_d2 = d2[l];
    const bool better = (own_d2 < least_d2) | ((own_d2 == least_d2) & (f.face[l] < least_face));
    least = better ? l : least;
    least_d2 = better ? own_d2 : least_d2;
    least_face = better ? f.face[l] : least_face;
  }
  if (least < 0) return;
  const lane_values<T> offset[3] = {lane_values<T>(all.offset.x), lane_values<T>(all.offset.y),
                                    lane_values<T>(all.offset.z)},
                       bary[3] = {lane_values<T>(all.bary.x), lane_values<T>(all.bary.y),
                                  lane_values<T>(all.bary.z)},
                       feature(all.feature);
  best.squared_distance = least_d2;
  best.face = least_face;
  for (int k = 0; k < 3; ++k) best.offset[k] = offset[k][least], best.bary[k] = bary[k][least];
  best.feature = static_cast<triangle_feature>(static_cast<int>(feature[least]));
}

/// The same of one triangle, by a thread of its own.
template <class T>
DIFFAM_LANE_CALL void settle_lane(const triangle_lanes<T>& f, int l, const vec3<T>& p,
                                  nearest_face<T>& best) {
  const closest_lanes<T> c = closest_on_triangles(f, p, one_lane{l});
  const T d2 = alike(c.squared_distance);
  if (!(d2 < best.squared_distance || (d2 == best.squared_distance && f.face[l] < best.face))) return;
  best = {{d2,
           {alike(c.offset.x), alike(c.offset.y), alike(c.offset.z)},
           {alike(c.bary.x), alike(c.bary.y), alike(c.bary.z)},
           static_cast<triangle_feature>(static_cast<int>(alike(c.feature)))},
          f.face[l]};
}

}  // namespace DIFFAM_LANES

}  // namespace detail

}  // namespace diffam
