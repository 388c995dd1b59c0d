// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Converts meshes to a label volume. A voxel belongs to a mesh if the winding number at its centre is at
// least 1. Scan lines along i count signed crossings, so a self-intersection stays inside. Vertices are
// rounded to 2^-16 of a voxel in j and k, so every test is exact in integers. A line through an edge or a
// vertex is moved by a symbolic epsilon (Edelsbrunner & Muecke, "Simulation of simplicity", 1990), so that no
// line leaks. Where meshes overlap, a voxel goes to the mesh whose surface is farther away (the deeper signed
// distance), and to the earlier mesh at equal depth.
#pragma once

#include <cstdint>
#include <span>

#include "diffam/exec/policy.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/template/deepness.hpp"

namespace diffam::spine {
namespace detail {

/// A mesh in the index coordinates of a grid, prepared for scan lines.
struct scan_mesh {
  static constexpr int bits = 16;           // fraction bits of a rounded coordinate
  static constexpr double reach = 1 << 14;  // largest mesh in voxels: products stay below 2^62

  std::vector<double> along;                 // i of each vertex, relative to the box
  std::vector<vec<std::int64_t, 2>> across;  // j and k of each vertex, fixed point, relative to the box
  std::vector<face> faces;
  voxel_box box;             // voxels whose centres can lie inside the mesh
  std::int64_t outward = 1;  // -1 where the grid's axes are left-handed
};

/// Prepares a mesh. Throws `error` (bad_data) where it is not finite or too large.
inline scan_mesh make_scan_mesh(const triangle_mesh<double>& mesh, const grid& g) {
  scan_mesh s;
  s.faces = mesh.faces;
  s.outward = determinant(g.axes) > 0 ? 1 : -1;
  if (mesh.vertices.empty()) return s;
  const mat3<double> to_index = inverse(g.axes);
  std::vector<vec3<double>> points;
  points.reserve(mesh.vertices.size());
  for (const auto& v : mesh.vertices) points.push_back(to_index * (v - g.origin));
  vec3<double> low = points[0], high = points[0];
  for (const auto& p : points)
    for (int a = 0; a < 3; ++a) {
      if (!std::isfinite(p[a])) throw error("voxelise: a vertex is not finite", error_kind::bad_data);
      low[a] = p[a] < low[a] ? p[a] : low[a];
      high[a] = p[a] > high[a] ? p[a] : high[a];
    }
  for (int a = 0; a < 3; ++a) {
    if (high[a] - low[a] > scan_mesh::reach)
      throw error("voxelise: a mesh spans more than 16384 voxels", error_kind::bad_data);
    const double last = static_cast<double>(g.size[a] - 1);
    const double begin = std::ceil(low[a]) > 0 ? std::ceil(low[a]) : 0;
    const double end = std::floor(high[a]) < last ? std::floor(high[a]) : last;
    s.box.first[a] = begin <= last ? static_cast<index_t>(begin) : 0;
    s.box.size[a] = end >= begin ? static_cast<index_t>(end - begin) + 1 : 0;
  }
  if (s.box.empty()) return s;
  for (const auto& p : points) {
    const auto snap = [&](int a) {
      const double x = p[a] - static_cast<double>(s.box.first[a]);
      return static_cast<std::int64_t>(std::llround(x * (1 << scan_mesh::bits)));
    };
    s.along.push_back(p[0] - static_cast<double>(s.box.first[0]));
    s.across.push_back({snap(1), snap(2)});
  }
  return s;
}

/// Twice the signed area of (a, b, q), and its sign after q is moved by (epsilon, epsilon^2).
struct side_of_edge {
  std::int64_t area;
  int sign;

  side_of_edge(const vec<std::int64_t, 2>& a, const vec<std::int64_t, 2>& b, const vec<std::int64_t, 2>& q) {
    const std::int64_t y = b[0] - a[0], z = b[1] - a[1];
    area = y * (q[1] - a[1]) - z * (q[0] - a[0]);
    const std::int64_t s = area != 0 ? area : z != 0 ? -z : y;
    sign = s > 0 ? 1 : s < 0 ? -1 : 0;
  }
};

/// Kernel over the k slices of a mesh's box. It marks where scan lines cross the surface, as steps of the
/// winding number. Then it sums these steps from the far end of each line.
struct scan_slice_kernel {
  const scan_mesh* mesh;
  std::int32_t* steps;      // (size[0] + 1) x size[1] x size[2]: change of the number just below this voxel
  std::uint8_t* is_inside;  // size[0] x size[1] x size[2]

  void operator()(index_t k) const {
    const auto& size = mesh->box.size;
    std::int32_t* const slice = steps + k * size[1] * (size[0] + 1);
    for (const face& f : mesh->faces) add_crossings(f, k, slice);
    for (index_t j = 0; j < size[1]; ++j) {
      const std::int32_t* const line = slice + j * (size[0] + 1);
      std::uint8_t* const out = is_inside + (k * size[1] + j) * size[0];
      std::int32_t winding = 0;
      for (index_t i = size[0] - 1; i >= 0; --i) {
        winding += line[i + 1];
        out[i] = winding >= 1;
      }
    }
  }

