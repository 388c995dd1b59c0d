// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A volume on another grid, by trilinear interpolation. A voxel of the new grid is inside where its index in
// the source lies in [0, N - 1]; outside it takes the value at the nearest measured place and is marked.
// Where the new grid is coarser, the source is first blurred along its own axes so that nothing aliases: a
// voxel of width w seen from one of width r w needs sigma = w sqrt((r^2 - 1) / (8 ln 2)) (Cardoso et al.,
// "Scale factor point spread function matching", MICCAI 2015).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "diffam/image/gaussian.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/trilinear.hpp"
#include "diffam/image/voxel_box.hpp"

namespace diffam {

namespace detail {

/// Line (j, k) of the new grid, k counted from `begin`. Index coordinates are exact to double precision, with
/// a millionth of a voxel of tolerance for "inside": grids that share a border agree on it.
template <class T>
struct resample_line_kernel {
  voxel_view<T> source;
  affine_map<double> to_source;  // index in the new grid -> index in the whole source
  vec3<double> first;            // of the crop in the source
  vec3<double> last;             // N - 1 of the whole source
  vec<index_t, 3> size;          // of the new grid
  index_t begin;
  T* values;
  std::uint8_t* inside;

  void operator()(index_t line) const {
    constexpr double tolerance = 1e-6;
    line += begin * size[1];
    const auto j = static_cast<double>(line % size[1]), k = static_cast<double>(line / size[1]);
    for (index_t i = 0; i < size[0]; ++i) {
      const vec3<double> x = to_source({static_cast<double>(i), j, k});
      bool in = true;
      for (int a = 0; a < 3; ++a) in = in && x[a] >= -tolerance && x[a] <= last[a] + tolerance;
      inside[line * size[0] + i] = in ? 1 : 0;
      values[line * size[0] + i] =
          static_cast<T>(trilinear_value(source, x - first, read_voxel<double, T>{source.data}));
    }
  }
};

/// Index in `to` -> index in `from`.
inline affine_map<double> index_map(const grid& to, const grid& from) {
  const mat3<double> m = inverse(from.axes);
  return {m * to.axes, m * (to.origin - from.origin)};
}

/// sigma^2 in voxels of the blur before sampling: along each source axis, by the longest step that the new
/// grid's voxels take along it.
inline vec3<double> antialias_variance(const affine_map<double>& to_source) {
  vec3<double> variance{};
  for (int a = 0; a < 3; ++a) {
    const double ratio = norm(to_source.linear.row[a]);
    variance[a] = ratio > 1 + 1e-9 ? (ratio * ratio - 1) / (8 * std::log(2.0)) : 0;
  }
  return variance;
}

inline constexpr index_t resample_slab = 32;  // slices of the new grid at a time

/// Slices [begin, end) of a grid.
inline grid slices(const grid& g, index_t begin, index_t end) {
  return sub_grid(g, {{0, 0, begin}, {g.size[0], g.size[1], end - begin}});
}

/// The voxels of `source` that `target` needs, blur included.
inline voxel_box voxels_seen(const grid& source, const grid& target, const vec3<double>& variance) {
  world_box needed;  // in source indices
  for (int c = 0; c < 8; ++c) needed.add(source.to_index(target.corner(c)));
  voxel_box out;
  for (int a = 0; a < 3; ++a) {
    const auto reach = static_cast<double>(gaussian_weights(variance[a]).size());
    const auto last = static_cast<double>(source.size[a] - 1);
    out.first[a] = static_cast<index_t>(std::clamp(std::floor(needed.lower[a] - reach), 0.0, last));
    out.size[a] =
        static_cast<index_t>(std::clamp(std::ceil(needed.upper[a] + reach), 0.0, last)) - out.first[a] + 1;
  }
  return out;
}

}  // namespace detail

/// The voxels of `source` that `resample` reads for `target`.
inline voxel_box voxels_resampled(const grid& source, const grid& target) {
  return detail::voxels_seen(source, target, detail::antialias_variance(detail::index_map(target, source)));
}

/// `source` on `target`. Set-up: copies the part of the source that some slices of the target need, as T, one
/// after the other.
template <real T = float, exec::policy Host, class From>
masked_volume<T> resample(const Host& e, const volume<From>& source, const grid& target) {
  const grid& g = source.geometry;
  require_grid("resample", g);
  require_grid("resample", target);
  const affine_map<double> map = detail::index_map(target, g);
  const vec3<double> variance = detail::antialias_variance(map);

  masked_volume<T> out{volume<T>(target), {}, g};
  out.inside.resize(out.values.voxels.size());
  for (index_t begin = 0; begin < target.size[2]; begin += detail::resample_slab) {
    const index_t end = std::min(begin + detail::resample_slab, target.size[2]);
    const voxel_box seen = detail::voxels_seen(g, detail::slices(target, begin, end), variance);
    volume<T> part = crop<T>(source, seen);
    blur_voxels(e, part.voxels, seen.size, variance);
    detail::resample_line_kernel<T> kernel{{part.voxels.data(), seen.size},
                                           map,
                                           {},
                                           {},
                                           target.size,
                                           begin,
                                           out.values.voxels.data(),
                                           out.inside.data()};
    for (int a = 0; a < 3; ++a) {
      kernel.first[a] = static_cast<double>(seen.first[a]);
      kernel.last[a] = static_cast<double>(g.size[a] - 1);
    }
    e.for_each_index(target.size[1] * (end - begin), kernel, 16);
  }
  if (std::find(out.inside.begin(), out.inside.end(), 0) == out.inside.end()) out.inside.clear();
  return out;
}

}  // namespace diffam
