// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares signed distances, refits and first hits of rays with Embree, CGAL and libigl, in one run on one
// thread, and prints one table. All use the same meshes and the same 10,000 points around their surfaces at
// 9.6 mm noise. The fastest time of each counts. Embree and CGAL run in turns with diffam.
//
//     diffam_sdf_peers                  all tables
//     diffam_sdf_peers peers            the table of the peers only
//     diffam_sdf_peers signs [POINTS]   signs against exact winding numbers, at 10,000 or more
//                                     points (default: 10,000,000)
#include "sdf_compare.hpp"

#include <cstdlib>
#include <cstring>

#include "diffam/check/gradient.hpp"

namespace {

using namespace diffam;
using namespace diffam::bench;

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
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a row is seen when it is measured
  if (argc > 1 && std::strcmp(argv[1], "signs") == 0) {
    const index_t points = argc > 2 ? std::atoll(argv[2]) : 10000000;
    if (points < point_count) {
      std::fprintf(stderr, "diffam_sdf_peers: expected at least %lld points, got %s\n",
                   static_cast<long long>(point_count), argv[2]);
      return 2;
    }
    return check_signs(points) > 0 ? 1 : 0;
  }
  distances_of_all();
  rays();
  if (argc > 1 && std::strcmp(argv[1], "peers") == 0) return 0;
  against_size();
  after_deformation();
}
