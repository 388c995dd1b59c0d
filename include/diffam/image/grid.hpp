// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Positions of voxels in the world: any invertible affine map. The centre of voxel (i, j, k) is at an integer
// index. World coordinates are RAS+ in mm. A point is in the field of view if its index is in [0, N - 1]
// along each axis: there it lies between voxel centres, and interpolation needs no extrapolation.
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "diffam/core/error.hpp"
#include "diffam/core/vec.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam {

/// The length unit of the fit in mm. Vertices, distances and image gradients have this unit (Kim & Park
/// 2024).
inline constexpr double unit_length_mm = 64;

/// The size of a volume, and the affine map from voxel indices to world coordinates (mm).
struct grid {
  vec<index_t, 3> size{};                        // voxels along i, j, k
  mat3<double> axes = mat3<double>::identity();  // column a: world step of one voxel along axis a, mm
  vec3<double> origin{};                         // world position of voxel (0, 0, 0), mm

  index_t voxel_count() const { return size[0] * size[1] * size[2]; }
  index_t linear(index_t i, index_t j, index_t k) const { return i + size[0] * (j + size[1] * k); }

  vec3<double> to_world(const vec3<double>& index) const { return axes * index + origin; }
  vec3<double> to_index(const vec3<double>& world) const { return inverse(axes) * (world - origin); }

  /// Length of one voxel along each axis, mm.
  vec3<double> spacing() const {
    const mat3<double> t = transpose(axes);
    return {norm(t.row[0]), norm(t.row[1]), norm(t.row[2])};
  }

  /// World position of corner `c` of the field of view. Bit a of c selects the end of axis a.
  vec3<double> corner(int c) const {
    vec3<double> index{};
    for (int a = 0; a < 3; ++a) index[a] = ((c >> a) & 1) != 0 ? static_cast<double>(size[a] - 1) : 0.0;
    return to_world(index);
  }
  std::array<vec3<double>, 8> corners() const {
    std::array<vec3<double>, 8> all;
    for (int c = 0; c < 8; ++c) all[static_cast<std::size_t>(c)] = corner(c);
    return all;
  }
};

/// Throws `diffam::error` if the grid has no voxels or its axes are linearly dependent.
inline void require_grid(const char* where, const grid& g) {
  const vec3<double> s = g.spacing();
  const double volume = std::abs(determinant(g.axes));
  const bool sound = g.size[0] > 0 && g.size[1] > 0 && g.size[2] > 0 && volume > 1e-9 * s[0] * s[1] * s[2];
  if (!sound)
    throw error(std::string(where) + ": expected a grid with voxels and independent axes, got " +
                    std::to_string(g.size[0]) + " x " + std::to_string(g.size[1]) + " x " +
                    std::to_string(g.size[2]) + " voxels, axes of determinant " + std::to_string(volume),
                error_kind::bad_data);
}

/// The map x -> linear x + shift, in the precision of a kernel.
template <class T>
struct affine_map {
  mat3<T> linear;
  vec3<T> shift;
  template <class N = T>  // T, or lanes of T
  DIFFAM_HOST_DEVICE vec3<N> operator()(const vec3<N>& x) const {
    return linear_of<N>() * x + vec3<N>{N(shift[0]), N(shift[1]), N(shift[2])};
  }
  template <class N>
  DIFFAM_HOST_DEVICE mat3<N> linear_of() const {
    mat3<N> a;
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 3; ++c) a(r, c) = N(linear(r, c));
    return a;
  }
};

/// The map from world points, in units of `unit` mm, to voxel indices of `g`.
template <class T>
affine_map<T> world_to_index(const grid& g, double unit = unit_length_mm) {
  const mat3<double> m = inverse(g.axes);
  const vec3<double> s = m * g.origin;
  affine_map<T> out;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) out.linear(r, c) = static_cast<T>(m(r, c) * unit);
    out.shift[r] = static_cast<T>(-s[r]);
  }
  return out;
}

/// True if `index` is in [low, N + beyond] along each axis; false for NaN.
template <class N>  // a number or lanes
DIFFAM_HOST_DEVICE auto inside_box(const vec3<N>& index, const N& low, const vec<index_t, 3>& size,
                                   const N& beyond) {
  auto inside = both(index[0] >= low, index[0] <= N(size[0]) + beyond);
  for (int a = 1; a < 3; ++a) inside = both(inside, both(index[a] >= low, index[a] <= N(size[a]) + beyond));
  return inside;
}

/// True if `index` is in [0, N - 1] along each axis; false for NaN.
template <class N>  // a number or lanes
DIFFAM_HOST_DEVICE auto inside_view(const vec3<N>& index, const vec<index_t, 3>& size) {
  return inside_box(index, N(0), size, N(-1));
}

}  // namespace diffam
