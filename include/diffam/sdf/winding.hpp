// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Generalised winding number w(p) = (1 / 4 pi) sum of the solid angles of the faces seen from p (Jacobson et
// al. 2013), with distant patches as dipoles (Barill et al. 2018). For a closed mesh it is 1 inside and 0
// outside.
#pragma once

#include "diffam/sdf/tree/refit.hpp"
#include "diffam/sdf/tree/view.hpp"
#include "diffam/simd/groups.hpp"

namespace diffam {

namespace detail {

inline namespace DIFFAM_LANES {

/// A sum of angles, each in (-pi, pi], kept as a unit complex number and a count of whole turns. Thus the sum
/// needs one arc tangent at the end instead of one for each triangle.
template <class T>
struct angle_sum {
  T re, im, turns;

  /// Adds the angle of x + i y, which has magnitude 1.
  DIFFAM_HOST_DEVICE void add(T x, T y) {
    const T r = re * x - im * y;
    const T i = re * y + im * x;
    const T up = im >= T(0) && y >= T(0) && i < T(0) ? T(1) : T(0);
    const T down = im < T(0) && y < T(0) && i >= T(0) ? T(1) : T(0);
    turns += up - down;
    re = r, im = i;
  }
  /// The sum in turns of 2 pi.
  DIFFAM_HOST_DEVICE T in_turns() const {
    using std::atan2;
    return turns + atan2(im + T(0), re) * T(0.15915494309189533577);
  }
};

template <class T>
struct winding_sum {
  using number = lane_vector<T>;
  using lanes = vec3_lanes<T>;
  number re{T(1)}, im{T(0)}, turns{T(0)};  // half the solid angles of near triangles
  number dipoles{T(0)};                    // solid angles of distant patches
  number error{T(0)};                      // of the distant patches, in winding numbers

  DIFFAM_LANE_OP void add_triangles(const triangle_lanes<T>& f, const vec3<T>& p) {
    const number zero(T(0)), one(T(1));
    const lanes at = lanes::same(p);
    const lanes a = lanes::load(f.v[0]) - at, b = lanes::load(f.v[1]) - at, c = lanes::load(f.v[2]) - at;
    const number la = sqrt(dot(a, a)), lb = sqrt(dot(b, b)), lc = sqrt(dot(c, c));
    number y = dot(a, cross(b, c));
    number x = la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb;
    const number y2 = y * y;
    const number r2 = x * x + y2;
    const auto angled = zero < y2;  // false: degenerate, or p lies in its plane: the angle counts as 0
    const number scale = one / sqrt(select(angled, r2, one));
    x = select(angled, x * scale, one);
    y = select(angled, y * scale, zero);
    const number r = re * x - im * y;
    const number i = re * y + im * x;
    // A turn is complete if both angles are on one side of the real axis and their sum is on the other side.
    const auto im_low = im < zero, y_low = y < zero, i_low = i < zero;
    const number turn = select(im_low, zero - one, one);
    turns = turns + select(im_low ^ y_low, zero, select(im_low ^ i_low, turn, zero));
    re = r;
    im = i;
  }

  /// Adds the distant patches of a node. Returns the set of patches that are too near to be dipoles.
  DIFFAM_LANE_OP lane_set add_dipoles(const dipole_lanes<T>& d, const vec3<T>& p, T beta2) {
    const number zero(T(0));
    const lanes r = lanes::load(d.centre) - lanes::same(p);
    const number r2 = dot(r, r);
    const auto near = r2 <= number::load(d.reach2) * number(beta2);
    const number safe = select(near, number(T(1)), r2);
    dipoles = dipoles + select(near, zero, dot(lanes::load(d.normal), r)) / (safe * sqrt(safe));
    return to_set(near);
  }

  /// Adds the patches whose error is at most `tolerance`, and their errors to `error`. Returns the others.
  DIFFAM_LANE_OP lane_set add_dipoles(const dipole_lanes<T>& d, const dipole_error_lanes<T>& e,
                                      const vec3<T>& p, T tolerance) {
    const number zero(T(0)), one(T(1));
    const lanes r = lanes::load(d.centre) - lanes::same(p);
    const number r2 = dot(r, r), length = sqrt(r2);
    const number gap = length - sqrt(larger(number::load(d.reach2), zero));
    const auto apart = zero < gap;
    const number safe = select(apart, gap * gap, one), cube = select(apart, r2 * length, one);
    const number own = number::load(e.first) / cube + number::load(e.second) / (safe * safe);
    const auto good = both(apart, own <= number(tolerance));
    dipoles = dipoles + select(good, dot(lanes::load(d.normal), r) / cube, zero);
    error = error + select(good, own, zero);
    return ~to_set(good) & all_lanes;
  }

  DIFFAM_HOST_DEVICE T winding_number() const {
    const lane_values<T> x(re), y(im), n(turns), far(dipoles);
    angle_sum<T> all{x[0], y[0], n[0]};
    T angle = far[0];
    for (int l = 1; l < lane_count; ++l) {
      all.add(x[l], y[l]);
      all.turns += n[l];
      angle += far[l];
    }
    return all.in_turns() + angle * T(0.079577471545947667884);  // half angles over 2 pi, plus angles over 4
                                                                 // pi
  }
};

}  // namespace DIFFAM_LANES

}  // namespace detail

namespace detail {

/// Adds the winding number of one mesh at p to `sum`. `far(sum, node)` adds the children of a node that count
/// as dipoles, and returns the set of the others. On a device `Groups` groups of threads share the work.
template <int Groups, class T, class Far>
DIFFAM_HOST_DEVICE void add_winding(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p,
                                    const Far& far, group_values<winding_sum<T>, Groups>& sum) {
  const lane_groups<Groups> groups;
  groups.each([&](int g) { sum[g] = {}; });
  lane_list<stored_index, group_stack_size<Groups>, struct stack_of_winding, Groups> stack;
  groups.each([&](int g) {
    if (g == 0) append_lanes(1u, tree.root[mesh], stack);
  });
  int top = 1;
  groups.join();
  while (top > 0) {
    const int taken = top < Groups ? top : Groups;
    group_values<lane_set, Groups> near;
    group_values<stored_index, Groups> child;
    group_values<int, Groups> count;
    groups.each([&](int g) {
      near[g] = 0;
      if (g < taken) {
        const stored_index node = stack[top - 1 - g];
        near[g] = far(sum[g], node);
        child[g] = tree.first_child[node];
        if (node < tree.leaf_parents)
          for (; near[g] != 0; near[g] &= near[g] - 1)
            sum[g].add_triangles(tree.triangles[child[g] + first_lane(near[g])], p);
      }
      count[g] = count_lanes(near[g]);
    });
    top -= taken;
    groups.join();  // no group may overwrite the stack before all have read their node
    groups.each([&](int g) {
      const int after = groups.sum_from(count, g + 1);
      if (near[g] != 0) append_lanes(near[g], child[g], stack + top + after);
    });
    top += groups.sum_from(count, 0);
    groups.join();
  }
}

/// The sum of all groups.
template <int Groups, class T>
DIFFAM_HOST_DEVICE T winding_of(group_values<winding_sum<T>, Groups>& sum) {
  const lane_groups<Groups> groups;
  group_values<T, Groups> w;
  groups.each([&](int g) { w[g] = sum[g].winding_number(); });
  return groups.sum_from(w, 0);
}

}  // namespace detail

/// Winding number of one mesh at p. A patch counts as a dipole if p is farther from its centre than beta
/// times its radius. On a device `Groups` groups of threads share the work.
template <int Groups = 1, class T>
DIFFAM_HOST_DEVICE T winding_number(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p, T beta) {
  group_values<detail::winding_sum<T>, Groups> sum;
  detail::add_winding<Groups>(
      tree, mesh, p,
      [&](detail::winding_sum<T>& s, stored_index node) {
        return s.add_dipoles(tree.dipoles[node], p, beta * beta);
      },
      sum);
  return detail::winding_of<Groups>(sum);
}

/// A winding number, and how far it can be from the exact one (without rounding).
template <class T>
struct bounded_winding {
  T value, error;
};

/// Winding number of one mesh at p with a bound of its error. A patch counts as a dipole if its own error is
/// at most `tolerance`. The tree needs dipole errors (`tree.dipole_errors`): it has them if a mesh is not
/// closed.
template <int Groups = 1, class T>
DIFFAM_HOST_DEVICE bounded_winding<T> winding_number_within(const tree_view<T>& tree, stored_index mesh,
                                                            const vec3<T>& p, T tolerance) {
  const lane_groups<Groups> groups;
  group_values<detail::winding_sum<T>, Groups> sum;
  detail::add_winding<Groups>(
      tree, mesh, p,
      [&](detail::winding_sum<T>& s, stored_index node) {
        return s.add_dipoles(tree.dipoles[node], tree.dipole_errors[node], p, tolerance);
      },
      sum);
  group_values<T, Groups> error;
  groups.each([&](int g) { error[g] = sum[g].error.sum(); });
  return {detail::winding_of<Groups>(sum), groups.sum_from(error, 0)};
}

/// Winding number of one mesh at p as the sum of all faces, eight at a time. It needs no dipoles.
template <int Groups = 1, class T>
DIFFAM_HOST_DEVICE T winding_number_of_leaves(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) {
  group_values<detail::winding_sum<T>, Groups> sum;
  detail::add_winding<Groups>(
      tree, mesh, p,
      [&](detail::winding_sum<T>&, stored_index node) {
        const box_lanes<T>& b = tree.boxes[node];  // empty in unused lanes
        return to_set(lane_vector<T>::load(b.lo[0]) <= lane_vector<T>::load(b.hi[0]));
      },
      sum);
  return detail::winding_of<Groups>(sum);
}

/// The same by a plain loop over the faces, with an arc tangent for each. It is the reference for tests.
template <class T>
DIFFAM_HOST_DEVICE T exact_winding_number(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) {
  T sum = 0;
  const stored_index last = tree.first_face[mesh + 1];
  for (stored_index f = tree.first_face[mesh] + first_own_lane(); f < last; f += own_lane_step)
    sum += solid_angle(tree.corner(f, 0) - p, tree.corner(f, 1) - p, tree.corner(f, 2) - p);
  return sum_of_threads(sum) * T(0.079577471545947667884);
}

}  // namespace diffam
