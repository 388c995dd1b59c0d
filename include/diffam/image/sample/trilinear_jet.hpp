// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Value, gradient, and derivative of the gradient of the trilinear interpolant I (trilinear.hpp):
//
//     D_a(x) = I(x + e_a / 2) - I(x - e_a / 2)                     one-voxel central difference
//
// Along an axis, h and its central difference are nonzero only at the three voxels r - 1, r, r + 1 with r =
// round(x). Therefore I, D and dD/dx come from one fetch of 27 voxels. Border: coordinates are clamped to the
// centres of the border voxels; this holds for x, x + e_a / 2 and x - e_a / 2.
#pragma once

#include "diffam/image/trilinear.hpp"
#include "diffam/simd/columns.hpp"

namespace diffam {

/// The weights of a voxel along one axis, for: I; dI/dx; the gradient along the axis; the derivative of that
/// gradient.
template <class T>
using tap = vec<T, 4>;

/// Along one axis: the middle voxel, and the weights of the three voxels around it.
template <class T>
struct axis_taps {
  index_t middle;
  tap<T> at[3];
};

/// x clamped so that it converts to an index: values far outside and NaN become just outside.
template <class T>
DIFFAM_HOST_DEVICE T index_near(T x, index_t size) {
  const T last = static_cast<T>(size) + T(1), from = select(x > T(-2), x, T(-2));
  return select(from < last, from, last);
}

/// The gradient of the method: one-voxel central differences of I. Its derivative is piecewise linear, so it
/// suits gradient descent. Noise of single voxels is averaged over two cells.
struct central_difference {
  template <class T>
  DIFFAM_HOST_DEVICE static axis_taps<T> along(T x, index_t size) {
    using std::floor;
    const T at = index_near(x, size);
    const T r = floor(at + T(0.5));
    const T u = at - r;  // in [-1/2, 1/2)
    // No branch, because the branch predictor cannot predict the side of the voxel.
    const T right = select(u >= T(0), T(1), T(0)), above = u * right, below = above - u;
    const T half = T(0.5);
    return {static_cast<index_t>(r),
            {{below, right - T(1), u - half, T(1)},
             {T(1) - above - below, T(1) - T(2) * right, T(-2) * u, T(-2)},
             {above, right, u + half, T(1)}}};
  }
};

/// The exact gradient of I inside a cell. It is discontinuous between cells, and constant along its own axis.
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
  vec3<T> gradient;    // the gradient G
  mat3<T> d_gradient;  // dG_a / dx_b at (a, b); not symmetric
};

/// The 27 voxels around a point.
template <class T>
struct neighbourhood {
  T row[3][3][4];  // [k][j], along i; the fourth value is not used
};

/// Whether the four voxels along i from `middle - 1` on are inside the volume, so that they can be read as
/// one vector. Always false on a device, where the threads of a warp would diverge.
template <class Voxel>
DIFFAM_INLINE bool has_four([[maybe_unused]] const voxel_view<Voxel>& volume,
                            [[maybe_unused]] index_t middle) {
#if defined(__CUDA_ARCH__)
  return false;
#else
  return middle >= 1 && middle + 3 <= volume.size[0];
#endif
}

/// Reads the voxels around the middle voxels of `a`. `at(linear index)` reads one volume, or blends two.
template <class T, class Voxel, class Read>
DIFFAM_INLINE neighbourhood<T> fetch_neighbourhood(const voxel_view<Voxel>& volume,
                                                   const axis_taps<T> (&a)[3], const Read& at) {
  index_t i[3], j[3], k[3];
  for (int n = 0; n < 3; ++n) {
    i[n] = volume.clamped(0, a[0].middle + n - 1);
    j[n] = volume.size[0] * volume.clamped(1, a[1].middle + n - 1);
    k[n] = volume.size[0] * volume.size[1] * volume.clamped(2, a[2].middle + n - 1);
  }
  neighbourhood<T> out;
  if (has_four(volume, a[0].middle)) {
    for (int m = 0; m < 3; ++m)
      for (int n = 0; n < 3; ++n) at.four(i[0] + j[n] + k[m]).store(out.row[m][n]);
  } else {
    for (int m = 0; m < 3; ++m)
      for (int n = 0; n < 3; ++n)
        for (int l = 0; l < 3; ++l) out.row[m][n][l] = at(i[l] + j[n] + k[m]);
  }
  return out;
}

