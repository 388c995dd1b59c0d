// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Volumes of signed distances, negative inside. One function computes the distances of the voxels of a grid
// to a closed mesh. A class evaluates such a volume at any position. For set-up only.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/sdf/mesh_distance.hpp"

namespace diffam {

/// Where distances must be exact: within `reach` of `level`. Both are in the unit of the mesh (mm).
struct distance_volume_params {
  double level = 0;
  double reach = std::numeric_limits<double>::infinity();
};

namespace detail {

/// Computes the signed distances of voxel centres, many at a time.
template <exec::policy Host>
class voxel_distances {
 public:
  voxel_distances(const Host& e, const triangle_mesh<double>& mesh, volume<float>& out)
      : policy_(e),
        out_(out),
        points_(std::clamp<index_t>(out.geometry.voxel_count(), 1, 1 << 15), 3),
        component_(mesh, points_.get()),
        vertices_(vertex_buffer<float>(mesh)),
        memory_(component_, vertices_.get().extent()) {
    voxels_.reserve(static_cast<std::size_t>(points_.get().rows));
  }

  void add(const vec<index_t, 3>& at) {
    const grid& g = out_.geometry;
    const vec3<double> p =
        g.to_world({static_cast<double>(at[0]), static_cast<double>(at[1]), static_cast<double>(at[2])});
    const auto row = static_cast<index_t>(voxels_.size());
    for (int k = 0; k < 3; ++k) points_.get()(row, k) = static_cast<float>(p[k]);
    voxels_.push_back(g.linear(at[0], at[1], at[2]));
    if (row + 1 == points_.get().rows) finish();
  }

  /// Computes the voxels that were added since the last call. Rows of `points_` after these hold old points,
  /// whose results are ignored.
  void finish() {
    if (voxels_.empty()) return;
    component_.forward(policy_, vertices_.get(), memory_.output, memory_.workspace);
    for (std::size_t i = 0; i < voxels_.size(); ++i)
      out_.voxels[static_cast<std::size_t>(voxels_[i])] = memory_.output[static_cast<index_t>(i)];
    voxels_.clear();
  }

 private:
  const Host& policy_;
  volume<float>& out_;
  std::vector<index_t> voxels_;
  buffer<float> points_;
  mesh_distance<float, Host> component_;
  buffer<float> vertices_;
  planned<mesh_distance<float, Host>> memory_;
};

/// A box of the grid from voxel `low` to voxel `high`. It owns the voxels from `low` to before `end`; the
/// others belong to neighbouring cells.
struct voxel_cell {
  vec<index_t, 3> low, high, end;

  template <class Visit>
  void each_corner(const Visit& visit) const {
    for (int c = 0; c < 8; ++c)
      visit(vec<index_t, 3>{c & 1 ? high[0] : low[0], c & 2 ? high[1] : low[1], c & 4 ? high[2] : low[2]});
  }

