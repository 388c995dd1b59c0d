// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The centre of a vertebra, and the surface of a mean: small handles are removed, the canal stays.
#include "diffam/spine/template/mean_shape.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/template/bone_centre.hpp"
#include "spine/toy_vertebra.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
using diffam::test::distance_between;
using diffam::test::toy_bone;
using diffam::test::toy_vertebra;
namespace made = diffam::spine::detail;

TEST_CASE("the centre of the atlas is its centre of mass, not its thickest part", "[spine]") {
  auto bone = make_torus<double>(15, 4, 48, 24);
  for (auto& v : bone.vertices) v = v + vec3<double>{100, -40, 7};
  CHECK(norm(made::centre_of_mass(bone) - vec3<double>{100, -40, 7}) < 1e-9);
  // The centre of mass of a cone is at a quarter of its height.
  triangle_mesh<double> cone{{{3, 0, 0}, {-3, 0, 0}, {0, 3, 0}, {0, -3, 0}, {0, 0, 8}}, {}};
  cone.faces = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {1, 2, 0}, {3, 1, 0}};
  REQUIRE(check_mesh(cone).ok());
  CHECK(norm(made::centre_of_mass(cone) - vec3<double>{0, 0, 2}) < 1e-12);
  const exec::threads e;
  const auto thick_front = toy_bone();
  const vec3<double> mass = made::centre_of_mass(thick_front);
  CHECK(norm(made::bone_centre(e, thick_front, label::c1) - mass) < 1e-12);
  CHECK(norm(made::bone_centre(e, thick_front, label::c7) - mass) > 3);
}

TEST_CASE("small handles are filled or cut, and the canal stays", "[spine]") {
  const exec::threads e;
  const auto bone = [](bool pinhole, bool bridge) {
    return [=](const vec3<double>& p) {
      double d = toy_vertebra{}(p);
      if (pinhole) d = std::max(d, 1.2 - std::hypot(p[0] - 18, p[1] + 18));  // along z, through the side
      if (bridge) {                                                          // a thin bridge across the canal
        const double string = std::hypot(p[1] + 24, p[2]) - 1.3;
        d = std::min(d, std::abs(p[0]) < 18 ? string : d);
      }
      return d;
    };
  };
  const grid g = made::grid_around(toy_bone().vertices, 0.8, 4);
  const auto sampled = [&](const auto& shape) {
    volume<float> v(g);
    std::size_t n = 0;
    for (index_t k = 0; k < g.size[2]; ++k)
      for (index_t j = 0; j < g.size[1]; ++j)
        for (index_t i = 0; i < g.size[0]; ++i)
          v.voxels[n++] = static_cast<float>(
              shape(g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})));
    return v;
  };
  const auto whole = made::surface_of_mean(e, sampled(bone(false, false)), 0.2, 12);
  CHECK(whole.genus == 1);
  CHECK(whole.closed_mm == 0);
  REQUIRE(check_mesh(made::surface_at(sampled(bone(true, false)), 0)).genus == 2);
  REQUIRE(check_mesh(made::surface_at(sampled(bone(false, true)), 0)).genus == 2);
  const auto filled = made::surface_of_mean(e, sampled(bone(true, false)), 0.2, 12);
  CHECK(filled.genus == 1);
  CHECK(filled.closed_mm > 0);
  CHECK(distance_between(filled.fine, whole.fine) < 0.25);
  const auto cut = made::surface_of_mean(e, sampled(bone(false, true)), 0.2, 12);
  CHECK(cut.genus == 1);
  CHECK(cut.closed_mm < 0);
  CHECK(distance_between(cut.fine, whole.fine) < 0.25);
  // A repair must not cut the ring and leave another hole. Here the arch at the back is thin, and a thick bar
  // in front has a hole of its own.
  const auto thin_arch = [](const vec3<double>& p) {
    const double ring = std::hypot(std::hypot(p[0], p[1] + 18) - 18, p[2]) - (p[1] < -25 ? 1.1 : 5.0);
    return std::max(ring, 2.2 - std::hypot(p[0], p[1]));
  };
  REQUIRE(check_mesh(made::surface_at(sampled(thin_arch), 0)).genus == 2);
  const auto kept = made::surface_of_mean(e, sampled(thin_arch), 0.2, 12);
  CHECK(kept.genus == 1);
  CHECK(kept.closed_mm > 0);
  CHECK(made::largest_hole(kept.distance) > 0);
  // A shape that cannot be repaired keeps its genus, and the result reports it.
  CHECK(
      made::surface_of_mean(e, sampled([](const vec3<double>& p) { return norm(p) - 10; }), 0.2, 12).genus ==
      0);
}
