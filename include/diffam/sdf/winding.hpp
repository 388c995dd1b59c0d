// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Generalised winding number, w(p) = (1 / 4 pi) sum of the faces' solid angles seen from p (Jacobson et al.
// 2013), with far patches as dipoles (Barill et al. 2018): 1 inside, 0 outside of a closed mesh.
#pragma once

#include "diffam/sdf/tree_refit.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam {

namespace detail {

/// A sum of angles kept as a unit complex number and whole turns: one arc tangent at the end instead of one a
/// triangle. Each term is in (-pi, pi].
template <class T>
struct angle_sum {
  T re, im, turns;

  /// Adds the angle of the unit number x + i y.
  DIFFAM_HOST_DEVICE void add(T x, T y) {
    const T r = re * x - im * y;
    const T i = re * y + im * x;
    const T up = im >= T(0) && y >= T(0) && i < T(0) ? T(1) : T(0);
    const T down = im < T(0) && y < T(0) && i >= T(0) ? T(1) : T(0);
    turns += up - down;
    re = r, im = i;
  }
  /// In turns of 2 pi.
  DIFFAM_HOST_DEVICE T in_turns() const {
    using std::atan2;
    return turns + atan2(im + T(0), re) * T(0.15915494309189533577);
  }
};

template <class T>
struct winding_sum {
  T re[lane_count], im[lane_count], turns[lane_count];  // half solid angles of near triangles, by lane
  T dipoles[lane_count];                                // solid angles of far patches

  DIFFAM_HOST_DEVICE winding_sum() {
    for (int l = 0; l < lane_count; ++l) re[l] = T(1), im[l] = turns[l] = dipoles[l] = T(0);
  }

  DIFFAM_HOST_DEVICE void add_triangles(const triangle_lanes<T>& f, const vec3<T>& p) {
    using std::sqrt;
    for (int l = 0; l < lane_count; ++l) {
      const T ax = f.v[0][0][l] - p[0], ay = f.v[0][1][l] - p[1], az = f.v[0][2][l] - p[2];
      const T bx = f.v[1][0][l] - p[0], by = f.v[1][1][l] - p[1], bz = f.v[1][2][l] - p[2];
      const T cx = f.v[2][0][l] - p[0], cy = f.v[2][1][l] - p[1], cz = f.v[2][2][l] - p[2];
      const T la = sqrt(ax * ax + ay * ay + az * az);
      const T lb = sqrt(bx * bx + by * by + bz * bz);
      const T lc = sqrt(cx * cx + cy * cy + cz * cz);
      T y = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
      T x = la * lb * lc + (ax * bx + ay * by + az * bz) * lc + (bx * cx + by * cy + bz * cz) * la +
            (cx * ax + cy * ay + cz * az) * lb;
      const T r2 = x * x + y * y;
      const bool flat = !(r2 > T(0)) || y == T(0);  // degenerate, or p in its plane: no angle
      const T scale = T(1) / sqrt(r2 > T(0) ? r2 : T(1));
      x = flat ? T(1) : x * scale;
      y = flat ? T(0) : y * scale;
      const T r = re[l] * x - im[l] * y;
      const T i = re[l] * y + im[l] * x;
      T turn = im[l] >= T(0) ? T(1) : T(-1);  // only where both are on one side and the sum is on the other
      turn = (im[l] >= T(0)) == (y >= T(0)) ? turn : T(0);
      turn = (im[l] >= T(0)) == (i >= T(0)) ? T(0) : turn;
      turns[l] += turn;
      re[l] = r, im[l] = i;
    }
  }

  /// Adds the far patches of a node; near[l] = 1 where patch l is too near to be a dipole, else 0.
  DIFFAM_HOST_DEVICE void add_dipoles(const dipole_lanes<T>& d, const vec3<T>& p, T beta2, T* near) {
    using std::sqrt;
    for (int l = 0; l < lane_count; ++l) {
      const T x = d.centre[0][l] - p[0], y = d.centre[1][l] - p[1], z = d.centre[2][l] - p[2];
      const T r2 = x * x + y * y + z * z;
      const bool far = r2 > beta2 * d.reach2[l];
      const T safe = r2 > T(0) ? r2 : T(1);
      const T angle = (d.normal[0][l] * x + d.normal[1][l] * y + d.normal[2][l] * z) / (safe * sqrt(safe));
      dipoles[l] += far ? angle : T(0);
      near[l] = far ? T(0) : T(1);
    }
  }

  DIFFAM_HOST_DEVICE T winding_number() const {
    angle_sum<T> all{re[0], im[0], turns[0]};
    T far = dipoles[0];
    for (int l = 1; l < lane_count; ++l) {
      all.add(re[l], im[l]);
      all.turns += turns[l];
      far += dipoles[l];
    }
    return all.in_turns() + far * T(0.079577471545947667884);  // half angles / 2 pi; angles / 4 pi
  }
};

}  // namespace detail

/// Winding number of one mesh at p. Patches farther from their centre than beta times their radius count as
/// dipoles.
template <class T>
DIFFAM_HOST_DEVICE T winding_number(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p, T beta) {
  detail::winding_sum<T> sum;
  stored_index stack[tree_stack_size];
  int top = 0;
  stack[top++] = tree.root[mesh];
  while (top > 0) {
    const stored_index node = stack[--top];
    T near[lane_count];
    sum.add_dipoles(tree.dipoles[node], p, beta * beta, near);
    const stored_index child = tree.first_child[node];
    const bool leaves = node < tree.leaf_parents;
    for (int l = 0; l < lane_count; ++l) {
      if (near[l] == T(0)) continue;
      if (leaves)
        sum.add_triangles(tree.triangles[child + l], p);
      else
        stack[top++] = child + l;
    }
  }
  return sum.winding_number();
}

/// Winding number of one mesh at p, every face by its solid angle.
template <class T>
DIFFAM_HOST_DEVICE T exact_winding_number(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) {
  T sum = 0;
  for (stored_index f = tree.first_face[mesh]; f < tree.first_face[mesh + 1]; ++f)
    sum += solid_angle(tree.corner(f, 0) - p, tree.corner(f, 1) - p, tree.corner(f, 2) - p);
  return sum * T(0.079577471545947667884);
}

}  // namespace diffam
