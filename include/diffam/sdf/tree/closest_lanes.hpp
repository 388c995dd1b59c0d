// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `closest_on_triangle` for up to eight triangles at once, without branches, and the selection of the closest
// one. This is the final decision of every search. It is compiled once, so that all searches round alike.
#pragma once

#include "diffam/sdf/formulas.hpp"
#include "diffam/sdf/tree/boxes.hpp"

namespace diffam {

/// The closest point of a mesh. `face` is -1 if no face was tried or the point is not finite.
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

/// The closest points of several triangles, one in each lane. `bary` holds the weights of corners a, b, c.
/// `feature` holds the values of `triangle_feature` as numbers.
template <class Number>
struct closest_lanes {
  Number squared_distance;
  vec3_of<Number> offset, bary;
  Number feature;
};

template <class Choice, class Number>
DIFFAM_LANE_OP vec3_of<Number> select_each(const Choice& m, const vec3_of<Number>& a,
                                           const vec3_of<Number>& b) {
  return {select(m, a.x, b.x), select(m, a.y, b.y), select(m, a.z, b.z)};
}

/// Replaces `best` by the closest point of edge K (from corner K to the next) in the lanes where that point
/// is closer. The edge is the segment a + t e with 0 <= t <= 1. The query point is a + w.
template <int K, class Number>
DIFFAM_LANE_OP void offer_segments(const vec3_of<Number>& w, const vec3_of<Number>& e,
                                   closest_lanes<Number>& best) {
  constexpr int next = (K + 1) % 3;
  const Number zero(0), one(1);
  const Number length2 = dot(e, e);
  const auto has_length = length2 > zero;
  const Number along = select(has_length, dot(w, e) / select(has_length, length2, one), zero);
  const Number t = most(least(along, one), zero);
  const vec3_of<Number> offset = w - e * t;
  const Number d2 = dot(offset, offset), rest = one - t;
  const auto better = d2 < best.squared_distance;
  best.squared_distance = select(better, d2, best.squared_distance);
  best.offset = select_each(better, offset, best.offset);
  const vec3_of<Number> bary{K == 0      ? rest
                             : next == 0 ? t
                                         : zero,
                             K == 1      ? rest
                             : next == 1 ? t
                                         : zero,
                             K == 2      ? rest
                             : next == 2 ? t
                                         : zero};
  best.bary = select_each(better, bary, best.bary);
  const Number feature = select(zero < t, select(t < one, Number(3 + K), Number(next)), Number(K));
  best.feature = select(better, feature, best.feature);
}

template <class Number, class T, class Which>
DIFFAM_LANE_OP closest_lanes<Number> closest_on_triangles(const triangle_lanes<T>& f, const vec3<T>& p,
                                                          Which which) {
  using lanes = vec3_of<Number>;
  const Number zero(0), one(1);
  const lanes at = lanes::same(p), a = lanes::load(f.v[0], which), b = lanes::load(f.v[1], which),
              c = lanes::load(f.v[2], which);
  const lanes ab = b - a, ac = c - a, w = at - a;
  closest_lanes<Number> best{dot(w, w), w, {one, zero, zero}, zero};
  offer_segments<0>(w, ab, best);
  offer_segments<1>(at - b, c - b, best);
  offer_segments<2>(at - c, a - c, best);
  const lanes n = cross(ab, ac);
  const Number n2 = dot(n, n);
  const Number u = dot(cross(w, ac), n), v = dot(cross(ab, w), n);  // weights of b and c, times |n|^2
  const Number scale = one / select(n2 > zero, n2, one);
  const Number s = u * scale, t = v * scale;
  const lanes offset = w - ab * s - ac * t;
  const Number d2 = dot(offset, offset);
  const auto inside = both(zero < least(least(u, v), n2 - u - v), d2 < best.squared_distance);
  best.squared_distance = select(inside, d2, best.squared_distance);
  best.offset = select_each(inside, offset, best.offset);
  best.bary = select_each(inside, lanes{one - s - t, s, t}, best.bary);
  best.feature = select(inside, Number(static_cast<int>(triangle_feature::interior)), best.feature);
  return best;
}

/// Replaces `best` by the closest triangle of the set `which` if that triangle is closer. `face[l]` is the
/// face of lane l.
template <class Number, class T>
DIFFAM_LANE_OP void take_closest(const closest_lanes<Number>& all, const stored_index* face, lane_set which,
                                 nearest_face<T>& best) {
  const auto d2 = values_of(all.squared_distance);
  int least = -1;
  T least_d2 = best.squared_distance;
  stored_index least_face = best.face;
  for (; which != 0; which &= which - 1) {
    const int l = first_lane(which);
    const T own_d2 = d2[l];
    const bool better = (own_d2 < least_d2) | ((own_d2 == least_d2) & (face[l] < least_face));
    least = better ? l : least;
    least_d2 = better ? own_d2 : least_d2;
    least_face = better ? face[l] : least_face;
  }
  if (least < 0) return;
  best.offset = {values_of(all.offset.x)[least], values_of(all.offset.y)[least],
                 values_of(all.offset.z)[least]};
  best.bary = {values_of(all.bary.x)[least], values_of(all.bary.y)[least], values_of(all.bary.z)[least]};
  best.feature = static_cast<triangle_feature>(static_cast<int>(values_of(all.feature)[least]));
  best.squared_distance = least_d2;
  best.face = least_face;
}

/// Replaces `best` by the closest triangle of the set `which` if that triangle is closer: least squared
/// distance, then least face index. A CPU computes four lanes at a time, because most calls ask for one or
/// two faces.
template <class T>
DIFFAM_LANE_CALL void resolve_triangles(const triangle_lanes<T>& f, lane_set which, const vec3<T>& p,
                                        nearest_face<T>& best) {
#if defined(__CUDA_ARCH__)
  take_closest(closest_on_triangles<lane_vector<T>>(f, p, every_lane{}), f.face, which, best);
#else
  constexpr int half = lane_count / 2;
  for (int first = 0; first < lane_count; first += half) {
    const lane_set own = which >> first & ((1u << half) - 1);
    if (own != 0)
      take_closest(closest_on_triangles<lanes<T, half>>(f, p, half_of_lanes{first}), f.face + first, own,
                   best);
  }
#endif
}

/// The same for triangle l alone, by a device thread that works alone.
template <class T>
DIFFAM_LANE_CALL void resolve_triangle(const triangle_lanes<T>& f, int l, const vec3<T>& p,
                                       nearest_face<T>& best) {
  const auto c = closest_on_triangles<lane_vector<T>>(f, p, one_lane{l});
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