 private:
  void add_crossings(const face& f, index_t k, std::int32_t* slice) const {
    const auto at = [&](int c) { return mesh->across[static_cast<std::size_t>(f[c])]; };
    const vec<std::int64_t, 2> a = at(0), b = at(1), c = at(2);
    const auto least = [](std::int64_t x, std::int64_t y, std::int64_t z) {
      const std::int64_t m = x < y ? x : y;
      return m < z ? m : z;
    };
    constexpr std::int64_t one = std::int64_t{1} << scan_mesh::bits;
    const std::int64_t level = k * one;
    if (level < least(a[1], b[1], c[1]) || level > -least(-a[1], -b[1], -c[1])) return;
    const std::int64_t low = least(a[0], b[0], c[0]), high = -least(-a[0], -b[0], -c[0]);
    const auto& size = mesh->box.size;
    index_t j = low > 0 ? (low + one - 1) / one : 0;
    for (; j < size[1] && j * one <= high; ++j) {
      const vec<std::int64_t, 2> q{j * one, level};
      const side_of_edge ab(a, b, q), bc(b, c, q), ca(c, a, q);
      if (ab.sign == 0 || ab.sign != bc.sign || ab.sign != ca.sign) continue;
      const auto weight = [](const side_of_edge& s) { return static_cast<double>(s.area); };
      const auto i = [&](int corner) { return mesh->along[static_cast<std::size_t>(f[corner])]; };
      const double crossing = (weight(bc) * i(0) + weight(ca) * i(1) + weight(ab) * i(2)) /
                              static_cast<double>(ab.area + bc.area + ca.area);
      const double above = std::ceil(crossing);  // voxels below this index have the surface ahead
      const index_t step = above <= 0                              ? 0
                           : above >= static_cast<double>(size[0]) ? size[0]
                                                                   : static_cast<index_t>(above);
      slice[j * (size[0] + 1) + step] += static_cast<std::int32_t>(ab.sign * mesh->outward);
    }
  }
};

/// Kernel over the k slices of a mesh's box. It takes the voxels inside the mesh; where a voxel has an owner,
/// the deeper mesh wins.
struct claim_slice_kernel {
  const voxel_box* box;
  const std::uint8_t* is_inside;
  const contested_surface* surfaces;  // one for each mesh
  index_t mesh;
  std::uint8_t* owner;  // 1 + index of the mesh, for the voxels of `kept`
  voxel_box kept;
  grid geometry;  // geometry of the whole grid

  void operator()(index_t k) const {
    for (index_t j = 0; j < box->size[1]; ++j)
      for (index_t i = 0; i < box->size[0]; ++i) {
        if (!is_inside[i + box->size[0] * (j + box->size[1] * k)]) continue;
        const vec<index_t, 3> v{i + box->first[0], j + box->first[1], k + box->first[2]};
        std::uint8_t& o = owner[kept.linear(v[0], v[1], v[2])];
        if (o == 0 || deeper(v, o - 1)) o = static_cast<std::uint8_t>(mesh + 1);
      }
  }

 private:
  bool deeper(const vec<index_t, 3>& v, index_t than) const {
    const vec3<double> p =
        geometry.to_world({static_cast<double>(v[0]), static_cast<double>(v[1]), static_cast<double>(v[2])});
    return surfaces[mesh].squared_distance(p) > surfaces[than].squared_distance(p);
  }
};

}  // namespace detail

/// The label volume of closed meshes (world mm) in the geometry of `g`; only the bounding box of the meshes
/// is kept. Every host policy gives the same result. Throws `error` where meshes and labels do not match, the
/// grid is singular, or a mesh is not finite or too large.
template <exec::policy Exec>  // host policy
volume_part<std::uint8_t> voxelise_part(const Exec& e, std::span<const triangle_mesh<double>> meshes,
                                        std::span<const int> labels, const grid& g) {
  require(meshes.size() == labels.size() && meshes.size() < 255,
          "voxelise: expected one label for each of at most 254 meshes");
  for (const int l : labels) require(l > 0 && l < 256, "voxelise: expected labels from 1 to 255");
  const double cell = determinant(g.axes);
  if (!std::isfinite(cell) || cell == 0)
    throw error("voxelise: the grid's axes are singular", error_kind::bad_data);
  std::vector<detail::scan_mesh> scans;
  voxel_box filled;
  for (const auto& mesh : meshes) {
    scans.push_back(detail::make_scan_mesh(mesh, g));
    filled = hull(filled, scans.back().box);
  }
  volume_part<std::uint8_t> out(g, filled);
  std::vector<detail::contested_surface> surfaces(meshes.begin(), meshes.end());
  for (std::size_t m = 0; m < meshes.size(); ++m) {
    const detail::scan_mesh& scan = scans[m];
    if (scan.box.empty()) continue;
    const auto& size = scan.box.size;
    std::vector<std::int32_t> steps(static_cast<std::size_t>((size[0] + 1) * size[1] * size[2]));
    std::vector<std::uint8_t> is_inside(static_cast<std::size_t>(scan.box.count()));
    e.for_each_index(size[2], detail::scan_slice_kernel{&scan, steps.data(), is_inside.data()}, 1);
    e.for_each_index(size[2],
                     detail::claim_slice_kernel{&scan.box, is_inside.data(), surfaces.data(),
                                                static_cast<index_t>(m), out.voxels.data(), out.kept, g},
                     1);
  }
  for (auto& v : out.voxels)
    if (v != 0) v = static_cast<std::uint8_t>(labels[v - 1u]);
  return out;
}

/// The same, with all voxels of the grid.
template <exec::policy Exec>  // host policy
volume<std::uint8_t> voxelise(const Exec& e, std::span<const triangle_mesh<double>> meshes,
                              std::span<const int> labels, const grid& g) {
  return expanded<std::uint8_t>(voxelise_part(e, meshes, labels, g));
}

}  // namespace diffam::spine
