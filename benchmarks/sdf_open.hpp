// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signed distances of open meshes, and rays, for sdf_peers.cpp.
#pragma once

#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/ray.hpp"
#include "sdf_search.hpp"
#if DIFFAM_HAVE_EMBREE
#include "sdf_embree.hpp"
#endif

namespace diffam::bench {

/// The faces for which `kept` holds at their centroid.
template <class Kept>
mesh_type part_of(mesh_type mesh, const Kept& kept) {
  std::erase_if(mesh.faces, [&](const face& f) {
    vec3<double> sum{};
    for (int k = 0; k < 3; ++k) sum += mesh.vertices[static_cast<std::size_t>(f[k])];
    return !kept(sum * (1.0 / 3));
  });
  return mesh;
}

/// Signed distance of a closed mesh, and of parts of it. Signs of some points against the sum of all faces.
inline void open_meshes() {
  struct named {
    const char* name;
    mesh_type mesh;
  };
  const auto torus = make_torus(0.4, 0.2, 1003, 501);
  const mesh_type bone = vertebra(true);
  double middle = 0;
  for (const auto& v : bone.vertices) middle += v[1] / static_cast<double>(bone.vertices.size());
  std::printf("\n%-28s %8s %10s %10s %12s\n", "signed distance, open meshes", "faces", "us", "refit ms",
              "wrong signs");
  for (const auto& [name, mesh] :
       {named{"torus", torus}, named{"half a torus", part_of(torus, [](const auto& c) { return c[1] > 0; })},
        named{"the upper half", part_of(torus, [](const auto& c) { return c[2] > 0; })},
        named{"half a sphere", part_of(make_icosphere(4, 0.5), [](const auto& c) { return c[2] > 0; })},
        named{"vertebra", bone},
        named{"vertebra, cut open", part_of(bone, [&](const auto& c) { return c[1] > middle; })}}) {
    search s(mesh);
    const timing t = in_turns(
        8, [&] { s.refit(); }, [&] { s.run(); });
    index_t wrong = 0, checked = 0;
    for (index_t i = 0; i < point_count && checked < 400; i += 7) {
      const vec3<float> p = load3(s.cloud.points(), i);
      if (!s.tree().box_contains(0, p)) continue;
      const float w = winding_number_of_leaves(s.tree(), 0, p);
      ++checked;
      wrong += (w > 0.5f) != (s.memory.output[i] < 0) ? 1 : 0;
    }
    std::printf("%-28s %8lld %10.2f %10.2f %5lld of %lld\n", name,
                static_cast<long long>(s.mesh.face_count()), t.second * 1e2, t.first * 1e3,
                static_cast<long long>(wrong), static_cast<long long>(checked));
  }
}

/// First hits of rays between points around the surface.
inline void rays() {
#if DIFFAM_HAVE_EMBREE
  std::printf("\n%-28s %8s %10s %10s %-5s %6s\n", "", "faces", "Embree", "diffam", "", "ratio");
  for (const bool fine : {false, true}) {
    search s(vertebra(fine));
    const index_t faces = s.mesh.face_count();
    const embree_mesh peer({s.mesh.faces.data(), faces}, s.x.get(), false);
    const auto ray_of = [&](index_t i) {
      const vec3<float> o = load3(s.cloud.points(), i);
      return ray<float>{o, load3(s.cloud.points(), (i + point_count / 2) % point_count) - o};
    };
    double sum = 0;
    index_t other = 0;
    const timing t = in_turns(
        15,
        [&] {
          for (index_t i = 0; i < point_count; ++i) sum += peer.first_hit(ray_of(i)) < 1 ? 1 : 0;
        },
        [&] {
          for (index_t i = 0; i < point_count; ++i) sum += first_hit(s.tree(), ray_of(i)).t < 1 ? 1 : 0;
        });
    for (index_t i = 0; i < point_count; ++i) {
      const float theirs = peer.first_hit(ray_of(i)), ours = first_hit(s.tree(), ray_of(i)).t;
      other += !(theirs == ours || std::abs(theirs - ours) < 1e-4f) ? 1 : 0;
    }
    print("first hit of a ray", faces, "ns", t.first * 1e5, t.second * 1e5);
    std::printf("%-28s %8lld %10lld of %lld (sum %g)\n", "other hits", static_cast<long long>(faces),
                static_cast<long long>(other), static_cast<long long>(point_count), sum);
  }
#endif
}

}  // namespace diffam::bench
