// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the meshes of a scene that contain a point.
#pragma once

#include "diffam/sdf/sign.hpp"

namespace diffam {

/// The meshes that contain one point.
struct containing_meshes {
  static constexpr int limit = 8;
  stored_index count;        // number of meshes; if it exceeds `limit`, only the first `limit` are listed
  stored_index mesh[limit];  // in ascending order
};

/// The meshes of `tree` that contain p. On a device `Groups` groups of threads share the work.
template <int Groups = 1, class T, class Sign>
DIFFAM_HOST_DEVICE containing_meshes meshes_containing(const tree_view<T>& tree, const Sign& sign,
                                                       const vec3<T>& p) {
  containing_meshes in;
  in.count = 0;
  if (!tree.is_finite()) return in;
  for (stored_index first = 0; first < tree.meshes; first += lane_count)
    for (lane_set boxes = boxes_around(tree.mesh_boxes[first / lane_count], p); boxes != 0;
         boxes &= boxes - 1) {
      const stored_index m = first + first_lane(boxes);
      if (!inside_by_groups<Groups>(sign, tree, m, p)) continue;
      if (in.count < containing_meshes::limit) in.mesh[in.count] = m;
      ++in.count;
    }
  return in;
}

}  // namespace diffam