  template <class Visit>
  void each_voxel(const Visit& visit) const {
    for (index_t k = low[2]; k < end[2]; ++k)
      for (index_t j = low[1]; j < end[1]; ++j)
        for (index_t i = low[0]; i < end[0]; ++i) visit(vec<index_t, 3>{i, j, k});
  }
};

inline constexpr index_t voxel_cell_side = 4;

/// The cells of a grid. Each voxel belongs to one cell.
inline std::vector<voxel_cell> voxel_cells(const grid& g) {
  std::vector<voxel_cell> cells;
  vec<index_t, 3> low;
  const auto inside = [&](int a) { return low[a] == 0 || low[a] + 1 < g.size[a]; };
  for (low[2] = 0; inside(2); low[2] += voxel_cell_side)
    for (low[1] = 0; inside(1); low[1] += voxel_cell_side)
      for (low[0] = 0; inside(0); low[0] += voxel_cell_side) {
        voxel_cell c{low, low, low};
        for (int a = 0; a < 3; ++a) {
          c.high[a] = std::min(low[a] + voxel_cell_side, g.size[a] - 1);
          c.end[a] = c.high[a] + (c.high[a] + 1 == g.size[a] ? 1 : 0);
        }
        cells.push_back(c);
      }
  return cells;
}

/// Calls `visit` for each voxel that is a corner of a cell.
template <class Visit>
void each_cell_corner(const grid& g, const Visit& visit) {
  const auto next = [&](int a, index_t i) {  // the last voxel is the last corner
    return i + 1 == g.size[a] ? g.size[a] : std::min(i + voxel_cell_side, g.size[a] - 1);
  };
  for (index_t k = 0; k < g.size[2]; k = next(2, k))
    for (index_t j = 0; j < g.size[1]; j = next(1, j))
      for (index_t i = 0; i < g.size[0]; i = next(0, i)) visit(vec<index_t, 3>{i, j, k});
}

/// Sets the voxels that a cell owns by trilinear interpolation between its corners.
inline void interpolate_cell(volume<float>& v, const voxel_cell& cell) {
  float corner[8];
  int n = 0;
  cell.each_corner([&](const vec<index_t, 3>& at) { corner[n++] = v.at(at[0], at[1], at[2]); });
  cell.each_voxel([&](const vec<index_t, 3>& at) {
    float along[8];
    std::copy_n(corner, 8, along);
    for (int a = 0; a < 3; ++a) {
      const index_t length = std::max<index_t>(1, cell.high[a] - cell.low[a]);
      const float t = static_cast<float>(at[a] - cell.low[a]) / static_cast<float>(length);
      for (int c = 0; c < 4 >> a; ++c) along[c] = along[2 * c] * (1 - t) + along[2 * c + 1] * t;
    }
    v.at(at[0], at[1], at[2]) = along[0];
  });
}

}  // namespace detail

/// The signed distance of every voxel centre of `g` to the mesh, in the unit of the mesh (mm). Farther than
/// `p.reach` from `p.level`, values may be interpolated between exact values four voxels apart, which saves
/// most of the time. Such a value is wrong by at most half the diagonal of four voxels, and is on the correct
/// side of `p.level`. Throws `diffam::error` if the mesh is not closed or the grid is empty.
template <exec::policy Host>  // host policy
volume<float> distance_volume(const Host& e, const triangle_mesh<double>& mesh, const grid& g,
                              const distance_volume_params& p = {}) {
  require_closed_mesh(mesh, "distance_volume");
  require_grid("distance_volume", g);
  volume<float> out(g);
  detail::voxel_distances<Host> exact(e, mesh, out);
  const auto add = [&](const vec<index_t, 3>& at) { exact.add(at); };
  const bool everywhere = !std::isfinite(p.reach);
  if (!everywhere) {
    detail::each_cell_corner(g, add);
    exact.finish();
  }
  // A distance changes by no more than the length of the path. No voxel is farther from a corner than half
  // the diagonal of the cell.
  const double far = p.reach + norm(g.spacing()) * (0.5 * static_cast<double>(detail::voxel_cell_side));
  for (const auto& cell : detail::voxel_cells(g)) {
    bool interpolated = !everywhere;
    cell.each_corner([&](const vec<index_t, 3>& at) {
      const double d = static_cast<double>(out.at(at[0], at[1], at[2]));
      interpolated = interpolated && std::abs(d - p.level) > far;
    });
    if (interpolated)
      detail::interpolate_cell(out, cell);
    else
      cell.each_voxel(add);
  }
  exact.finish();
  return out;
}

/// A volume as a function of the world position: trilinear between voxels, constant beyond the border.
class volume_function {
 public:
  /// Keeps a pointer to the voxels of `v`, which must live longer than this object.
  explicit volume_function(const volume<float>& v)
      : view_{v.voxels.data(), v.geometry.size}, to_index_(world_to_index<double>(v.geometry, 1)) {}

  double operator()(const vec3<double>& p) const {
    return trilinear_value(view_, to_index_(p), read_voxel<double, float>{view_.data});
  }

 private:
  voxel_view<float> view_;
  affine_map<double> to_index_;
};

}  // namespace diffam
