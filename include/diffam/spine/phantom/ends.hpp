// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Bones without a label at the ends of a generated spine: a sacrum, in the frame of its first body, and the
// base of a skull, in the frame of the atlas; mm.
#pragma once

#include "diffam/spine/anatomy/implicit.hpp"
#include "diffam/spine/phantom/bone.hpp"

namespace diffam::spine::detail {

/// The first segment with its wings, the lower segments, the posterior wall and the canal.
struct sacrum_shape {
  vec3<double> body;  // half axes

  double operator()(vec3<double> p) const {
    p[0] = std::abs(p[0]);
    const double x = p[0] / body[0], y = p[1] / body[1], z = std::abs(p[2]) / body[2];
    const double outline = std::pow(x * x + y * y, 3.0);
    double f = (std::pow(outline + std::pow(z, 6.0), 1.0 / 6) - 1) * body[2];
    f = smooth_union(f, rod{{14, -6, 3}, {42, -18, -8}, 12, 13}(p), 6);
    f = smooth_union(f, rod{{0, -5, -12}, {0, -20, -60}, 13, 7, {1.8, 1, 1}}(p), 6);
    f = smooth_union(f, rod{{20, -26, 2}, {8, -36, -45}, 6, 4}(p), 4);
    f = smooth_union(f, rod{{0, -37, -8}, {0, -40, -50}, 4, 3, {3, 1, 1}}(p), 4);
    return smooth_intersection(f, -rod{{0, -25, 20}, {0, -30, -50}, 8, 4, {1.4, 1, 1}}(p), 2);
  }
  static phantom_bone bone(const phantom_pose& pose) {
    return placed_shape(sacrum_shape{pose.body}, pose, {-62, -52, -75}, {62, 24, 22});
  }
};

/// A bowl with the foramen magnum, and the condyles on the atlas.
struct skull_base_shape {
  double operator()(vec3<double> p) const {
    p[0] = std::abs(p[0]);
    const vec3<double> q = p - vec3<double>{0, 2, 82};
    const vec3<double> scaled{q[0] / 68, q[1] / 85, q[2] / 60};
    const double bowl = std::abs((norm(scaled) - 1) * 60) - 3.5;
    const double condyle = rod{{22, 5, 24}, {15, 11, 15}, 8, 6, {1, 1.4, 1}}(p);
    return smooth_intersection(smooth_union(bowl, condyle, 4),
                               -rod{{0, -4, 0}, {0, -4, 60}, 14, 15, {1, 1.2, 1}}(p), 2);
  }
  static phantom_bone bone(const phantom_pose& atlas) {
    return placed_shape(skull_base_shape{}, atlas, {-75, -92, 0}, {75, 95, 90});
  }
};

}  // namespace diffam::spine::detail
