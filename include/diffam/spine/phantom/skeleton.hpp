// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All bones of a generated CT, and the distance to the nearest one. Where two vertebrae would touch, each is
// cut back from the surface that has the same distance to both, so that a joint space stays.
#pragma once

#include "diffam/spine/labels.hpp"
#include "diffam/spine/phantom/ends.hpp"
#include "diffam/spine/phantom/ribs.hpp"

namespace diffam::spine::detail {

/// The bone nearest to a point, and the signed distance to it, mm.
struct nearest_bone {
  double distance = 1e9;
  int label = 0;  // 0: none, or a bone without a label
};

/// The bones that can be near a point.
using near_bones = std::vector<const phantom_bone*>;

/// The nearest of `near`, with the joint spaces cut out: `first` is the distance to the nearest vertebra,
/// `second` to the next one, `rib` to the nearest rib.
inline nearest_bone nearest_of(const near_bones& near, const vec3<double>& p) {
  constexpr double joint = 2;  // mm between two bones
  double first = 1e9, second = 1e9, rib = 1e9;
  nearest_bone found;
  for (const phantom_bone* b : near) {
    const double d = b->distance(p);
    if (b->gives_way) {
      rib = std::min(rib, d);
    } else if (d < first) {
      second = first, first = d, found.label = b->label;
    } else {
      second = std::min(second, d);
    }
  }
  found.distance = std::max(first, (first - second + joint) / 2);
  rib = std::max(rib, joint - first);
  if (rib < found.distance) found = {rib, 0};
  return found;
}

struct phantom_skeleton {
  std::vector<int> labels;          // vertebrae and the sacrum, from head to foot
  std::vector<phantom_pose> chain;  // their poses, in the same order
  std::vector<phantom_bone> bones;
  centroid_list centres;  // of the levels that were asked for

  static constexpr double deviation = 1.6;  // of the deformation, mm where neighbours are 34.3 apart

  phantom_skeleton(const std::vector<int>& wanted, bool other_bones, std::uint64_t seed) : labels(wanted) {
    const int top = wanted.front(), bottom = wanted.back();
    const bool above = other_bones && top != label::c1;
    if (above) labels.insert(labels.begin(), top == label::t13 ? label::t12 : top - 1);
    if (other_bones)
      labels.push_back(bottom >= label::l5 && bottom != label::t13 ? label::sacrum
                       : bottom == label::t13                      ? label::l1
                                                                   : bottom + 1);
    chain = phantom_chain(labels, seed);
    const phantom_deformation deformation(seed, deviation, 45, 100);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const int l = labels[i];
      if (l == label::sacrum) {
        bones.push_back(sacrum_shape::bone(chain[i]));
        continue;
      }
      const phantom_vertebra v(l, seed, chain[i], deformation);
      bones.push_back(v.bone());
      if ((above && i == 0) || (other_bones && i + 1 == labels.size()))
        bones.back().label = 0;
      else
        centres.push_back({l, v.at(marked_centre(l))});
      if (other_bones && l >= label::t1 && l <= label::t12)
        for (const double side : {1.0, -1.0}) add_rib(bones, v, l - label::c7, side);
    }
    if (other_bones && top == label::c1) bones.push_back(skull_base_shape::bone(chain.front()));
  }

 private:
  /// Where VerSe marks the centre, in the frame of the bone: the middle of the body, but for C1 3 mm in front
  /// of the middle of its ring, and for C2 3 mm above the middle of its body (measured on two masks).
  static vec3<double> marked_centre(int l) {
    return l == label::c1       ? vec3<double>{0, 3, 0}
           : l == label::c1 + 1 ? vec3<double>{0, 0, 3}
                                : vec3<double>{};
  }
};

}  // namespace diffam::spine::detail
