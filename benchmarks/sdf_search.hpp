// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The objects that sdf_peers.cpp measures: a vertebra with a chosen number of faces, points around it, and
// searches that are timed in turns.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "diffam/exec/serial.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "diffam/spine/template.hpp"

namespace diffam::bench {

using serial = exec::serial;
using mesh_type = triangle_mesh<double>;
using distance = mesh_distance<float, serial>;

inline constexpr index_t point_count = 10000;
inline constexpr double sigma = 9.6 / 64;

inline double now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

struct timing {
  double first, second;
};

/// The fastest time of each function in `rounds` rounds. The functions run in turns, so that other load on
/// the machine affects both.
template <class F, class G>
timing in_turns(int rounds, const F& first, const G& second) {
  timing t{1e9, 1e9};
  for (int r = 0; r < rounds; ++r) {
    double begin = now();
    first();
    t.first = std::min(t.first, now() - begin);
    begin = now();
    second();
    t.second = std::min(t.second, now() - begin);
  }
  return t;
}

/// Divides each face into four, then smooths the vertices.
inline mesh_type subdivided(const mesh_type& from) {
  mesh_type mesh;
  mesh.vertices = from.vertices;
  std::map<std::pair<stored_index, stored_index>, stored_index> middles;
  const auto middle = [&](stored_index a, stored_index b) {
    const auto [at, added] = middles.try_emplace({std::min(a, b), std::max(a, b)},
                                                 static_cast<stored_index>(mesh.vertices.size()));
    if (added)
      mesh.vertices.push_back(
          (from.vertices[static_cast<std::size_t>(a)] + from.vertices[static_cast<std::size_t>(b)]) * 0.5);
    return at->second;
  };
  for (const face& f : from.faces) {
    const stored_index a = middle(f[0], f[1]), b = middle(f[1], f[2]), c = middle(f[2], f[0]);
    mesh.faces.insert(mesh.faces.end(), {{f[0], a, c}, {a, f[1], b}, {c, b, f[2]}, {a, b, c}});
  }
  std::vector<vec3<double>> sum(mesh.vertices.size());
  std::vector<double> count(mesh.vertices.size());
  for (const face& f : mesh.faces)
    for (int k = 0; k < 3; ++k) {
      sum[static_cast<std::size_t>(f[k])] += mesh.vertices[static_cast<std::size_t>(f[(k + 1) % 3])];
      count[static_cast<std::size_t>(f[k])] += 1;
    }
  for (std::size_t v = 0; v < sum.size(); ++v)
    mesh.vertices[v] = mesh.vertices[v] * 0.5 + sum[v] * (0.5 / count[v]);
  return mesh;
}

/// A vertebra in units of 64 mm. `edge` is the length of its edges in mm, before they are halved `halvings`
/// times.
inline mesh_type vertebra(double edge, int halvings) {
  mesh_type mesh = spine::make_template({.edge_length = edge});
  for (auto& v : mesh.vertices) v *= 1.0 / 64;
  for (int k = 0; k < halvings; ++k) mesh = subdivided(mesh);
  return mesh;
}
/// A vertebra of about 5,000 faces, or 40,000 if `fine`.
inline mesh_type vertebra(bool fine) {
  return fine ? vertebra(1.5, 1) : vertebra(2.1, 0);
}

/// A mesh, points around it, and a distance component that runs repeatedly.
struct search {
  mesh_type mesh;
  buffer<float> x;
  surface_cloud<float, serial> cloud;
  distance component;
  planned<distance> memory;

  explicit search(mesh_type m)
      : mesh(std::move(m)),
        x(vertex_buffer<float>(mesh)),
        cloud(mesh.faces, {.count = point_count, .sigma = sigma}),
        component(mesh, cloud.points()),
        memory(component, x.get().extent()) {
    cloud.draw({}, x.get());
    component.forward({}, x.get(), memory.output, memory.workspace);
  }
  tree_view<float> tree() const { return component.tree().queries(memory.workspace.tree, x.get()); }
  void refit() { component.tree().refit({}, x.get(), memory.workspace.tree); }
  /// Computes signed distances, closest faces, barycentric weights and directions, without hints from a
  /// previous run.
  void run() {
    auto& w = memory.workspace;
    serial{}.fill(w.face, stored_index{-1});
    const mesh_distance_kernel<float, barnes_hut_winding> each{tree(), {},     cloud.points(), memory.output,
                                                               w.face, w.bary, w.direction};
    search_points(serial{}, tree(), barnes_hut_winding{}, cloud.points(), w.search, each);
  }
};

}  // namespace diffam::bench