/// Prefetches these voxels. It prefetches both ends of each row, because a row may cross a cache line.
template <class T, class Voxel, class Read>
DIFFAM_INLINE void prefetch_neighbourhood(const voxel_view<Voxel>& volume, const axis_taps<T> (&a)[3],
                                          const Read& at) {
  const index_t i = volume.clamped(0, a[0].middle - 1);
  for (int m = -1; m < 2; ++m)
    for (int n = -1; n < 2; ++n) {
      const index_t first = i + volume.size[0] * (volume.clamped(1, a[1].middle + n) +
                                                  volume.size[1] * volume.clamped(2, a[2].middle + m));
      at.prefetch(first);
      at.prefetch(first + 3);
    }
}

/// Contracts the neighbourhood, axis by axis, with all products of weights that I, D and dD/dx need. The four
/// kinds of weights form a vector of four lanes.
template <class T>
DIFFAM_INLINE image_jet<T> contract(const neighbourhood<T>& x, const axis_taps<T> (&a)[3]) {
  enum kind { value, d_value, difference, d_difference };
  using four = lanes<T, 4>;
  four along_i[3];
  for (int n = 0; n < 3; ++n) along_i[n] = four::load(a[0].at[n].v);
  four plane[3][4];  // [k][kind along j][kind along i]
  for (int k = 0; k < 3; ++k) {
    for (int j = 0; j < 3; ++j) {
      const T* r = x.row[k][j];
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

/// I, its gradient (as defined by `Gradient`) and the derivative of the gradient, in index coordinates.
template <class Gradient, class T, class Voxel, class Read>
DIFFAM_HOST_DEVICE image_jet<T> trilinear_jet(const voxel_view<Voxel>& volume, const vec3<T>& x,
                                              const Read& at) {
  const axis_taps<T> a[3] = {Gradient::along(x[0], volume.size[0]), Gradient::along(x[1], volume.size[1]),
                             Gradient::along(x[2], volume.size[2])};
  return contract(fetch_neighbourhood(volume, a, at), a);
}

/// Converts jets to one jet of lanes.
template <class T, int Count>
DIFFAM_INLINE image_jet<lanes<T, Count>> side_by_side(const image_jet<T> (&jets)[Count]) {
  lane_columns<T, 13, Count> all;
  for (int l = 0; l < Count; ++l) {
    all.at[0][l] = jets[l].value;
    all.set(1, l, jets[l].gradient);
    for (int r = 0; r < 3; ++r) all.set(4 + 3 * r, l, jets[l].d_gradient.row[r]);
  }
  return {
      lanes<T, Count>::load(all.at[0]), all.vectors(1), {{all.vectors(4), all.vectors(7), all.vectors(10)}}};
}

/// The same at several points. The function prefetches the voxels of all points before it reads those of the
/// first one, because the memory latency of a jet is several times the time of its arithmetic.
template <class Gradient, class T, int Count, class Voxel, class Read>
DIFFAM_HOST_DEVICE image_jet<lanes<T, Count>> trilinear_jet(const voxel_view<Voxel>& volume,
                                                            const vec3<lanes<T, Count>>& x, const Read& at) {
  lane_columns<T, 3, Count> points;
  points.set(0, x);
  axis_taps<T> taps[Count][3];
  for (int l = 0; l < Count; ++l) {
    for (int a = 0; a < 3; ++a) taps[l][a] = Gradient::along(points.at[a][l], volume.size[a]);
    prefetch_neighbourhood(volume, taps[l], at);
  }
  image_jet<T> jets[Count];
  for (int l = 0; l < Count; ++l) jets[l] = contract(fetch_neighbourhood(volume, taps[l], at), taps[l]);
  return side_by_side(jets);
}

}  // namespace diffam
