// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Resampling of a volume onto another grid, by trilinear interpolation. A voxel of the new grid is inside if
// its index in the source is in [0, N - 1]. A voxel outside gets the nearest measured value and is marked. If
// the new grid is coarser, the source is first blurred along its own axes against aliasing. The blur matches
// the point spread functions: from voxels of width w to voxels of width r w it has sigma = w sqrt((r^2 - 1) /
// (8 ln 2)) (Cardoso et al., "Scale factor point spread function matching", MICCAI 2015).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "diffam/image/gaussian.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume_part.hpp"

namespace diffam {

namespace detail {

/// Kernel of line (j, k) of the new grid. It computes indices in double precision and allows a millionth of a
/// voxel for "inside", so that grids which share a border agree.
template <class T>
struct resample_line_kernel {
  voxel_view<T> source;
  affine_map<double> to_source;  // index in the new grid -> index in the (cropped) source
  vec3<double> first;            // first voxel of the crop in the source
  vec3<double> last;             // N - 1 of the whole source
  vec<index_t, 3> size;          // size of the new grid
  T* values;
  std::uint8_t* inside;

  void operator()(index_t line) const {
    constexpr double tolerance = 1e-6;
    const auto j = static_cast<double>(line % size[1]), k = static_cast<double>(line / size[1]);
    for (index_t i = 0; i < size[0]; ++i) {
      const vec3<double> x = to_source({static_cast<double>(i), j, k});
      bool in = true;
      for (int a = 0; a < 3; ++a)
        in = in && x[a] + first[a] >= -tolerance && x[a] + first[a] <= last[a] + tolerance;
      inside[line * size[0] + i] = in ? 1 : 0;
      values[line * size[0] + i] =
          static_cast<T>(trilinear_value(source, x, read_voxel<double, T>{source.data}));
    }
  }
};

/// The map from indices in `to` to indices in `from`.
inline affine_map<double> index_map(const grid& to, const grid& from) {
  const mat3<double> m = inverse(from.axes);
  return {m * to.axes, m * (to.origin - from.origin)};
}

/// The variance (sigma^2, in source voxels) of the blur before sampling. Along each source axis it depends on
/// the longest step that one new voxel takes along this axis.
inline vec3<double> antialias_variance(const affine_map<double>& to_source) {
  vec3<double> variance{};
  for (int a = 0; a < 3; ++a) {
    const double ratio = norm(to_source.linear.row[a]);
    variance[a] = ratio > 1 + 1e-9 ? (ratio * ratio - 1) / (8 * std::log(2.0)) : 0;
  }
  return variance;
}

}  // namespace detail

/// The bounding box of the points in voxels of `g`, enlarged by `reach` voxels along each axis and clipped to
/// the grid.
inline voxel_box voxels_around(const grid& g, const std::array<vec3<double>, 8>& points,
                               const vec3<double>& reach = {}) {
  world_box needed;  // in voxel indices
  for (const auto& p : points) needed.add(g.to_index(p));
  voxel_box out;
  for (int a = 0; a < 3; ++a) {
    const auto last = static_cast<double>(g.size[a] - 1);
    out.first[a] = static_cast<index_t>(std::clamp(std::floor(needed.lower[a] - reach[a]), 0.0, last));
    out.size[a] =
        static_cast<index_t>(std::clamp(std::ceil(needed.upper[a] + reach[a]), 0.0, last)) - out.first[a] + 1;
  }
  return out;
}

/// The voxels of an image on `source` that `resample` reads for `target`, including the reach of the blur.
inline voxel_box voxels_resampled(const grid& source, const grid& target) {
  const vec3<double> variance = detail::antialias_variance(detail::index_map(target, source));
  vec3<double> reach{};
  for (int a = 0; a < 3; ++a) reach[a] = static_cast<double>(gaussian_weights(variance[a]).size());
  return voxels_around(source, target.corners(), reach);
}

/// Resamples `source` onto `target`. `source` must hold the voxels of `voxels_resampled`. For set-up: copies
/// these voxels as T. Throws `diffam::error` if a grid is not valid or voxels are missing.
template <real T = float, exec::policy Host, class From>
masked_volume<T> resample(const Host& e, const volume_view<From>& source, const grid& target) {
  const grid& g = source.geometry;
  require_grid("resample", g);
  require_grid("resample", target);
  const voxel_box box = voxels_resampled(g, target);
  volume<T> part = crop<T>(source, box);
  blur_voxels(e, part.voxels, box.size, detail::antialias_variance(detail::index_map(target, g)));

  masked_volume<T> out{volume<T>(target), {}, g};
  out.inside.resize(out.values.voxels.size());
  detail::resample_line_kernel<T> kernel{{part.voxels.data(), box.size},
                                         detail::index_map(target, part.geometry),
                                         {},
                                         {},
                                         target.size,
                                         out.values.voxels.data(),
                                         out.inside.data()};
  for (int a = 0; a < 3; ++a) {
    kernel.first[a] = static_cast<double>(box.first[a]);
    kernel.last[a] = static_cast<double>(g.size[a] - 1);
  }
  e.for_each_index(target.size[1] * target.size[2], kernel, 16);
  if (std::find(out.inside.begin(), out.inside.end(), 0) == out.inside.end()) out.inside.clear();
  return out;
}
template <real T = float, exec::policy Host, class From>
masked_volume<T> resample(const Host& e, const volume<From>& source, const grid& target) {
  return resample<T>(e, volume_view<From>(source), target);
}

}  // namespace diffam
