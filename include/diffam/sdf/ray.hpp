// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rays through the tree of a mesh or a scene: the first hit, or all of them. A point of the ray is o + t d.
// The plane of the face that is hit has the normal n (any length) and the corners v_k, and the hit has the
// barycentric weights w_k. Then
//     t = (v_0 - o) . n / (d . n),   dt/do = -n / (d . n),   dt/dd = t dt/do,   dt/dv_k = w_k n / (d . n).
// The test is that of Woop et al. ("Watertight ray/triangle intersection", JCGT 2013) for eight triangles.
#pragma once

#include "diffam/sdf/tree/refit.hpp"
#include "diffam/sdf/tree/view.hpp"

namespace diffam {

/// A ray from t = `first` to t = `last`. `direction` may have any length but zero.
template <class T>
struct ray {
  vec3<T> origin, direction;
  T first = T(0);
  T last = detail::infinity<T>();
};

/// Where a ray meets a face. `face` is -1 if it meets none.
template <class T>
struct ray_hit {
  T t;
  stored_index face;
  vec3<T> bary;
};

/// The gradients of t of a hit.
template <class T>
struct ray_gradient {
  vec3<T> origin, direction;  // of the ray
  vec3<T> corner[3];          // of the face
};

/// Zero for a ray in the plane of its face.
template <class T>
DIFFAM_HOST_DEVICE ray_gradient<T> hit_gradient(const tree_view<T>& tree, const ray<T>& r,
                                                const ray_hit<T>& hit) {
  ray_gradient<T> g{};
  if (hit.face < 0) return g;
  const vec3<T> n = tree.face_normal(hit.face);
  const T along = dot(r.direction, n);
  if (along == T(0)) return g;
  g.origin = n * (T(-1) / along);
  g.direction = g.origin * hit.t;
  for (int k = 0; k < 3; ++k) g.corner[k] = g.origin * -hit.bary[k];
  return g;
}

namespace detail {

inline namespace DIFFAM_LANES {

/// A ray with the constants of both tests. Axis z is the one along which the direction is largest; x and y
/// are sheared so that the ray runs along z.
template <class T>
struct prepared_ray {
  vec3<T> origin, inverse;  // inverse: of the direction
  int x, y, z;
  T shear_x, shear_y, scale;
  T margin;  // boxes are so much larger: no ray slips along a side

  DIFFAM_HOST_DEVICE prepared_ray(const ray<T>& r, T rounding) : origin(r.origin), z(0), margin(rounding) {
    const auto size = [](T a) { return a < T(0) ? -a : a; };
    for (int k = 1; k < 3; ++k) z = size(r.direction[k]) > size(r.direction[z]) ? k : z;
    x = z == 2 ? 0 : z + 1, y = x == 2 ? 0 : x + 1;
    scale = T(1) / r.direction[z];
    shear_x = r.direction[x] * scale, shear_y = r.direction[y] * scale;
    constexpr T most = sizeof(T) == 4 ? T(1e30) : T(1e300);  // finite, so that no product with 0 is NaN
    for (int k = 0; k < 3; ++k) {
      const T own = T(1) / r.direction[k];
      inverse[k] = own > most ? most : own < -most ? -most : own;
    }
  }
};

/// The values of t at which a ray enters eight boxes, in the set of those that it meets between `first` and
/// `last`.
template <class T>
struct box_entries {
  lane_vector<T> t;
  lane_set met;
};

template <class T>
DIFFAM_LANE_OP box_entries<T> enter_boxes(const box_lanes<T>& b, const prepared_ray<T>& r, T first, T last) {
  using number = lane_vector<T>;
  const number slack(8 * (sizeof(T) == 4 ? T(1.2e-7) : T(2.3e-16)));  // the rounding of both ends
  number in(first), out(last);
  for (int k = 0; k < 3; ++k) {
    const number o(r.origin[k]), inv(r.inverse[k]), margin(r.margin);
    const number a = (number::load(b.lo[k]) - o - margin) * inv,
                 c = (number::load(b.hi[k]) - o + margin) * inv;
    const number low = least(a, c), high = most(a, c);
    in = most(low, in);
    out = least(high + fabs(high) * slack, out);
  }
  const lane_set used = to_set(number::load(b.lo[0]) <= number::load(b.hi[0]));
  return {in, to_set(in <= out) & used};
}

/// Calls take(hit) for each of eight triangles that the ray meets. An unused lane has no area and is never
/// met.
template <class T, class Take>
DIFFAM_LANE_OP void meet_triangles(const triangle_lanes<T>& f, const prepared_ray<T>& r, T first, T last,
                                   const Take& take) {
  using number = lane_vector<T>;
  const number zero(T(0));
  number x[3], y[3], z[3];
  for (int c = 0; c < 3; ++c) {
    const number depth = number::load(f.v[c][r.z]) - number(r.origin[r.z]);
    x[c] = (number::load(f.v[c][r.x]) - number(r.origin[r.x])) - depth * number(r.shear_x);
    y[c] = (number::load(f.v[c][r.y]) - number(r.origin[r.y])) - depth * number(r.shear_y);
    z[c] = depth * number(r.scale);
  }
  // Twice the areas that the ray's foot spans with each edge, and their rounding: no ray slips between faces.
  const number margin(4 * (sizeof(T) == 4 ? T(1.2e-7) : T(2.3e-16)));
  const auto area = [&](int a, int b, number& rounding) {
    const number p = x[a] * y[b], q = y[a] * x[b];
    rounding = rounding + (fabs(p) + fabs(q)) * margin;
    return p - q;
  };
  number slack(T(0));
  const number u = area(1, 2, slack), v = area(2, 0, slack), w = area(0, 1, slack);
  const number all = u + v + w;
  const auto front = zero < all;
  const number size = select(front, all, -all), side = select(front, number(T(1)), number(T(-1)));
  const auto proper = slack < size;  // else the ray lies in the plane, or the triangle has no area
  const number scale = side / select(proper, size, number(T(1)));
  const number t = (u * z[0] + v * z[1] + w * z[2]) * scale;
  const number inner = least(least(u * side, v * side), w * side);
  lane_set met =
      to_set(both(proper, -slack <= inner)) & to_set(t >= number(first)) & to_set(t <= number(last));
  if (met == 0) return;
  const auto of_t = values_of(t), of_u = values_of(u * scale), of_v = values_of(v * scale),
             of_w = values_of(w * scale);
  for (lane_set l = met; l != 0; l &= l - 1) {
    const int k = first_lane(l);
    take(ray_hit<T>{of_t[k], f.face[k], {of_u[k], of_v[k], of_w[k]}});
  }
}

/// Visits all leaves that the ray meets, near ones first. `take(hit)` returns the last t that still counts.
template <class T, class Take>
DIFFAM_HOST_DEVICE void trace(const tree_view<T>& tree, const ray<T>& given, const Take& take) {
  const prepared_ray<T> r(given, tree.surface_rounding());
  T last = given.last;
  stored_index entry[tree_stack_size + lane_count];
  T entry_t[tree_stack_size + lane_count];
  int top = 0;
  const auto push = [&](const box_entries<T>& at, const auto& entry_of) {
    const auto t = values_of(at.t);
    const int bottom = top;
    for (lane_set l = at.met; l != 0; l &= l - 1) {
      const int k = first_lane(l);
      const stored_index e = entry_of(k);
      const T own = t[k];
      int to = top++;
      for (; to > bottom && entry_t[to - 1] < own; --to)
        entry[to] = entry[to - 1], entry_t[to] = entry_t[to - 1];
      entry[to] = e, entry_t[to] = own;
    }
  };
  for (stored_index m = 0; m < tree.meshes; m += lane_count) {
    push(enter_boxes(tree.mesh_boxes[m / lane_count], r, given.first, last),
         [&](int l) { return tree.root[m + l]; });
    while (top > 0) {
      --top;
      const stored_index at = entry[top];
      if (!(entry_t[top] <= last)) continue;
      if (at < 0) {
        meet_triangles(tree.triangles[~at], r, given.first, last,
                       [&](const ray_hit<T>& hit) { last = take(hit); });
      } else {
        const stored_index child = tree.first_child[at], flip = at < tree.leaf_parents ? ~stored_index{0} : 0;
        push(enter_boxes(tree.boxes[at], r, given.first, last), [&](int l) { return (child + l) ^ flip; });
      }
    }
  }
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// The hit with the least t of all meshes of the tree; of equal ones that of the least face. If the mesh is
/// not finite or nothing is hit, `face` is -1 and t infinite. On a device the threads of a lane vector trace
/// one ray
/// (`threads_per_index = lane_count`).
template <class T>
DIFFAM_HOST_DEVICE ray_hit<T> first_hit(const tree_view<T>& tree, const ray<T>& r) {
  ray_hit<T> best{detail::infinity<T>(), -1, {}};
  if (!tree.is_finite()) return best;
  detail::trace(tree, r, [&](const ray_hit<T>& hit) {
    const bool better = hit.t < best.t || (hit.t == best.t && hit.face < best.face);
    if (better) best = hit;
    return best.t < r.last ? best.t : r.last;
  });
  return best;
}

/// Calls take(hit) for every hit of the ray, in no order. A ray through an edge or a vertex may hit each of
/// its faces.
template <class T, class Take>
DIFFAM_HOST_DEVICE void each_hit(const tree_view<T>& tree, const ray<T>& r, const Take& take) {
  if (!tree.is_finite()) return;
  detail::trace(tree, r, [&](const ray_hit<T>& hit) {
    take(hit);
    return r.last;
  });
}

}  // namespace diffam
