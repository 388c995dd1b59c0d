// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The trilinear interpolant I of a volume, its gradient, and the derivative of that gradient, in index
// coordinates (voxel centres at integers):
//
//     I(x)   = sum_v h(x_0 - v_0) h(x_1 - v_1) h(x_2 - v_2) I_v,   h(u) = max(0, 1 - |u|)
//     D_a(x) = I(x + e_a / 2) - I(x - e_a / 2)                     one-voxel central difference
//
// Along an axis both h and its difference live on the three voxels r - 1, r, r + 1 with r = round(x): all of
// I, D and dD/dx come from one fetch of 27 voxels. Border: coordinates are clamped to the centres of the
// border voxels (those of x, x + e_a / 2 and x - e_a / 2 alike), which is the same as repeating the border
// voxels.
#pragma once

#include <cmath>

#include "diffam/core/lanes.hpp"
#include "diffam/core/vec.hpp"

namespace diffam {

/// Voxels as kernels see them, i fastest.
template <class Voxel>
struct voxel_view {
  const Voxel* data = nullptr;
  vec<index_t, 3> size{};

  /// The voxel at (i, j, k), indices clamped to the volume.
  DIFFAM_HOST_DEVICE index_t clamped(int axis, index_t i) const {
    return i < 0 ? 0 : (i < size[axis] ? i : size[axis] - 1);
  }
};

/// What a voxel weighs along one axis: in I, in dI/dx, in the gradient along the axis, in its derivative.
template <class T>
using tap = vec<T, 4>;

/// Along one axis: the voxel in the middle, and the weights of the three voxels around it.
template <class T>
struct axis_taps {
  index_t middle;
  tap<T> at[3];
};

/// x as a number that can be turned into an index: far outside, and for NaN, just outside.
template <class T>
DIFFAM_HOST_DEVICE T index_near(T x, index_t size) {
  if (!(x > T(-2))) return T(-2);
  const T last = static_cast<T>(size) + T(1);
  return x < last ? x : last;
}

/// The gradient that the method uses: one-voxel central differences of I. Its own derivative is piecewise
/// linear, so it can be descended on; noise in single voxels is averaged over two cells.
struct central_difference {
  template <class T>
  DIFFAM_HOST_DEVICE static axis_taps<T> along(T x, index_t size) {
    using std::floor;
    const T at = index_near(x, size);
    const T r = floor(at + T(0.5));
    const T u = at - r;  // in [-1/2, 1/2)
    const bool right = u >= T(0);
    const T half = T(0.5);
    return {static_cast<index_t>(r),
            {{right ? T(0) : -u, right ? T(0) : T(-1), u - half, T(1)},
             {right ? T(1) - u : T(1) + u, right ? T(-1) : T(1), T(-2) * u, T(-2)},
             {right ? u : T(0), right ? T(1) : T(0), u + half, T(1)}}};
  }
};

/// The exact gradient of I inside a cell. It jumps from cell to cell, and does not change along its own axis.
struct cell_gradient {
  template <class T>
  DIFFAM_HOST_DEVICE static axis_taps<T> along(T x, index_t size) {
    axis_taps<T> a = central_difference::along(x, size);
    for (auto& t : a.at) t[2] = t[1], t[3] = T(0);
    return a;
  }
};

/// Value, gradient and derivative of the gradient at a point.
template <class T>
struct image_jet {
  T value;
  vec3<T> gradient;    // G
  mat3<T> d_gradient;  // dG_a / dx_b at (a, b); not symmetric
};

/// The 27 voxels around a point.
template <class T>
struct neighbourhood {
  vec3<T> row[3][3];  // [k][j], along i
};

/// Fetches the voxels around the middles of `a`. `at(linear index)` reads one, or blends several volumes.
template <class T, class Voxel, class Read>
DIFFAM_HOST_DEVICE neighbourhood<T> fetch_neighbourhood(const voxel_view<Voxel>& volume,
                                                        const axis_taps<T> (&a)[3], const Read& at) {
  index_t i[3];
  for (int n = 0; n < 3; ++n) i[n] = volume.clamped(0, a[0].middle + n - 1);
  neighbourhood<T> out;
  for (int m = 0; m < 3; ++m) {
    const index_t k = volume.clamped(2, a[2].middle + m - 1);
    for (int n = 0; n < 3; ++n) {
      const index_t j = volume.clamped(1, a[1].middle + n - 1);
      const index_t first = volume.size[0] * (j + volume.size[1] * k);
      out.row[m][n] = {at(first + i[0]), at(first + i[1]), at(first + i[2])};
    }
  }
  return out;
}

/// Contracts the neighbourhood with every product of weights that I, D and dD/dx need, axis by axis. Four
/// kinds of weights side by side make vectors of four.
template <class T>
DIFFAM_HOST_DEVICE image_jet<T> contract(const neighbourhood<T>& x, const axis_taps<T> (&a)[3]) {
  enum kind { value, d_value, difference, d_difference };
  using four = lanes<T, 4>;
  four along_i[3];
  for (int n = 0; n < 3; ++n) along_i[n] = four::load(a[0].at[n].v);
  four plane[3][4];  // [k][kind along j][kind along i]
  for (int k = 0; k < 3; ++k) {
    for (int j = 0; j < 3; ++j) {
      const vec3<T>& r = x.row[k][j];
      four row = along_i[0] * four(r[0]);
      row.add_product(r[1], along_i[1]);
      row.add_product(r[2], along_i[2]);
      for (int q = 0; q < 4; ++q) {
        if (j == 0)
          plane[k][q] = row * four(a[1].at[0][q]);
        else
          plane[k][q].add_product(a[1].at[j][q], row);
      }
    }
  }
  tap<T> sums[9];
  constexpr kind along_j[9] = {value,      d_value, difference, d_difference, value,
                               difference, value,   d_value,    value};
  constexpr kind along_k[9] = {value,   value,      value,      value,       d_value,
                               d_value, difference, difference, d_difference};
  for (int n = 0; n < 9; ++n) {
    four sum = plane[0][along_j[n]] * four(a[2].at[0][along_k[n]]);
    sum.add_product(a[2].at[1][along_k[n]], plane[1][along_j[n]]);
    sum.add_product(a[2].at[2][along_k[n]], plane[2][along_j[n]]);
    sum.store(sums[n].v);
  }
  const tap<T>&vv = sums[0], &dv = sums[1], &gv = sums[2], &hv = sums[3], &vd = sums[4], &gd = sums[5];
  const tap<T>&vg = sums[6], &dg = sums[7], &vh = sums[8];
  return {vv[value],
          {vv[difference], gv[value], vg[value]},
          {{{vv[d_difference], dv[difference], vd[difference]},
            {gv[d_value], hv[value], gd[value]},
            {vg[d_value], dg[value], vh[value]}}}};
}

/// A coordinate clamped to the centres of the border voxels; 0 for NaN.
template <class N>  // a number, or lanes
DIFFAM_HOST_DEVICE N clamped_coordinate(const N& x, index_t size) {
  const N last = N(size - 1);
  return select(x > N(0), select(x < last, x, last), N(0));
}

/// Indices of the corners of a cell.
struct cell_corners {
  index_t row[4];  // first voxels of the rows along i: j's lower and upper, at k's lower, then at k's upper
  index_t next;    // to the second voxel of each
};

/// Of the cell that begins at voxel `lower`; beyond the border the border again.
template <class Voxel>
DIFFAM_HOST_DEVICE cell_corners corners_of(const voxel_view<Voxel>& volume, const vec<index_t, 3>& lower) {
  const vec<index_t, 3>& n = volume.size;
  const index_t first = lower[0] + n[0] * (lower[1] + n[1] * lower[2]);
  const index_t j = lower[1] + 1 < n[1] ? n[0] : 0, k = lower[2] + 1 < n[2] ? n[0] * n[1] : 0;
  return {{first, first + j, first + k, first + k + j}, lower[0] + 1 < n[0] ? 1 : 0};
}

/// I in a cell: `corner[2 r]` and `corner[2 r + 1]` are the ends of row r.
template <class N>  // a number, or lanes
DIFFAM_INLINE N interpolated(const N (&corner)[8], const vec3<N>& fraction) {
  N plane[2];
  for (int m = 0; m < 2; ++m) {
    const N* c = corner + 4 * m;
    const N low = c[0] + fraction[0] * (c[1] - c[0]), high = c[2] + fraction[0] * (c[3] - c[2]);
    plane[m] = low + fraction[1] * (high - low);
  }
  return plane[0] + fraction[2] * (plane[1] - plane[0]);
}

/// I(x): 8 voxels.
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

/// I at several points.
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
  for (int l = 0; l < Count; ++l) {
    const cell_corners c =
        corners_of(volume, {static_cast<index_t>(lower[0][l]), static_cast<index_t>(lower[1][l]),
                            static_cast<index_t>(lower[2][l])});
    for (int r = 0; r < 4; ++r) {
      voxel[2 * r][l] = at(c.row[r]);
      voxel[2 * r + 1][l] = at(c.row[r] + c.next);
    }
  }
  row corner[8];
  for (int n = 0; n < 8; ++n) corner[n] = row::load(voxel[n]);
  return interpolated(corner, fraction);
}

/// Reads one volume.
template <class T, class Voxel>
struct read_voxel {
  const Voxel* data;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return static_cast<T>(data[i]); }
};

/// Reads two volumes of one size, and blends them.
template <class T, class Voxel>
struct read_blended {
  const Voxel* first;
  const Voxel* second;
  T weight;  // of the second
  DIFFAM_HOST_DEVICE T operator()(index_t i) const {
    const T a = static_cast<T>(first[i]);
    return a + weight * (static_cast<T>(second[i]) - a);
  }
};

/// I, its gradient (as `Gradient` defines it) and the gradient's derivative, in index coordinates.
template <class Gradient, class T, class Voxel, class Read>
DIFFAM_HOST_DEVICE image_jet<T> trilinear_jet(const voxel_view<Voxel>& volume, const vec3<T>& x,
                                              const Read& at) {
  const axis_taps<T> a[3] = {Gradient::along(x[0], volume.size[0]), Gradient::along(x[1], volume.size[1]),
                             Gradient::along(x[2], volume.size[2])};
  return contract(fetch_neighbourhood(volume, a, at), a);
}

}  // namespace diffam
