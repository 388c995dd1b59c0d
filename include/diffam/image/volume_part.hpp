// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A box of voxels of an image, to save the memory of the rest. Indices, positions and borders are those of
// the whole image. Therefore results from a part equal those from the whole image, bit for bit.
#pragma once

#include <algorithm>
#include <string>

#include "diffam/image/volume.hpp"

namespace diffam {

/// A range of voxels: `first` and `size` along i, j, k.
struct voxel_box {
  vec<index_t, 3> first{};
  vec<index_t, 3> size{};

  bool empty() const { return size[0] <= 0 || size[1] <= 0 || size[2] <= 0; }
  index_t count() const { return empty() ? 0 : size[0] * size[1] * size[2]; }
  bool has(int axis, index_t i) const { return i >= first[axis] && i < first[axis] + size[axis]; }
  bool has(index_t i, index_t j, index_t k) const { return has(0, i) && has(1, j) && has(2, k); }
  /// Index of voxel (i, j, k) in an array of the voxels of the box, i fastest.
  index_t linear(index_t i, index_t j, index_t k) const {
    return i - first[0] + size[0] * (j - first[1] + size[1] * (k - first[2]));
  }
};

/// The smallest box that contains both boxes. An empty box adds nothing.
inline voxel_box hull(const voxel_box& a, const voxel_box& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  voxel_box out;
  for (int n = 0; n < 3; ++n) {
    out.first[n] = std::min(a.first[n], b.first[n]);
    out.size[n] = std::max(a.first[n] + a.size[n], b.first[n] + b.size[n]) - out.first[n];
  }
  return out;
}

/// Throws `diffam::error` if the box has no voxels or is not within `all`.
inline void require_box(const char* where, const voxel_box& box, const voxel_box& all) {
  for (int a = 0; a < 3; ++a) {
    const index_t first = box.first[a], last = first + box.size[a];
    const index_t least = all.first[a], most = least + all.size[a];
    if (first < least || box.size[a] < 1 || last > most)
      throw error(std::string(where) + ": expected a box of voxels in [" + std::to_string(least) + ", " +
                  std::to_string(most) + ") along axis " + std::to_string(a) + ", got [" +
                  std::to_string(first) + ", " + std::to_string(last) + ")");
  }
}

/// The grid of the voxels of a box.
inline grid sub_grid(const grid& g, const voxel_box& box) {
  grid out = g;
  out.size = box.size;
  out.origin = g.to_world({static_cast<double>(box.first[0]), static_cast<double>(box.first[1]),
                           static_cast<double>(box.first[2])});
  return out;
}

/// A part of an image: the voxels in the box `kept`.
template <class T>
struct volume_part {
  grid geometry;          // grid of the whole image
  voxel_box kept;         // may be empty
  std::vector<T> voxels;  // voxels of the box, i fastest

  volume_part() = default;
  volume_part(const grid& whole, const voxel_box& box)
      : geometry(whole),
        kept(box.empty() ? voxel_box{} : box),
        voxels(static_cast<std::size_t>(box.count())) {
    if (!kept.empty()) require_box("volume_part", kept, {{}, whole.size});
  }
};

/// A view of the voxels of an image, either the whole image or a part. The owner must live longer.
template <class T>
struct volume_view {
  grid geometry;              // grid of the whole image
  voxel_box kept;             // the voxels that are available
  const T* voxels = nullptr;  // voxels of the box, i fastest

  volume_view(const volume<T>& v)
      : geometry(v.geometry), kept{{}, v.geometry.size}, voxels(v.voxels.data()) {}
  volume_view(const volume_part<T>& v) : geometry(v.geometry), kept(v.kept), voxels(v.voxels.data()) {}

  /// Voxel (i, j, k), which must be in `kept`.
  const T& at(index_t i, index_t j, index_t k) const { return voxels[kept.linear(i, j, k)]; }
};

/// Copies the voxels of a box into a volume. Throws `diffam::error` if the box is not within `v.kept`.
template <class To, class From>
volume<To> crop(const volume_view<From>& v, const voxel_box& box) {
  require_box("crop", box, v.kept);
  volume<To> out(sub_grid(v.geometry, box));
  for (index_t k = 0; k < box.size[2]; ++k)
    for (index_t j = 0; j < box.size[1]; ++j) {
      const From* from = &v.at(box.first[0], box.first[1] + j, box.first[2] + k);
      std::transform(from, from + box.size[0], &out.at(0, j, k), [](From x) { return static_cast<To>(x); });
    }
  return out;
}
template <class To, class From>
volume<To> crop(const volume<From>& v, const voxel_box& box) {
  return crop<To>(volume_view<From>(v), box);
}

/// The whole image; voxels that are not kept get the value T{}.
template <class T>
volume<T> expanded(const volume_view<T>& v) {
  volume<T> out(v.geometry);
  const auto& [first, size] = v.kept;
  for (index_t k = first[2]; k < first[2] + size[2]; ++k)
    for (index_t j = first[1]; j < first[1] + size[1]; ++j)
      std::copy_n(&v.at(first[0], j, k), size[0], &out.at(first[0], j, k));
  return out;
}

}  // namespace diffam
