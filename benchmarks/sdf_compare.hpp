// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The table of sdf_peers.cpp: distances, refits and rays, diffam and its peers, one row each. Peers that are
// missing here have no row.
#pragma once

#include <optional>
#include <string>

#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/ray.hpp"
#include "sdf_libigl.hpp"
#include "sdf_search.hpp"
#if DIFFAM_HAVE_EMBREE
#include "sdf_embree.hpp"
#endif
#if DIFFAM_HAVE_CGAL
#include "sdf_cgal.hpp"
#endif

namespace diffam::bench {

inline constexpr double ns_of_a_query = 1e9 / point_count, us_of_a_query = 1e6 / point_count;
inline volatile double sink;  // so that no compiler leaves a peer's work out

/// One row: a peer's time and diffam's, both for all queries, and how the answers differ.
inline void row(const char* what, index_t faces, const char* peer, const char* unit, double theirs,
                double ours, const std::string& difference) {
  std::printf("%-22s %8lld %-16s %8.3g %8.3g %-3s %6.2f  %s\n", what, static_cast<long long>(faces), peer,
              theirs, ours, unit, ours / theirs, difference.c_str());
}
inline void head(const char* what, const char* difference) {
  std::printf("\n%-22s %8s %-16s %8s %8s %-3s %6s  %s\n", what, "faces", "peer", "theirs", "diffam", "",
              "ratio", difference);
}

/// Text for the number of queries at which `differs(i)` holds.
template <class F>
std::string count_of(const F& differs, const char* what) {
  index_t n = 0;
  for (index_t i = 0; i < point_count; ++i) n += differs(i) ? 1 : 0;
  return std::to_string(n) + " " + what;
}

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

/// Signed distances of diffam against what the peers have, and the wrong signs of both against the sum of all
/// faces, at points within the mesh's box.
inline void distances(const char* name, const mesh_type& mesh, [[maybe_unused]] bool closed) {
  search s(mesh);
  const index_t faces = mesh.face_count();
  const auto point = [&](index_t i) { return load3(s.cloud.points(), i); };
  const auto inside = [&](index_t i) { return s.memory.output[i] < 0; };
  [[maybe_unused]] const auto all = [&](const auto& query) {
    double sum = 0;
    for (index_t i = 0; i < point_count; ++i) sum += static_cast<double>(query(i));
    sink = sum;
  };
#if DIFFAM_HAVE_EMBREE
  const embree_mesh still({mesh.faces.data(), faces}, s.x.get(), false);
  const auto squared = [&](index_t i) { return still.closest(point(i)).squared_distance; };
  const timing embree = in_turns(
      15, [&] { all(squared); }, [&] { s.run(); });
  double worst = 0;
  for (index_t i = 0; i < point_count; ++i)
    worst = std::max(worst, std::abs(std::sqrt(static_cast<double>(squared(i))) -
                                     std::abs(static_cast<double>(s.memory.output[i]))));
  char text[64];
  std::snprintf(text, sizeof text, "distances by %.0e", worst);
  row(name, faces, "Embree, unsigned", "us", embree.first * us_of_a_query, embree.second * us_of_a_query,
      text);
  const timing both_unsigned = in_turns(
      15, [&] { all(squared); },
      [&] { all([&](index_t i) { return nearest_in_mesh(s.tree(), 0, point(i)).squared_distance; }); });
  row("  both unsigned", faces, "Embree", "us", both_unsigned.first * us_of_a_query,
      both_unsigned.second * us_of_a_query, "");
  embree_mesh moving({mesh.faces.data(), faces}, s.x.get(), true);
  const timing refit = in_turns(
      faces < 100000 ? 100 : 8, [&] { moving.refit(s.x.get()); }, [&] { s.refit(); });
  row("  refit", faces, "Embree", "ms", refit.first * 1e3, refit.second * 1e3, "");
#endif
#if DIFFAM_HAVE_CGAL
  const cgal_mesh cgal(mesh);
  const timing closest = in_turns(
      5, [&] { all([&](index_t i) { return cgal.distance(point(i)); }); }, [&] { s.run(); });
  row(name, faces, "CGAL, unsigned", "us", closest.first * us_of_a_query, closest.second * us_of_a_query, "");
  if (closed) {  // CGAL has no sides of open meshes
    const timing side = in_turns(
        5, [&] { all([&](index_t i) { return cgal.inside(point(i)); }); }, [] {});
    row(name, faces, "CGAL", "us", (closest.first + side.first) * us_of_a_query,
        closest.second * us_of_a_query,
        count_of([&](index_t i) { return cgal.inside(point(i)) != inside(i); }, "signs"));
  }
#endif
  const std::optional<libigl_answer> libigl = ask_libigl(mesh, s.cloud.points());
  if (libigl) {
    const timing ours = in_turns(
        8, [] {}, [&] { s.run(); });
    row(name, faces, "libigl", "us", libigl->seconds * us_of_a_query, ours.second * us_of_a_query,
        count_of([&](index_t i) { return (libigl->value[static_cast<std::size_t>(i)] < 0) != inside(i); },
                 "signs"));
  }
  index_t checked = 0, wrong = 0, their_wrong = 0;
  for (index_t i = 0; i < point_count && checked < 400; i += 7) {
    if (!s.tree().box_contains(0, point(i))) continue;
    const bool in = winding_number_of_leaves(s.tree(), 0, point(i)) > 0.5f;
    ++checked;
    wrong += in != inside(i) ? 1 : 0;
    if (libigl) their_wrong += in != (libigl->value[static_cast<std::size_t>(i)] < 0) ? 1 : 0;
  }
  std::printf("  wrong signs of %lld: diffam %lld", static_cast<long long>(checked),
              static_cast<long long>(wrong));
  if (libigl) std::printf(", libigl %lld", static_cast<long long>(their_wrong));
  std::printf("\n");
}

/// Distances to closed meshes and to parts of them.
inline void distances_of_all() {
  const auto torus = make_torus(0.4, 0.2, 1003, 501);
  const mesh_type bone = vertebra(true);
  double middle = 0;
  for (const auto& v : bone.vertices) middle += v[1] / static_cast<double>(bone.vertices.size());
  head("signed distance", "different");
  distances("vertebra", vertebra(false), true);
  distances("vertebra", bone, true);
  distances("vertebra, cut open", part_of(bone, [&](const auto& c) { return c[1] > middle; }), false);
  distances("torus", torus, true);
  distances("half a torus", part_of(torus, [](const auto& c) { return c[1] > 0; }), false);
  distances("the upper half", part_of(torus, [](const auto& c) { return c[2] > 0; }), false);
  distances("half a sphere", part_of(make_icosphere(4, 0.5), [](const auto& c) { return c[2] > 0; }), false);
}

/// First hits of rays between points around the surface.
inline void rays() {
  head("first hit of a ray", "different");
  for (const bool fine : {false, true}) {
    search s(vertebra(fine));
    const index_t faces = s.mesh.face_count();
    buffer<float> along(point_count, 3);
    for (index_t i = 0; i < point_count; ++i)
      store3(along.get(), i,
             load3(s.cloud.points(), (i + point_count / 2) % point_count) - load3(s.cloud.points(), i));
    const view<const float> directions = std::as_const(along).get();
    const auto ray_of = [&](index_t i) {
      return ray<float>{load3(s.cloud.points(), i), load3(directions, i)};
    };
    const auto all = [&](const auto& first) {
      double sum = 0;
      for (index_t i = 0; i < point_count; ++i) sum += first(i) < 1 ? 1 : 0;
      sink = sum;
    };
    const auto ours = [&](index_t i) { return first_hit(s.tree(), ray_of(i)).t; };
    const auto compare = [&](const char* peer, double seconds, double our_seconds, const auto& theirs) {
      row("vertebra", faces, peer, "ns", seconds * ns_of_a_query, our_seconds * ns_of_a_query,
          count_of(
              [&](index_t i) {
                const auto a = static_cast<float>(theirs(i)), b = ours(i);
                return !(a == b || std::abs(a - b) < 1e-4f);
              },
              "hits"));
    };
    [[maybe_unused]] const auto in_turns_with = [&](const char* peer, const auto& theirs) {
      const timing t = in_turns(
          15, [&] { all(theirs); }, [&] { all(ours); });
      compare(peer, t.first, t.second, theirs);
    };
#if DIFFAM_HAVE_EMBREE
    const embree_mesh embree({s.mesh.faces.data(), faces}, s.x.get(), false);
    in_turns_with("Embree", [&](index_t i) { return embree.first_hit(ray_of(i)); });
#endif
#if DIFFAM_HAVE_CGAL
    const cgal_mesh cgal(s.mesh);
    in_turns_with("CGAL", [&](index_t i) { return cgal.first_hit(ray_of(i)); });
#endif
    if (const auto libigl = ask_libigl(s.mesh, s.cloud.points(), directions))
      compare("libigl", libigl->seconds,
              in_turns(
                  15, [] {}, [&] { all(ours); })
                  .second,
              [&](index_t i) { return libigl->value[static_cast<std::size_t>(i)]; });
  }
}

}  // namespace diffam::bench
