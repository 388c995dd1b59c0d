// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Bounding boxes of the labels of a volume.
#pragma once

#include <algorithm>
#include <vector>

#include "diffam/image/volume.hpp"

namespace diffam {

/// The bounding box of a label: voxels first ... last, inclusive. If the label does not occur, `last[0] < 0`.
struct label_box {
  vec<index_t, 3> first{}, last{-1, -1, -1};
  index_t voxels = 0;

  bool empty() const { return voxels == 0; }
  /// Whether the label touches the border of the volume. Then the image may show only a part of the bone.
  bool is_cut(const vec<index_t, 3>& size) const {
    for (int a = 0; a < 3; ++a)
      if (!empty() && (first[a] == 0 || last[a] == size[a] - 1)) return true;
    return false;
  }
};

/// The bounding boxes of all 256 labels, in one pass. The box of label 0, the background, stays empty.
inline std::vector<label_box> label_boxes(const volume<std::uint8_t>& labels) {
  const grid& g = labels.geometry;
  std::vector<label_box> boxes(256);
  for (auto& b : boxes) b.first = g.size;
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i) {
        const std::uint8_t l = labels.at(i, j, k);
        if (l == 0) continue;
        label_box& b = boxes[l];
        ++b.voxels;
        const vec<index_t, 3> v{i, j, k};
        for (int a = 0; a < 3; ++a) {
          b.first[a] = std::min(b.first[a], v[a]);
          b.last[a] = std::max(b.last[a], v[a]);
        }
      }
  return boxes;
}

}  // namespace diffam
