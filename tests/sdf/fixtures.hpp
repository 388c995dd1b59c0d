// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Meshes, points, and a tree with its memory, for the tests of this folder.
#pragma once

#include <vector>

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

namespace diffam::test {

/// A tree with its memory, refitted to given vertices.
template <class T>
struct fitted_tree {
  face_tree<T, exec::serial> tree;
  buffer<T> vertices;
  buffer<std::byte> block;
  tree_storage<T> storage;

  explicit fitted_tree(const triangle_mesh<double>& mesh, tree_params p = {})
      : fitted_tree(std::vector{mesh}, p) {}
  explicit fitted_tree(const std::vector<triangle_mesh<double>>& meshes, tree_params p = {})
      : tree(stack_meshes(meshes), p), vertices(stacked_vertices<T>(meshes)) {
    arena measuring;
    (void)tree.plan(measuring);
    block = buffer<std::byte>(measuring.used());
    arena memory(block.data(), measuring.used());
    storage = tree.plan(memory);
    REQUIRE(memory.used() == measuring.used());
    refit();
  }
  void refit() { tree.refit({}, vertices.get(), storage); }
  tree_view<T> queries() const { return tree.queries(storage, vertices.get()); }
};

/// The faces of a leaf, each once. An unused lane repeats the first face.
template <class T>
std::vector<stored_index> faces_of(const triangle_lanes<T>& leaf) {
  int count = 1;
  while (count < lane_count && leaf.face[count] != leaf.face[0]) ++count;
  return {leaf.face, leaf.face + count};
}

/// n points in the cube [-size, size]^3.
template <class T = double>
buffer<T> random_points(index_t n, double size, std::uint64_t number) {
  const auto x = check::detail::random_vector(3 * n, 11, number);
  buffer<T> p(n, 3);
  for (index_t i = 0; i < 3 * n; ++i) p.data()[i] = static_cast<T>(size * x[static_cast<std::size_t>(i)]);
  return p;
}

/// Moves every vertex by at most `size` along each axis.
inline triangle_mesh<double> jitter(triangle_mesh<double> mesh, double size, std::uint64_t number) {
  const auto x = check::detail::random_vector(3 * mesh.vertex_count(), 12, number);
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    for (std::size_t k = 0; k < 3; ++k) mesh.vertices[v][static_cast<int>(k)] += size * x[3 * v + k];
  return mesh;
}

inline triangle_mesh<double> shifted(triangle_mesh<double> mesh, const vec3<double>& by) {
  for (auto& v : mesh.vertices) v += by;
  return mesh;
}

/// A torus whose halves x > 0 and x < 0 are pushed through each other.
inline triangle_mesh<double> self_intersecting_torus() {
  triangle_mesh<double> mesh = make_torus(0.3, 0.2, 40, 20);
  for (auto& v : mesh.vertices)
    v[0] = v[0] > 0 ? v[0] - 0.25 : v[0] + 0.25;  // the halves pass through each
                                                  // other
  return mesh;
}

inline std::vector<double> flat(const triangle_mesh<double>& mesh) {
  std::vector<double> x;
  for (const auto& v : mesh.vertices) x.insert(x.end(), {v[0], v[1], v[2]});
  return x;
}

/// The candidates at which the distance to each mesh is smooth: they are at least `gap` from the surface, and
/// their closest feature stays the same while the vertices move a little.
inline buffer<double> smooth_points(const std::vector<triangle_mesh<double>>& meshes,
                                    const buffer<double>& candidates, double gap) {
  const index_t n = candidates.get().rows;
  std::vector<char> good(static_cast<std::size_t>(n), 1);
  for (const auto& mesh : meshes) {
    std::vector<std::pair<stored_index, int>> first(static_cast<std::size_t>(n));
    for (std::uint64_t trial = 0; trial < 12; ++trial) {
      const fitted_tree<double> t(jitter(mesh, trial == 0 ? 0 : 5e-4, 100 + trial));
      for (index_t i = 0; i < n; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const vec3<double> p = load3(candidates.get(), i);
        const stored_index f = nearest_in_mesh(t.queries(), 0, p).face;
        const auto c = t.queries().closest_on(f, p);
        const std::pair<stored_index, int> feature{f, static_cast<int>(c.feature)};
        if (trial == 0) first[at] = feature;
        if (feature != first[at] || c.squared_distance < gap * gap) good[at] = 0;
      }
    }
  }
  std::vector<double> kept;
  for (index_t i = 0; i < n; ++i)
    if (good[static_cast<std::size_t>(i)] != 0)
      for (int k = 0; k < 3; ++k) kept.push_back(candidates.get()(i, k));
  buffer<double> out(static_cast<index_t>(kept.size()) / 3, 3);
  std::copy(kept.begin(), kept.end(), out.data());
  return out;
}

}  // namespace diffam::test
