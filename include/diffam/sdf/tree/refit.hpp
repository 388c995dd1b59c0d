// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels that refit a tree to new vertices: its boxes, dipoles and discs. Leaves come first, then the nodes
// level by level. Each child writes only its own lane of the parent, so threads share nothing and all
// policies write the same bits.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/sdf/tree/discs.hpp"
#include "diffam/sdf/tree/triangle_frames.hpp"

namespace diffam {

/// The arrays of a tree that a refit writes. They are part of a workspace.
template <class T>
struct tree_storage {
  view<box_lanes<T>> boxes;                   // nodes
  view<dipole_lanes<T>> dipoles;              // nodes; empty if the sign policy needs no dipoles
  view<dipole_error_lanes<T>> dipole_errors;  // nodes; empty if the mesh is closed or there are no dipoles
  view<disc_lanes<T>> discs;                  // nodes; empty if the tree uses boxes only
  view<triangle_lanes<T>> triangles;          // leaves
  view<triangle_frames<T>> frames;            // leaves
  view<box_lanes<T>> mesh_boxes;              // boxes of eight meshes each
  view<T> scene_bounds;                       // 4: length of the diagonal of the scene, then its low corner
};

namespace detail {

template <class T>
struct tree_box {
  vec3<T> lo, hi;
};

template <class T>
struct tree_dipole {
  vec3<T> centre, normal;
  T area, reach2;
};

template <class T>
DIFFAM_HOST_DEVICE constexpr T infinity() {
  return static_cast<T>(__builtin_huge_val());
}

template <class T>
DIFFAM_HOST_DEVICE constexpr tree_box<T> box_without_end() {
  constexpr T end = infinity<T>();
  return {{-end, -end, -end}, {end, end, end}};
}

template <class T>
DIFFAM_HOST_DEVICE void clear_lane(box_lanes<T>& b, int l) {
  for (int k = 0; k < 3; ++k) b.lo[k][l] = infinity<T>(), b.hi[k][l] = -infinity<T>();
}

template <class T>
DIFFAM_HOST_DEVICE void clear_lane(dipole_lanes<T>& d, int l) {
  for (int k = 0; k < 3; ++k) d.centre[k][l] = T(1e18), d.normal[k][l] = T(0);
  d.area[l] = T(0), d.reach2[l] = T(-1);
}

template <class T>
DIFFAM_HOST_DEVICE void clear_lane(dipole_error_lanes<T>& e, int l) {
  e.first[l] = T(0), e.second[l] = T(0);
}

template <class T>
DIFFAM_HOST_DEVICE void store_lane(box_lanes<T>& b, int l, const tree_box<T>& x) {
  for (int k = 0; k < 3; ++k) b.lo[k][l] = x.lo[k], b.hi[k][l] = x.hi[k];
}

template <class T>
DIFFAM_HOST_DEVICE void store_lane(dipole_lanes<T>& d, int l, const tree_dipole<T>& x) {
  for (int k = 0; k < 3; ++k) d.centre[k][l] = x.centre[k], d.normal[k][l] = x.normal[k];
  d.area[l] = x.area, d.reach2[l] = x.reach2;
}

template <class T>
DIFFAM_LANE_OP tree_box<T> bounds(const box_lanes<T>& b) {
  tree_box<T> all;
  for (int k = 0; k < 3; ++k) {
    all.lo[k] = least_of(lane_vector<T>::load(b.lo[k]));
    all.hi[k] = most_of(lane_vector<T>::load(b.hi[k]));
  }
  return all;
}

template <class T>
DIFFAM_LANE_OP tree_box<T> bounds(const corner_lanes<T>& f) {
  const auto& [a, b, c] = f;
  return {{least_of(least(least(a.x, b.x), c.x)), least_of(least(least(a.y, b.y), c.y)),
           least_of(least(least(a.z, b.z), c.z))},
          {most_of(most(most(a.x, b.x), c.x)), most_of(most(most(a.y, b.y), c.y)),
           most_of(most(most(a.z, b.z), c.z))}};
}

/// Whether all corners of eight triangles are finite.
template <class T>
DIFFAM_LANE_OP bool all_finite(const corner_lanes<T>& f) {
  const lane_vector<T> zero(T(0));
  const vec3_lanes<T> sum = f.a * zero + f.b * zero + f.c * zero;  // NaN where a number is not finite
  return to_set(sum.x + sum.y + sum.z <= zero) == all_lanes;
}

/// Squared distance from the centre to the farthest corner of the box, rounded up a little.
template <class T>
DIFFAM_HOST_DEVICE T farthest_corner2(const vec3<T>& centre, const tree_box<T>& box) {
  T s = 0;
  for (int k = 0; k < 3; ++k) {
    const T a = centre[k] - box.lo[k], b = box.hi[k] - centre[k];
    const T d = a > b ? a : b;
    s += d * d;
  }
  return s * T(1.0001);
}

template <class T>
DIFFAM_HOST_DEVICE vec3<T> middle(const tree_box<T>& box) {
  return (box.lo + box.hi) * T(0.5);
}

/// Combines eight patches into one dipole. The arguments are their area vectors, their areas, and their
/// centroids divided by `centre_scale`.
template <class T>
DIFFAM_LANE_OP tree_dipole<T> gather_dipole(const vec3_lanes<T>& normal, const lane_vector<T>& area,
                                            const vec3_lanes<T>& centre, T centre_scale,
                                            const tree_box<T>& box) {
  tree_dipole<T> d;
  d.area = area.sum();
  d.normal = {normal.x.sum(), normal.y.sum(), normal.z.sum()};
  d.centre = {(centre.x * area).sum(), (centre.y * area).sum(), (centre.z * area).sum()};
  d.centre = d.area > T(0) ? d.centre * (centre_scale / d.area) : middle(box);
  d.reach2 = farthest_corner2(d.centre, box);
  return d;
}

/// Combines eight triangles into one dipole.
template <class T>
DIFFAM_LANE_OP tree_dipole<T> gather_dipole(const corner_lanes<T>& f, const edge_lanes<T>& e,
                                            const tree_box<T>& box) {
  tree_dipole<T> d = gather_dipole(e.normal, e.normal_length, f.a + f.b + f.c, T(1.0 / 3), box);
  d.normal = d.normal * T(0.5);
  d.area *= T(0.5);
  return d;
}

template <class T>
DIFFAM_LANE_OP tree_dipole<T> gather_dipole(const dipole_lanes<T>& children, const tree_box<T>& box) {
  using lanes = vec3_lanes<T>;
  return gather_dipole(lanes::load(children.normal), lane_vector<T>::load(children.area),
                       lanes::load(children.centre), T(1), box);
}

/// Writes the box of a leaf or node into its parent: lane `place % 8` of node `place / 8`. For a root,
/// `place` is ~mesh, and the box goes to the boxes of the meshes.
template <class T>
DIFFAM_LANE_OP void report_box(const tree_storage<T>& s, stored_index place, const tree_box<T>& box) {
  if (place < 0)
    store_lane(s.mesh_boxes[~place / lane_count], ~place % lane_count, box);
  else
    store_lane(s.boxes[place / lane_count], place % lane_count, box);
}

/// The same for a disc. Trees in device memory have no discs, because the searches of a device do not use
/// them.
template <class T, class Children>
DIFFAM_LANE_OP void report_disc([[maybe_unused]] const tree_storage<T>& s,
                                [[maybe_unused]] stored_index place,
                                [[maybe_unused]] const Children& children,
                                [[maybe_unused]] const tree_box<T>& box) {
#if !defined(__CUDA_ARCH__)
  store_lane(s.discs[place / lane_count], place % lane_count, disc_around(children, middle(box)));
#endif
}

}  // namespace detail

/// Reads the corners of leaf i, fills the leaf, and writes its box, dipole and disc into its parent.
template <class T>
struct refit_leaf_kernel {
  static constexpr int threads_per_index = lane_count;
  /// More leaves than this do not stay in the second-level cache of a CPU. Then the kernel prefetches the
  /// memory that it will write.
  static constexpr index_t leaves_in_cache = 1024, prefetch_distance = 2;

