// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The trilinear interpolant of a volume, in index coordinates (voxel centres at integers):
//
//     I(x) = sum_v h(x_0 - v_0) h(x_1 - v_1) h(x_2 - v_2) I_v,   h(u) = max(0, 1 - |u|)
//
// Border: coordinates are clamped to the centres of the border voxels, which is the same as repeating these
// voxels. The gradient is in sample/trilinear_jet.hpp.
#pragma once

#include <cmath>

#include "diffam/core/vec.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam {

/// Voxels for kernels; i runs fastest.
template <class Voxel>
struct voxel_view {
  const Voxel* data = nullptr;
  vec<index_t, 3> size{};

  /// Index i, clamped to the volume along `axis`.
  DIFFAM_HOST_DEVICE index_t clamped(int axis, index_t i) const {
    return i < 0 ? 0 : (i < size[axis] ? i : size[axis] - 1);
  }
};

/// Reads voxels of one volume.
template <class T, class Voxel>
struct read_voxel {
  const Voxel* data;
  DIFFAM_INLINE T operator()(index_t i) const { return static_cast<T>(data[i]); }
  DIFFAM_INLINE void prefetch(index_t i) const { diffam::prefetch(data + i); }

  /// Four consecutive voxels.
  DIFFAM_INLINE lanes<T, 4> four(index_t i) const {
    T at[4];
    for (int n = 0; n < 4; ++n) at[n] = static_cast<T>(data[i + n]);
    return lanes<T, 4>::load(at);
  }
};

/// Reads voxels of two volumes of the same size and blends them.
template <class T, class Voxel>
struct read_blended {
  read_voxel<T, Voxel> first, second;
  T weight;  // weight of the second volume
  DIFFAM_INLINE T operator()(index_t i) const { return blend(first(i), second(i)); }
  DIFFAM_INLINE lanes<T, 4> four(index_t i) const { return blend(first.four(i), second.four(i)); }
  DIFFAM_INLINE void prefetch(index_t i) const {
    first.prefetch(i);
    second.prefetch(i);
  }

 private:
  template <class N>  // a number or lanes
  DIFFAM_INLINE N blend(const N& a, const N& b) const {
    return a + N(weight) * (b - a);
  }
};

/// A coordinate clamped to the centres of the border voxels; 0 for NaN.
template <class N>  // a number or lanes
DIFFAM_HOST_DEVICE N clamped_coordinate(const N& x, index_t size) {
  const N last = N(size - 1);
  return select(x > N(0), select(x < last, x, last), N(0));
}

/// Indices of the corners of a cell.
struct cell_corners {
  index_t row[4];  // first voxel of each row along i, in the order (j, k), (j + 1, k), (j, k + 1), (j + 1, k
                   // + 1)
  index_t next;    // step to the second voxel of each row
};

/// The corners of the cell that begins at voxel `lower`. Beyond the border, the border voxels are repeated.
template <class Voxel>
DIFFAM_HOST_DEVICE cell_corners corners_of(const voxel_view<Voxel>& volume, const vec<index_t, 3>& lower) {
  const vec<index_t, 3>& n = volume.size;
  const index_t first = lower[0] + n[0] * (lower[1] + n[1] * lower[2]);
  const index_t j = lower[1] + 1 < n[1] ? n[0] : 0, k = lower[2] + 1 < n[2] ? n[0] * n[1] : 0;
  return {{first, first + j, first + k, first + k + j}, lower[0] + 1 < n[0] ? 1 : 0};
}

/// I in a cell. `corner[2 r]` and `corner[2 r + 1]` are the two voxels of row r.
template <class N>  // a number or lanes
DIFFAM_INLINE N interpolated(const N (&corner)[8], const vec3<N>& fraction) {
  N plane[2];
  for (int m = 0; m < 2; ++m) {
    const N* c = corner + 4 * m;
    const N low = c[0] + fraction[0] * (c[1] - c[0]), high = c[2] + fraction[0] * (c[3] - c[2]);
    plane[m] = low + fraction[1] * (high - low);
  }
  return plane[0] + fraction[2] * (plane[1] - plane[0]);
}

/// I(x), from 8 voxels.
template <real T, class Voxel, class Read>
DIFFAM_HOST_DEVICE T trilinear_value(const voxel_view<Voxel>& volume, const vec3<T>& x, const Read& at) {
  vec<index_t, 3> lower;
  vec3<T> fraction;
  for (int a = 0; a < 3; ++a) {
    const T c = clamped_coordinate(x[a], volume.size[a]);
    lower[a] = static_cast<index_t>(c);
    fraction[a] = c - static_cast<T>(lower[a]);
  }
  const cell_corners c = corners_of(volume, lower);
  T corner[8];
  for (int r = 0; r < 4; ++r) corner[2 * r] = at(c.row[r]), corner[2 * r + 1] = at(c.row[r] + c.next);
  return interpolated(corner, fraction);
}

/// I at several points. The function prefetches the voxels of all points before it reads those of the first
/// one.
template <class T, int Count, class Voxel, class Read>
DIFFAM_INLINE lanes<T, Count> trilinear_value(const voxel_view<Voxel>& volume, const vec3<lanes<T, Count>>& x,
                                              const Read& at) {
  using row = lanes<T, Count>;
  alignas(64) T lower[3][Count], voxel[8][Count];
  vec3<row> fraction;
  for (int a = 0; a < 3; ++a) {
    const row c = clamped_coordinate(x[a], volume.size[a]), whole = trunc(c);
    whole.store(lower[a]);
    fraction[a] = c - whole;
  }
  cell_corners corners[Count];
  for (int l = 0; l < Count; ++l) {
    const cell_corners& c = corners[l] =
        corners_of(volume, {static_cast<index_t>(lower[0][l]), static_cast<index_t>(lower[1][l]),
                            static_cast<index_t>(lower[2][l])});
    for (int r = 0; r < 4; ++r) at.prefetch(c.row[r]);
  }
  for (int l = 0; l < Count; ++l) {
    const cell_corners& c = corners[l];
    for (int r = 0; r < 4; ++r) {
      voxel[2 * r][l] = at(c.row[r]);
      voxel[2 * r + 1][l] = at(c.row[r] + c.next);
    }
  }
  row corner[8];
  for (int n = 0; n < 8; ++n) corner[n] = row::load(voxel[n]);
  return interpolated(corner, fraction);
}

}  // namespace diffam
