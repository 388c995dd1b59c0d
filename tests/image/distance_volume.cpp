// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Volumes of signed distances: exact at every voxel, or exact only near a level.
#include "diffam/image/distance_volume.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

/// An oblique grid whose sides are not a whole number of cells. If `flat`, the third side is a single voxel.
grid tilted_grid(bool flat = false) {
  grid g;
  const double c = 0.8, s = 0.6;
  g.axes(0, 0) = c, g.axes(1, 0) = s;
  g.axes(0, 1) = -1.5 * s, g.axes(1, 1) = 1.5 * c;
  g.axes(2, 2) = 1.2;
  g.size = {38, 27, flat ? 1 : 30};
  g.origin = g.to_world({-19, -13, flat ? 0.0 : -15.0});
  return g;
}

triangle_mesh<double> ring() {
  return make_torus(10, 4, 40, 24);
}

/// Calls visit(index of the voxel, its world position).
template <class Visit>
void each_voxel(const grid& g, const Visit& visit) {
  std::size_t n = 0;
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        visit(n++, g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
}

}  // namespace

TEST_CASE("a distance volume holds the distance of each voxel centre", "[sdf]") {
  for (const bool flat : {false, true}) {
    const grid g = tilted_grid(flat);
    const auto d = distance_volume(exec::serial{}, ring(), g);
    double worst = 0;
    each_voxel(g, [&](std::size_t n, const vec3<double>& p) {
      const double truth = std::hypot(std::hypot(p[0], p[1]) - 10, p[2]) - 4;
      worst = std::max(worst, std::abs(double(d.voxels[n]) - truth));
    });
    CHECK(worst < 0.15);  // difference between the mesh and the round torus
  }
}

TEST_CASE("a distance volume with a reach is exact within the reach and close beyond it", "[sdf]") {
  for (const bool flat : {false, true})
    for (const double level : {0.0, 2.0, -1.5})
      for (const double reach : {0.0, 1.5, 100.0}) {
        const grid g = tilted_grid(flat);
        const auto every = distance_volume(exec::serial{}, ring(), g);
        const auto shell = distance_volume(exec::serial{}, ring(), g, {.level = level, .reach = reach});
        index_t wrong = 0, interpolated = 0;
        double worst = 0;
        each_voxel(g, [&](std::size_t n, const vec3<double>&) {
          const double d = double(every.voxels[n]), now = double(shell.voxels[n]);
          interpolated += now != d ? 1 : 0;
          wrong += std::abs(d - level) <= reach && now != d ? 1 : 0;
          wrong += (now < level) != (d < level) ? 1 : 0;
          worst = std::max(worst, std::abs(now - d));
        });
        CHECK(wrong == 0);
        // A function of slope 1 differs from its interpolant by at most half the diagonal of a cell.
        CHECK(worst < 2 * norm(g.spacing()));
        CHECK((interpolated > 0) == (reach < 100));
      }
}
