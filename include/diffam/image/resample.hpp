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

namespace diffam {

/// The voxels [first, first + size) of a volume.
template <class To, class From>
volume<To> crop(const volume<From>& v, const vec<index_t, 3>& first, const vec<index_t, 3>& size) {
  for (int a = 0; a < 3; ++a)
    if (first[a] < 0 || size[a] < 1 || first[a] + size[a] > v.geometry.size[a])
      throw error("crop: expected voxels in [0, " + std::to_string(v.geometry.size[a]) + ") along axis " +
                  std::to_string(a) + ", got [" + std::to_string(first[a]) + ", " +
                  std::to_string(first[a] + size[a]) + ")");
  grid g = v.geometry;
  g.size = size;
  g.origin = v.geometry.to_world(
      {static_cast<double>(first[0]), static_cast<double>(first[1]), static_cast<double>(first[2])});
  volume<To> out(g);
  for (index_t k = 0; k < size[2]; ++k)
    for (index_t j = 0; j < size[1]; ++j) {
      const From* from = &v.at(first[0], first[1] + j, first[2] + k);
      std::transform(from, from + size[0], &out.at(0, j, k), [](From x) { return static_cast<To>(x); });
    }
  return out;
}

namespace detail {

/// Line (j, k) of the new grid. Index coordinates are exact to double precision, with a millionth of a voxel
/// of tolerance for "inside": grids that share a border agree on it.
template <class T>
struct resample_line_kernel {
  voxel_view<T> source;
  affine_map<double> to_source;  // index in the new grid -> index in the (cropped) source
  vec3<double> first;            // of the crop in the source
  vec3<double> last;             // N - 1 of the whole source
  vec<index_t, 3> size;          // of the new grid
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

}  // namespace detail

/// `source` on `target`. Set-up: copies the part of the source that is needed, as T.
template <real T = float, exec::policy Host, class From>
masked_volume<T> resample(const Host& e, const volume<From>& source, const grid& target) {
  const grid& g = source.geometry;
  require_grid("resample", g);
  require_grid("resample", target);
  const affine_map<double> map = detail::index_map(target, g);
  const vec3<double> variance = detail::antialias_variance(map);

  world_box needed;  // in source indices
  for (int c = 0; c < 8; ++c) needed.add(g.to_index(target.corner(c)));
  vec<index_t, 3> first{}, size{};
  for (int a = 0; a < 3; ++a) {
    const auto reach = static_cast<double>(gaussian_weights(variance[a]).size());
    const auto last = static_cast<double>(g.size[a] - 1);
    first[a] = static_cast<index_t>(std::clamp(std::floor(needed.lower[a] - reach), 0.0, last));
    size[a] = static_cast<index_t>(std::clamp(std::ceil(needed.upper[a] + reach), 0.0, last)) - first[a] + 1;
  }
  volume<T> part = crop<T>(source, first, size);
  blur_voxels(e, part.voxels, size, variance);

  masked_volume<T> out{volume<T>(target), {}, g};
  out.inside.resize(out.values.voxels.size());
  detail::resample_line_kernel<T> kernel{{part.voxels.data(), size},
                                         detail::index_map(target, part.geometry),
                                         {},
                                         {},
                                         target.size,
                                         out.values.voxels.data(),
                                         out.inside.data()};
  for (int a = 0; a < 3; ++a) {
    kernel.first[a] = static_cast<double>(first[a]);
    kernel.last[a] = static_cast<double>(g.size[a] - 1);
  }
  e.for_each_index(target.size[1] * target.size[2], kernel, 16);
  if (std::find(out.inside.begin(), out.inside.end(), 0) == out.inside.end()) out.inside.clear();
  return out;
}

}  // namespace diffam
