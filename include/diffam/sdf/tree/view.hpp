// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The part of a tree that queries read: a trivially copyable struct of pointers, valid until the next refit.
// A node has up to eight children, a leaf up to eight triangles. Nodes are numbered by height: first the
// nodes above the leaves, then the next level, and so on. In each mesh the root comes last.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/sdf/formulas.hpp"
#include "diffam/sdf/tree/discs.hpp"
#include "diffam/sdf/tree/triangle_frames.hpp"

namespace diffam {

/// The greatest height of a tree: 8^10 leaves are more than a stored_index can count. A traversal keeps at
/// most 7 entries for each level and one more on its stack. Therefore the stack cannot overflow.
inline constexpr int tree_height_limit = 10;
inline constexpr int tree_stack_size = 7 * tree_height_limit + 1;

/// The stack size if `Groups` groups of threads each take one entry at a time. Each group leaves up to 7
/// entries for each level, and 8 for the last one.
template <int Groups>
inline constexpr int group_stack_size = Groups*(tree_stack_size + lane_count);

template <class T>
struct tree_view {
  const box_lanes<T>* boxes = nullptr;       // by node: boxes of its children
  const dipole_lanes<T>* dipoles = nullptr;  // by node: dipoles of its children; null if not wanted
  const dipole_error_lanes<T>* dipole_errors = nullptr;  // by node: errors of the dipoles; null if every mesh
                                                         // is closed
  const disc_lanes<T>* discs = nullptr;  // by node: discs of its children; null for small meshes and on
                                         // devices
  const triangle_lanes<T>* triangles = nullptr;  // by leaf: its triangles
  const triangle_frames<T>* frames = nullptr;    // by leaf: local frames of its triangles
  const box_lanes<T>* mesh_boxes = nullptr;      // boxes of eight meshes each
  const T* scene_bounds = nullptr;               // length of the diagonal of the scene, then its low corner
  const stored_index* first_child = nullptr;     // by node: first child, a node or a leaf
  const stored_index* lane_of_face = nullptr;    // by face: 8 leaf + lane
  const stored_index* root = nullptr;            // by mesh: its root node
  const stored_index* first_face = nullptr;      // M + 1 offsets
  const face* faces = nullptr;                   // global vertex indices
  const stored_index* twin = nullptr;            // 3 F: the face across each edge, or -1
  const stored_index* corner_first = nullptr;    // V + 1 offsets into `corners`
  const stored_index* corners = nullptr;         // 3 face + k, grouped by vertex
  view<const T> vertices;                        // V x 3
  stored_index leaf_parents = 0;                 // nodes below this index have leaves as children
  stored_index meshes = 0;
  bool closed = false;  // every mesh is closed, with consistent orientation

  /// The length of the diagonal of the box around the scene.
  DIFFAM_HOST_DEVICE T scene_diagonal() const { return scene_bounds[0]; }

  /// Whether all vertices of faces are finite, and so near each other that squared distances are. If not,
  /// nothing has a distance: searches find no face, and no point is inside.
  DIFFAM_HOST_DEVICE bool is_finite() const {
    return scene_diagonal() <= (sizeof(T) == 4 ? T(3.4028235e38) : T(1.7976931348623157e308));
  }

  /// A bound of the rounding error of a point of the surface.
  DIFFAM_HOST_DEVICE T surface_rounding() const {
    T farthest = 0;
    for (int k = 0; k < 3; ++k) {
      const T at = scene_bounds[1 + k] < T(0) ? -scene_bounds[1 + k] : scene_bounds[1 + k];
      farthest = at > farthest ? at : farthest;
    }
    return (farthest + scene_diagonal()) * (sizeof(T) == 4 ? T(2.4e-7) : T(4.4e-16));
  }

  DIFFAM_HOST_DEVICE vec3<T> corner(stored_index f, int k) const { return load3(vertices, faces[f][k]); }

  DIFFAM_HOST_DEVICE closest_point<T> closest_on(stored_index f, const vec3<T>& p) const {
    return closest_on_triangle(p, corner(f, 0), corner(f, 1), corner(f, 2));
  }

  /// The outward normal of face f, not normalised: twice its area vector.
  DIFFAM_HOST_DEVICE vec3<T> face_normal(stored_index f) const {
    const vec3<T> a = corner(f, 0);
    return cross(corner(f, 1) - a, corner(f, 2) - a);
  }

  DIFFAM_HOST_DEVICE bool box_contains(stored_index mesh, const vec3<T>& p) const {
    return (boxes_around(mesh_boxes[mesh / lane_count], p) >> (mesh % lane_count) & 1u) != 0;
  }

  /// The mesh to which face f belongs.
  DIFFAM_HOST_DEVICE stored_index mesh_of(stored_index f) const {
    stored_index m = 0;
    while (m + 1 < meshes && f >= first_face[m + 1]) ++m;
    return m;
  }
};

}  // namespace diffam
