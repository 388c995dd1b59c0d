// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels of distance_query.hpp: they write results for the caller, in the caller's frame.
#pragma once

#include "diffam/core/rows.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/ray.hpp"

namespace diffam::detail {

/// A sign policy for unsigned distances.
struct always_outside {
  static constexpr bool needs_dipoles = false;
  static constexpr bool follows_winding = true;
  template <class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>&, stored_index, const vec3<T>&) const {
    return false;
  }
};

/// The `Write` of a `point_block_kernel`: distance, closest face and point, gradient.
template <class T>
struct query_kernel {
  static constexpr int threads_per_index = lane_count;
  static constexpr bool searches_again = false;

  tree_view<T> tree;
  vec3<double> origin;  // of the tree's frame, and its unit
  double scale;
  T* distance;
  stored_index* face;
  vec3<T>*point, *gradient;

  DIFFAM_HOST_DEVICE stored_index hint(index_t) const { return -1; }
  DIFFAM_HOST_DEVICE stored_index source(index_t) const { return -1; }
  template <int Threads = lane_count>
  DIFFAM_HOST_DEVICE void operator()(index_t i, const vec3<T>& p, const nearest_face<T>& n,
                                     const containing_meshes& in) const {
    if (!writes_for_threads<Threads>()) return;
    const signed_nearest<T> s = sign_nearest(tree, n, in.count > 0);
    distance[i] = s.distance * static_cast<T>(scale), face[i] = s.face, gradient[i] = s.direction;
    for (int k = 0; k < 3; ++k)
      point[i][k] = s.face < 0 ? s.distance
                               : static_cast<T>(origin[k] + scale * (static_cast<double>(p[k]) -
                                                                     static_cast<double>(n.offset[k])));
  }
};

/// Writes the first hit of ray i and its gradients.
template <class T, class U>
struct first_hit_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_view<T> tree;
  view<const T> origins;
  strided_rows<U> directions;
  double unit;  // 1 / scale of the tree's frame
  T* t;
  stored_index* face;
  vec3<T>*bary, *d_origin, *d_direction;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    ray<T> r{load3(origins, i), {}};
    for (int k = 0; k < 3; ++k) r.direction[k] = static_cast<T>(static_cast<double>(directions(i, k)) * unit);
    const ray_hit<T> hit = first_hit(tree, r);
    if (!writes_for_threads()) return;
    const ray_gradient<T> g = hit_gradient(tree, r, hit);
    t[i] = hit.t, face[i] = hit.face, bary[i] = hit.bary;
    d_origin[i] = g.origin * static_cast<T>(unit), d_direction[i] = g.direction * static_cast<T>(unit);
  }
};

/// Writes the winding number of point i, wrong by at most `error`.
template <class T>
struct winding_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_view<T> tree;
  view<const T> points;
  T error;
  view<T> out;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T w = number(load3(points, i));
    if (writes_for_threads()) out[i] = w;
  }

 private:
  DIFFAM_HOST_DEVICE T number(const vec3<T>& p) const {
    // A patch may take a part of the error. How many patches there are is known afterwards.
    constexpr T least = T(1.0 / (1 << 27));
    for (T tolerance = error * T(0.1); tolerance > least; tolerance *= T(1.0 / 16)) {
      const bounded_winding<T> w = winding_number_within(tree, stored_index{0}, p, tolerance);
      if (!(w.error > error)) return w.value;
    }
    return winding_number_of_leaves(tree, stored_index{0}, p);
  }
};

}  // namespace diffam::detail
