// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A frame in which a mesh has its digits: x = origin + scale x_local, computed in double. A float has 24
// bits, so coordinates of 1e6 mm are multiples of 1/16 mm. Products of four lengths overflow in float beyond
// 1e9. Distances in the frame are distances / scale; `scale` is a power of two, so this division is exact.
//
//     const auto frame = local_frame::of(mesh.vertices);        // mesh and points in double, far away
//     const auto local = frame.local(mesh);                     // near the origin, of ordinary size
//     const buffer<float> points = frame.local<float>(far_points);
//     auto distance = mesh_distance<float, exec>(local, points.get());
#pragma once

#include <cmath>
#include <limits>

#include "diffam/core/rows.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// Origin and unit of a frame. The default is the frame of the caller.
struct local_frame {
  vec3<double> origin{};
  double scale = 1;  // a power of two: the unit of the frame, in the caller's unit

  friend bool operator==(const local_frame&, const local_frame&) = default;

  /// The frame of vertices (V x 3). The origin is the middle of their box, if that lies farther away than the
  /// box is large; else it stays. The unit stays for boxes of 1e-3 to 1e6 units; else the box gets the size 1
  /// to 2. Vertices that are not finite are left out.
  template <row_source X>
  static local_frame of(const X& vertices) {
    const auto x = rows_of(vertices);
    constexpr double end = std::numeric_limits<double>::infinity();
    vec3<double> lo{end, end, end}, hi{-end, -end, -end};
    for (index_t v = 0; v < x.rows; ++v)
      for (int k = 0; k < 3; ++k) {
        const auto at = static_cast<double>(x(v, k));
        if (!std::isfinite(at)) continue;
        lo[k] = at < lo[k] ? at : lo[k], hi[k] = at > hi[k] ? at : hi[k];
      }
    local_frame f;
    const vec3<double> middle = lo * 0.5 + hi * 0.5, half = hi * 0.5 - lo * 0.5;
    const double size = 2 * std::hypot(half[0], half[1], half[2]);
    if (!(size > 0 && size < end)) return f;
    if (std::hypot(middle[0], middle[1], middle[2]) > size) f.origin = middle;
    if (size < 1e-3 || size > 1e6) f.scale = std::exp2(std::floor(std::log2(size)));
    return f;
  }

  /// A number of the caller as coordinate k of the frame.
  double local(double x, int k) const { return (x - origin[k]) / scale; }

  /// Points (N x 3) in the frame. The second form writes to memory of the caller.
  template <real T, row_source X>
  buffer<T> local(const X& points) const {
    buffer<T> out(rows_of(points).rows, 3);
    local(points, out.get());
    return out;
  }
  template <real T, row_source X>
  void local(const X& points, view<T> out) const {
    const auto x = rows_of(points);
    for (index_t i = 0; i < x.rows; ++i)
      for (int k = 0; k < 3; ++k) out(i, k) = static_cast<T>(local(static_cast<double>(x(i, k)), k));
  }
  /// The mesh in the frame.
  template <real U>
  triangle_mesh<double> local(const triangle_mesh<U>& mesh) const {
    triangle_mesh<double> out = mesh_cast<double>(mesh);
    for (auto& v : out.vertices)
      for (int k = 0; k < 3; ++k) v[k] = local(v[k], k);
    return out;
  }
  /// A point of the frame, for the caller.
  template <class T>
  vec3<double> world(const vec3<T>& x) const {
    vec3<double> out = origin;
    for (int k = 0; k < 3; ++k) out[k] += scale * static_cast<double>(x[k]);
    return out;
  }
};

}  // namespace diffam