  tree_storage<T> s;
  view<const stored_index> lanes;    // 8 for each leaf: a face; unused lane: the face of lane 0
  view<const stored_index> corners;  // 24 for each leaf: 3 times the vertex index, by corner, then by lane;
                                     // unused lane: corner a of lane 0
  view<const stored_index> place;    // by leaf: its lane in the parent
  view<const T> vertices;            // V x 3

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using detail::gather_rows;
    if (s.triangles.rows > leaves_in_cache && i + prefetch_distance < s.triangles.rows)
      prefetch_all(&s.triangles[i + prefetch_distance]), prefetch_all(&s.frames[i + prefetch_distance]);
    triangle_lanes<T>& leaf = s.triangles[i];
    const stored_index* const face = lanes.data + i * lane_count;
    const stored_index* const vertex = corners.data + i * 3 * lane_count;
    for (int l = first_own_lane(); l < lane_count; l += own_lane_step) leaf.face[l] = face[l];
    const detail::corner_lanes<T> f{gather_rows(vertices.data, vertex),
                                    gather_rows(vertices.data, vertex + lane_count),
                                    gather_rows(vertices.data, vertex + 2 * lane_count)};
    f.a.store(leaf.v[0]), f.b.store(leaf.v[1]), f.c.store(leaf.v[2]);
    const detail::edge_lanes<T> edges(f);
    detail::tree_box<T> box = detail::bounds(f);  // overlaps with the latency of the roots and quotients of
                                                  // the edges
    if (!compute_frames(leaf, edges, s.frames[i]) && !detail::all_finite(f))
      box = detail::box_without_end<T>();  // so that the whole scene has no end, see tree_view::is_finite
    const stored_index to = place[i];
    detail::report_box(s, to, box);
    if (!s.dipoles.empty())
      detail::store_lane(s.dipoles[to / lane_count], to % lane_count, detail::gather_dipole(f, edges, box));
    if (!s.discs.empty()) detail::report_disc(s, to, leaf, box);
  }
};

