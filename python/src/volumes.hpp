// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arrays of voxels with an affine matrix (4 x 4, voxel index -> world RAS in mm) as volumes, and back.
#pragma once

#include "arrays.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/metrics/dice.hpp"
#include "diffam/metrics/label_surface.hpp"

namespace diffam::python {

/// The grid of an array. Throws `error` (bad_data) for an array without voxels and for dependent axes.
template <class T>
grid grid_of(const voxels_argument<T>& voxels, const affine_argument& affine) {
  grid g;
  for (int r = 0; r < 3; ++r) {
    g.size[r] = static_cast<index_t>(voxels.shape(static_cast<std::size_t>(r)));
    for (int c = 0; c < 3; ++c) g.axes(r, c) = affine.data()[4 * r + c];
    g.origin[r] = affine.data()[4 * r + 3];
  }
  require_grid("affine", g);
  return g;
}

template <class T>
volume<T> volume_of(const voxels_argument<T>& voxels) {
  volume<T> out;
  for (int a = 0; a < 3; ++a)
    out.geometry.size[a] = static_cast<index_t>(voxels.shape(static_cast<std::size_t>(a)));
  out.voxels.assign(voxels.data(), voxels.data() + voxels.size());
  return out;
}
template <class T>
volume<T> volume_of(const voxels_argument<T>& voxels, const affine_argument& affine) {
  volume<T> out = volume_of(voxels);
  out.geometry = grid_of(voxels, affine);
  return out;
}

/// Voxels (first index fastest) and affine matrix.
template <class T>
nb::tuple arrays_of(volume<T>&& v) {
  const auto& g = v.geometry;
  std::vector<double> affine(16);
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) affine[4 * r + c] = g.axes(static_cast<int>(r), static_cast<int>(c));
    affine[4 * r + 3] = g.origin[static_cast<int>(r)];
  }
  affine[15] = 1;
  const index_t a = g.size[0], b = g.size[1], c = g.size[2];
  const auto size = [](index_t n) { return static_cast<std::size_t>(n); };
  return nb::make_tuple(owned<T>(std::move(v.voxels), {size(a), size(b), size(c)}, {1, a, a * b}),
                        owned<double>(std::move(affine), {4, 4}));
}

}  // namespace diffam::python
