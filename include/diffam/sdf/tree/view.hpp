// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What queries see of a tree: a trivially copyable bundle of pointers, valid until the next refit. Nodes have
// eight children, leaves eight triangles. Nodes are numbered by height: those whose children are leaves
// first, the roots last of their mesh.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/sdf/formulas.hpp"
#include "diffam/sdf/tree/discs.hpp"
#include "diffam/sdf/tree/planes.hpp"

namespace diffam {

/// No tree is higher: 8^10 leaves are more than a stored_index counts. A traversal keeps at most 7 entries a
/// level and one more on its stack, so that it cannot overflow.
inline constexpr int tree_height_limit = 10;
inline constexpr int tree_stack_size = 7 * tree_height_limit + 1;

/// The same where groups of lanes take as many entries at a time, the deepest: each group leaves 7 a level
/// behind, and 8 of the last.
template <int Groups>
inline constexpr int group_stack_size = Groups*(tree_stack_size + lane_count);

template <class T>
struct tree_view {
  const box_lanes<T>* boxes = nullptr;       // a node: of its children
  const dipole_lanes<T>* dipoles = nullptr;  // a node: of its children; null where not asked for
  const disc_lanes<T>* discs = nullptr;      // a node: of its children; null for small meshes and on devices
  const triangle_lanes<T>* triangles = nullptr;  // a leaf
  const plane_lanes<T>* planes = nullptr;        // a leaf: the same triangles in their planes
  const box_lanes<T>* mesh_boxes = nullptr;      // eight meshes each
  const T* size = nullptr;                       // length of the scene's diagonal, then its low corner
  const stored_index* first_child = nullptr;     // a node: a node, or a leaf
  const stored_index* lane_of_face = nullptr;    // a face: 8 leaf + lane
  const stored_index* root = nullptr;            // a mesh: its node
  const stored_index* first_face = nullptr;      // M + 1 offsets
  const face* faces = nullptr;                   // global vertex indices
  const stored_index* twin = nullptr;            // 3 F: the face across edge k, or -1
  const stored_index* corner_first = nullptr;    // V + 1 offsets into `corners`
  const stored_index* corners = nullptr;         // 3 face + k, by vertex
  view<const T> vertices;                        // V x 3
  stored_index leaf_parents = 0;                 // nodes below this number have leaves as children
  stored_index meshes = 0;
  bool closed = false;  // all meshes: no edge is a border, and faces agree on their sides

  DIFFAM_HOST_DEVICE vec3<T> corner(stored_index f, int k) const { return load3(vertices, faces[f][k]); }

  DIFFAM_HOST_DEVICE closest_point<T> closest_on(stored_index f, const vec3<T>& p) const {
    return closest_on_triangle(p, corner(f, 0), corner(f, 1), corner(f, 2));
  }

  /// Area vector of face f, twice: its (unnormalised) outward normal.
  DIFFAM_HOST_DEVICE vec3<T> face_normal(stored_index f) const {
    const vec3<T> a = corner(f, 0);
    return cross(corner(f, 1) - a, corner(f, 2) - a);
  }

  DIFFAM_HOST_DEVICE bool box_contains(stored_index mesh, const vec3<T>& p) const {
    return (boxes_around(mesh_boxes[mesh / lane_count], p) >> (mesh % lane_count) & 1u) != 0;
  }

  /// The mesh that face f belongs to.
  DIFFAM_HOST_DEVICE stored_index mesh_of(stored_index f) const {
    stored_index m = 0;
    while (m + 1 < meshes && f >= first_face[m + 1]) ++m;
    return m;
  }
};

}  // namespace diffam
