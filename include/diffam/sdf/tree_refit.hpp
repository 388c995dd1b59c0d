// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels that fit a tree's boxes and dipoles to new vertices, leaves first, then level by level: children
// write into their own lane of the parent, so nothing is shared and every policy writes the same bits.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/sdf/lanes.hpp"

namespace diffam {

/// Everything of a tree that a refit writes. Part of a workspace.
template <class T>
struct tree_storage {
  view<box_lanes<T>> boxes;           // nodes
  view<dipole_lanes<T>> dipoles;      // nodes; empty where the sign needs none
  view<triangle_lanes<T>> triangles;  // leaves
  view<box_lanes<T>> mesh_boxes;      // meshes / 8
  view<T> size;                       // 1
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
DIFFAM_HOST_DEVICE void clear_lane(box_lanes<T>& b, int l) {
  for (int k = 0; k < 3; ++k) b.lo[k][l] = infinity<T>(), b.hi[k][l] = -infinity<T>();
}

template <class T>
DIFFAM_HOST_DEVICE void clear_lane(dipole_lanes<T>& d, int l) {
  for (int k = 0; k < 3; ++k) d.centre[k][l] = T(1e18), d.normal[k][l] = T(0);
  d.area[l] = T(0), d.reach2[l] = T(-1);
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
DIFFAM_HOST_DEVICE tree_box<T> bounds(const box_lanes<T>& b) {
  tree_box<T> all;
  for (int k = 0; k < 3; ++k) {
    T lo = b.lo[k][0], hi = b.hi[k][0];
    for (int l = 1; l < lane_count; ++l) {
      lo = b.lo[k][l] < lo ? b.lo[k][l] : lo;
      hi = b.hi[k][l] > hi ? b.hi[k][l] : hi;
    }
    all.lo[k] = lo, all.hi[k] = hi;
  }
  return all;
}

template <class T>
DIFFAM_HOST_DEVICE tree_box<T> bounds(const triangle_lanes<T>& f) {
  tree_box<T> all;
  for (int k = 0; k < 3; ++k) {
    T lo = f.v[0][k][0], hi = lo;
    for (int c = 0; c < 3; ++c)
      for (int l = 0; l < lane_count; ++l) {
        const T x = f.v[c][k][l];
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
      }
    all.lo[k] = lo, all.hi[k] = hi;
  }
  return all;
}

/// Squared distance from the centre to the farthest corner of the box, a little rounded up.
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

/// Dipole of the eight triangles of a leaf.
template <class T>
DIFFAM_HOST_DEVICE tree_dipole<T> gather_dipole(const triangle_lanes<T>& f, const tree_box<T>& box) {
  using std::sqrt;
  T n[3][lane_count], area[lane_count];
  for (int l = 0; l < lane_count; ++l) {
    const T ux = f.v[1][0][l] - f.v[0][0][l], uy = f.v[1][1][l] - f.v[0][1][l],
            uz = f.v[1][2][l] - f.v[0][2][l];
    const T vx = f.v[2][0][l] - f.v[0][0][l], vy = f.v[2][1][l] - f.v[0][1][l],
            vz = f.v[2][2][l] - f.v[0][2][l];
    n[0][l] = T(0.5) * (uy * vz - uz * vy);
    n[1][l] = T(0.5) * (uz * vx - ux * vz);
    n[2][l] = T(0.5) * (ux * vy - uy * vx);
    area[l] = sqrt(n[0][l] * n[0][l] + n[1][l] * n[1][l] + n[2][l] * n[2][l]);
  }
  tree_dipole<T> d{};
  for (int l = 0; l < lane_count; ++l) {
    d.area += area[l];
    for (int k = 0; k < 3; ++k) {
      d.normal[k] += n[k][l];
      d.centre[k] += area[l] * (f.v[0][k][l] + f.v[1][k][l] + f.v[2][k][l]) * T(1.0 / 3);
    }
  }
  d.centre = d.area > T(0) ? d.centre * (T(1) / d.area) : middle(box);
  d.reach2 = farthest_corner2(d.centre, box);
  return d;
}

/// Dipole of the eight children of a node.
template <class T>
DIFFAM_HOST_DEVICE tree_dipole<T> gather_dipole(const dipole_lanes<T>& children, const tree_box<T>& box) {
  tree_dipole<T> d{};
  for (int l = 0; l < lane_count; ++l) {
    d.area += children.area[l];
    for (int k = 0; k < 3; ++k) {
      d.normal[k] += children.normal[k][l];
      d.centre[k] += children.area[l] * children.centre[k][l];
    }
  }
  d.centre = d.area > T(0) ? d.centre * (T(1) / d.area) : middle(box);
  d.reach2 = farthest_corner2(d.centre, box);
  return d;
}

/// Where a leaf or node reports to: node `place / 8`, lane `place % 8`; a root: ~mesh.
template <class T>
DIFFAM_HOST_DEVICE void report_box(const tree_storage<T>& s, stored_index place, const tree_box<T>& box) {
  if (place < 0)
    store_lane(s.mesh_boxes[~place / lane_count], ~place % lane_count, box);
  else
    store_lane(s.boxes[place / lane_count], place % lane_count, box);
}

}  // namespace detail

/// Reads the faces of leaf i and reports to its node.
template <class T>
struct refit_leaf_kernel {
  tree_storage<T> s;
  view<const face> faces;
  view<const stored_index> lanes;  // 8 a leaf: a face, or ~face of lane 0 where unused
  view<const stored_index> place;  // a leaf
  view<const T> vertices;          // V x 3

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    triangle_lanes<T>& leaf = s.triangles[i];
    for (int l = 0; l < lane_count; ++l) {
      const stored_index f = lanes[i * lane_count + l];
      const face& t = faces[f < 0 ? ~f : f];
      leaf.face[l] = f < 0 ? -1 : f;
      for (int c = 0; c < 3; ++c) {
        const T* const from = vertices.row(t[f < 0 ? 0 : c]);
        for (int k = 0; k < 3; ++k) leaf.v[c][k][l] = from[k];
      }
    }
    const detail::tree_box<T> box = detail::bounds(leaf);
    const stored_index to = place[i];
    detail::report_box(s, to, box);
    if (!s.dipoles.empty())
      detail::store_lane(s.dipoles[to / lane_count], to % lane_count, detail::gather_dipole(leaf, box));
  }
};

/// Node `first + i` reports to its parent, a root to its mesh.
template <class T>
struct refit_node_kernel {
  tree_storage<T> s;
  view<const stored_index> place;  // a node
  index_t first;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t node = first + i;
    const detail::tree_box<T> box = detail::bounds(s.boxes[node]);
    const stored_index to = place[node];
    detail::report_box(s, to, box);
    if (!s.dipoles.empty() && to >= 0)
      detail::store_lane(s.dipoles[to / lane_count], to % lane_count,
                         detail::gather_dipole(s.dipoles[node], box));
  }
};

/// Empties the lanes of node i that no child reports to.
template <class T>
struct clear_node_kernel {
  tree_storage<T> s;
  view<const stored_index> child_count;  // a node

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    for (int l = child_count[i]; l < lane_count; ++l) {
      detail::clear_lane(s.boxes[i], l);
      if (!s.dipoles.empty()) detail::clear_lane(s.dipoles[i], l);
    }
  }
};

/// Half the surface of the boxes of node i's children.
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

/// Kernel of one index: empties the unused lanes of the mesh boxes and measures the scene.
template <class T>
struct refit_scene_kernel {
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
    s.size[0] = norm(all.hi - all.lo);
  }
};

}  // namespace diffam