/// Writes box, dipole and disc of node `first + i` into its parent. A root only writes the box of its mesh.
template <class T>
struct refit_node_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_storage<T> s;
  view<const stored_index> place;  // by node: its lane in the parent, or ~mesh
  index_t first;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t node = first + i;
    const detail::tree_box<T> box = detail::bounds(s.boxes[node]);
    const stored_index to = place[node];
    detail::report_box(s, to, box);
    if (to < 0) return;
    if (!s.dipoles.empty())
      detail::store_lane(s.dipoles[to / lane_count], to % lane_count,
                         detail::gather_dipole(s.dipoles[node], box));
    if (!s.discs.empty()) detail::report_disc(s, to, s.discs[node], box);
  }
};

/// Clears the unused lanes of node i.
template <class T>
struct clear_node_kernel {
  tree_storage<T> s;
  view<const stored_index> child_count;  // by node

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    for (int l = child_count[i]; l < lane_count; ++l) {
      detail::clear_lane(s.boxes[i], l);
      if (!s.dipoles.empty()) detail::clear_lane(s.dipoles[i], l);
      if (!s.dipole_errors.empty()) detail::clear_lane(s.dipole_errors[i], l);
      if (!s.discs.empty()) detail::clear_lane(s.discs[i], l);
    }
  }
};

/// Half the surface area of the boxes of the children of node i.
template <class T>
struct box_surface_term {
  view<const box_lanes<T>> boxes;

  DIFFAM_HOST_DEVICE T operator()(index_t i) const {
    T sum = 0;
    for (int l = 0; l < lane_count; ++l) {
      const T x = boxes[i].hi[0][l] - boxes[i].lo[0][l], y = boxes[i].hi[1][l] - boxes[i].lo[1][l],
              z = boxes[i].hi[2][l] - boxes[i].lo[2][l];
      if (x >= T(0)) sum += x * y + y * z + z * x;
    }
    return sum;
  }
};

/// Kernel of one index: clears the unused lanes of the mesh boxes and computes the bounds of the scene.
template <class T>
struct refit_scene_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_storage<T> s;
  stored_index meshes;

  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    using std::sqrt;
    for (stored_index m = meshes; m < lane_count * s.mesh_boxes.rows; ++m)
      detail::clear_lane(s.mesh_boxes[m / lane_count], m % lane_count);
    detail::tree_box<T> all = detail::bounds(s.mesh_boxes[0]);
    for (index_t b = 1; b < s.mesh_boxes.rows; ++b) {
      const detail::tree_box<T> x = detail::bounds(s.mesh_boxes[b]);
      for (int k = 0; k < 3; ++k) {
        all.lo[k] = x.lo[k] < all.lo[k] ? x.lo[k] : all.lo[k];
        all.hi[k] = x.hi[k] > all.hi[k] ? x.hi[k] : all.hi[k];
      }
    }
    s.scene_bounds[0] = norm(all.hi - all.lo);
    for (int k = 0; k < 3; ++k) s.scene_bounds[1 + k] = all.lo[k];
  }
};

}  // namespace diffam
