// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which meshes of a scene contain a point.
#pragma once

#include "diffam/sdf/sign.hpp"

namespace diffam {

/// The meshes that contain a point.
struct containing_meshes {
  static constexpr int limit = 8;
  stored_index count;        // may exceed `limit`: then only the first are listed
  stored_index mesh[limit];  // ascending
};

/// By as many groups of lanes.
template <int Groups = 1, class T, class Sign>
DIFFAM_HOST_DEVICE containing_meshes meshes_containing(const tree_view<T>& tree, const Sign& sign,
                                                       const vec3<T>& p) {
  containing_meshes in;
  in.count = 0;
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
