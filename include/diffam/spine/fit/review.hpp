// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Simple checks of a fitted vertebra against its start; the result lists those that fail.
#pragma once

#include <cmath>
#include <string>

#include "diffam/image/grid.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/spine/fit_result.hpp"

namespace diffam::spine {

/// Limits beyond which `review` adds a flag.
struct review_limits {
  double moved_mm = 15;       // distance between the fitted and the given centre
  double volume_ratio = 1.6;  // ratio of the volumes of result and start, in either direction
  double visible = 0.98;      // least fraction of the vertices inside the image
};

/// Fills volume, visible fraction and flags of `v`. `start` is its template at the start pose.
inline void review(fitted_vertebra& v, const triangle_mesh<double>& start, const grid& image,
                   const review_limits& limits = {}) {
  index_t inside = 0, finite = 0;
  for (const auto& p : v.mesh.vertices) {
    if (!(std::isfinite(p[0]) && std::isfinite(p[1]) && std::isfinite(p[2]))) continue;
    ++finite;
    const vec3<double> x = image.to_index(p);
    bool in = true;
    for (int a = 0; a < 3; ++a) in = in && x[a] >= -0.5 && x[a] <= static_cast<double>(image.size[a]) - 0.5;
    inside += in ? 1 : 0;
  }
  if (finite != v.mesh.vertex_count()) {
    v.flags.push_back("not finite: the fit failed");
    v.visible = 0;
    return;
  }
  v.visible = static_cast<double>(inside) / static_cast<double>(v.mesh.vertex_count());
  v.volume_mm3 = check_mesh(v.mesh).volume;
  const double moved = norm(v.centre - v.start), ratio = v.volume_mm3 / check_mesh(start).volume;
  if (!(v.volume_mm3 > 0)) v.flags.push_back("inside out");
  if (moved > limits.moved_mm)
    v.flags.push_back("moved " + std::to_string(std::lround(moved)) + " mm from its centre");
  if (ratio > limits.volume_ratio || ratio < 1 / limits.volume_ratio)
    v.flags.push_back("volume " + std::to_string(std::lround(100 * ratio)) + " % of its start");
  if (v.visible < limits.visible)
    v.flags.push_back("only " + std::to_string(std::lround(100 * v.visible)) + " % inside the image");
}

}  // namespace diffam::spine
