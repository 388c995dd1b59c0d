// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares the signed distance with Embree's unsigned point query and with CGAL's distance and side, in one
// run on one thread. All use the same mesh and the same 10,000 points around its surface at 9.6 mm noise.
// They run in turns, and the fastest time of each counts.
//
//     diffam_sdf_peers                  all tables
//     diffam_sdf_peers open             open meshes and rays only (libigl's times: sdf_libigl.py)
//     diffam_sdf_peers signs [POINTS]   signs against exact winding numbers, at 10,000 or more
//                                     points (default: 10,000,000)
#include "sdf_open.hpp"

#include <cstdlib>
#include <cstring>

#include "diffam/check/gradient.hpp"
#if DIFFAM_HAVE_CGAL
#include "sdf_cgal.hpp"
#endif

namespace {

using namespace diffam;
using namespace diffam::bench;

#if DIFFAM_HAVE_EMBREE
void against_embree() {
  std::printf("%-28s %8s %10s %10s %-5s %6s\n", "", "faces", "Embree", "diffam", "", "ratio");
  for (const bool fine : {false, true}) {
    search s(vertebra(fine));
    const index_t faces = s.mesh.face_count();
    const view<const face> all{s.mesh.faces.data(), faces};
    const bench::embree_mesh still(all, s.x.get(), false);
    bench::embree_mesh moving(all, s.x.get(), true);
    float least = 0;
    const auto peer = [&] {
      for (index_t i = 0; i < point_count; ++i)
        least += still.closest(load3(s.cloud.points(), i)).squared_distance;
    };
    const timing signed_distance = in_turns(30, peer, [&] { s.run(); });
    print("signed against unsigned", faces, "ns", signed_distance.first * 1e5, signed_distance.second * 1e5);
    const timing unsigned_distance = in_turns(15, peer, [&] {
      for (index_t i = 0; i < point_count; ++i)
        least += nearest_in_mesh(s.tree(), 0, load3(s.cloud.points(), i)).squared_distance;
    });
    print("unsigned, point by point", faces, "ns", unsigned_distance.first * 1e5,
          unsigned_distance.second * 1e5);
    const timing refit = in_turns(
        100, [&] { moving.refit(s.x.get()); }, [&] { s.refit(); });
    print("refit", faces, "ms", refit.first * 1e3, refit.second * 1e3);
    double worst = 0;
    for (index_t i = 0; i < point_count; ++i) {
      const double theirs = std::sqrt(still.closest(load3(s.cloud.points(), i)).squared_distance);
      worst = std::max(worst, std::abs(theirs - std::abs(static_cast<double>(s.memory.output[i]))));
    }
    std::printf("%-28s %8lld %10.1e of the unit (sum %g)\n", "largest difference",
                static_cast<long long>(faces), worst, static_cast<double>(least));
  }
}
#else
void against_embree() {
  std::printf("no Embree here (Debian: libembree-dev): that comparison is skipped\n");
}
#endif

#if DIFFAM_HAVE_CGAL
void against_cgal() {
  std::printf("\n%-28s %8s %10s %10s %-5s %6s\n", "", "faces", "CGAL", "diffam", "", "ratio");
  for (const bool fine : {false, true}) {
    search s(vertebra(fine));
    const bench::cgal_mesh peer(s.mesh);
    double sum = 0;
    const auto distances = [&] {
      for (index_t i = 0; i < point_count; ++i) sum += peer.distance(load3(s.cloud.points(), i));
    };
    const auto sides = [&] {
      for (index_t i = 0; i < point_count; ++i) sum += peer.inside(load3(s.cloud.points(), i)) ? 1 : 0;
    };
    const timing closest = in_turns(5, distances, [&] { s.run(); });
    const timing side = in_turns(5, sides, [] {});
    const index_t faces = s.mesh.face_count();
    print("signed against unsigned", faces, "ns", closest.first * 1e5, closest.second * 1e5);
    print("signed against signed", faces, "ns", (closest.first + side.first) * 1e5, closest.second * 1e5);
    index_t other = 0;
    for (index_t i = 0; i < point_count; ++i)
      other += peer.inside(load3(s.cloud.points(), i)) != (s.memory.output[i] < 0) ? 1 : 0;
    std::printf("%-28s %8lld %10lld of %lld (sum %g)\n", "other signs", static_cast<long long>(faces),
                static_cast<long long>(other), static_cast<long long>(point_count), sum);
  }
}
#else
void against_cgal() {
  std::printf("\nno CGAL here (Debian: libcgal-dev): that comparison is skipped\n");
}
#endif

/// The cost against the size of a mesh, for one shape that is subdivided repeatedly.
void against_size() {
  std::printf("\n%-28s %8s %10s\n", "signed distance", "faces", "ns");
  double sx = 0, sy = 0, sxx = 0, sxy = 0, n = 0;
  mesh_type mesh = vertebra(3, 0);
  for (int level = 0; level < 5; ++level) {
    if (level > 0) mesh = subdivided(mesh);
    search s(mesh);
    const timing t = in_turns(
        8, [] {}, [&] { s.run(); });
    std::printf("%-28s %8lld %10.0f\n", "", static_cast<long long>(mesh.face_count()), t.second * 1e5);
    const double lx = std::log(static_cast<double>(mesh.face_count())), ly = std::log(t.second);
    sx += lx, sy += ly, sxx += lx * lx, sxy += lx * ly, n += 1;
  }
  std::printf("slope of log cost against log size: %.3f\n", (n * sxy - sx * sy) / (n * sxx - sx * sx));
}

/// The effect of a deformation on the time of queries, with and without a rebuild.
void after_deformation() {
  std::printf("\n%-44s %8s %8s %8s %10s\n", "vertebra, tree of the shape before", "cost", "before", "rebuilt",
              "rebuild ms");
  struct named {
    const char* name;
    double twist, bend, stretch;
  };
  for (const bool fine : {false, true})
    for (const named& d :
         {named{"as it was", 0, 0, 1}, named{"twisted 20 deg, bent, stretched 1.2", 0.35, 0.2, 1.2},
          named{"twisted 90 deg, bent, stretched 1.6", 1.57, 0.5, 1.6}}) {
      search s(vertebra(fine));
      const double before = s.component.tree().cost({}, s.memory.workspace.tree);
      for (index_t v = 0; v < s.x.get().rows; ++v) {
        const vec3<float> p = load3(s.x.get(), v);
        const double a = d.twist * static_cast<double>(p[1]), c = std::cos(a), si = std::sin(a);
        store3(s.x.get(), v,
               {static_cast<float>((c * p[0] - si * p[2]) * d.stretch),
                static_cast<float>(p[1] / d.stretch + d.bend * p[0] * p[0]),
                static_cast<float>(si * p[0] + c * p[2])});
      }
      s.cloud.draw({}, s.x.get());
      s.refit();
      const double grown = s.component.tree().cost({}, s.memory.workspace.tree) / before;
      const timing stale = in_turns(
          12, [] {}, [&] { s.run(); });
      const double begin = now();
      s.component.rebuild(s.x.get());
      const double rebuild = now() - begin;
      s.refit();
      const timing fresh = in_turns(
          12, [] {}, [&] { s.run(); });
      std::printf("%-36s %7lld %8.2f %5.0f ns %5.0f ns %10.2f\n", d.name,
                  static_cast<long long>(s.mesh.face_count()), grown, stale.second * 1e5, fresh.second * 1e5,
                  rebuild * 1e3);
    }
}

/// Compares the signs at a cloud of points with winding numbers from all faces, on a clean mesh and on one
/// with small folds.
int check_signs(index_t points) {
  int failed = 0;
  for (const double fold : {0.0, 0.03}) {
    mesh_type mesh = vertebra(false);
    const auto by = check::detail::random_vector(3 * mesh.vertex_count(), 1, 1);
    for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
      for (int k = 0; k < 3; ++k) mesh.vertices[v][k] += fold * by[3 * v + static_cast<std::size_t>(k)];
    search s(std::move(mesh));
    iteration_clock<serial> clock(static_cast<std::uint64_t>(points / point_count));
    const surface_cloud<float, serial> cloud(s.mesh.faces,
                                             {.count = point_count, .sigma = sigma, .clock = clock.state()});
    const distance component(s.mesh, cloud.points());
    planned<distance> memory(component, s.x.get().extent());
    const float near = 1e-4f * s.tree().scene_diagonal();
    index_t wrong = 0, asked = 0, inside = 0;
    for (index_t round = 0; round < points / point_count; ++round) {
      cloud.draw({}, s.x.get());
      component.forward({}, s.x.get(), memory.output, memory.workspace);
      for (index_t i = 0; i < point_count; ++i) {
        if (std::abs(memory.output[i]) < near) continue;
        const vec3<float> p = load3(cloud.points(), i);
        const bool in = s.tree().box_contains(0, p) && winding_number(s.tree(), 0, p, 1e6f) > 0.5f;
        wrong += in != (memory.output[i] < 0) ? 1 : 0;
        inside += in ? 1 : 0;
        ++asked;
      }
      clock.advance({});
    }
    std::printf(
        "vertebra of %lld faces, vertices moved by up to %.1f mm: %lld points, %lld inside, %lld wrong "
        "signs\n",
        static_cast<long long>(s.mesh.face_count()), 64 * fold, static_cast<long long>(asked),
        static_cast<long long>(inside), static_cast<long long>(wrong));
    failed += wrong > 0 ? 1 : 0;
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "signs") == 0) {
    const index_t points = argc > 2 ? std::atoll(argv[2]) : 10000000;
    if (points < point_count) {
      std::fprintf(stderr, "diffam_sdf_peers: expected at least %lld points, got %s\n",
                   static_cast<long long>(point_count), argv[2]);
      return 2;
    }
    return check_signs(points) > 0 ? 1 : 0;
  }
  if (!(argc > 1 && std::strcmp(argv[1], "open") == 0)) {
    against_embree();
    against_cgal();
    against_size();
    after_deformation();
  }
  open_meshes();
  rays();
}
