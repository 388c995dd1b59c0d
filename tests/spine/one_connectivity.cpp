// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Templates with different faces: one mesh is fitted to the shapes of the others.
#include "diffam/spine/one_connectivity.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/metrics/surface_distance.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

/// A ring with its own mesh, size and position. It is bent, so that no similarity maps one ring to another.
triangle_mesh<double> ring(int rings, int sides, double size, double bend) {
  auto mesh = make_torus<double>(16 * size, 7 * size, rings, sides);
  for (auto& v : mesh.vertices) v = {v[0] + 1, v[1] - 2, v[2] + bend * v[0] * v[0]};
  return mesh;
}

one_connectivity_params small() {
  one_connectivity_params p;
  p.spacing_mm = 1.25;
  p.fit = {.iterations = 80, .points = 4000, .modes = 60};
  return p;
}

}  // namespace

TEST_CASE("one mesh is fitted to the other shapes of a set", "[spine]") {
  const auto upper = ring(40, 18, 1, 0), middle = ring(48, 20, 1.1, 0.008), lower = ring(36, 22, 1.15, -0.01);
  const template_set mixed(std::map<int, triangle_mesh<double>>{{19, upper}, {20, middle}, {22, lower}});
  const std::vector<int> labels{19, 20, 21, 22};
  std::vector<std::string> warnings;
  const auto one = with_one_connectivity(exec::threads(2), mixed, labels, warnings, small());
  CHECK(one.one_connectivity());
  CHECK(one[20].vertices == middle.vertices);  // the reference mesh stays unchanged
  CHECK(one[19].faces == middle.faces);
  CHECK(one.source(21) == mixed.source(21));
  const exec::threads e;
  const auto distance = [&](const auto& a, const auto& b) {
    return metrics::mesh_surface_distances(e, a, b, 2).mean;
  };
  CHECK(distance(one[19], upper) < 0.1);
  CHECK(distance(one[22], lower) < 0.1);
  CHECK(distance(one[19], lower) > 1);
  CHECK(self_intersections(one[22]).empty());
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] == "templates: their faces differ; the mesh of L1 was fitted to those of T12 L3");
  std::vector<std::string> again;
  const auto same = with_one_connectivity(exec::serial{}, mixed, labels, again, small());
  CHECK(same[22].vertices == one[22].vertices);  // the same for any number of threads
}

TEST_CASE("only the needed levels are fitted, and a set with one connectivity stays", "[spine]") {
  const auto a = ring(40, 18, 1, 0), b = ring(36, 16, 1.1, 0);
  std::vector<std::string> warnings;
  const template_set mixed(std::map<int, triangle_mesh<double>>{{19, a}, {20, b}, {24, b}});
  const auto lower = with_one_connectivity(exec::serial{}, mixed, {24, 20}, warnings, small());
  CHECK(lower.one_connectivity());
  CHECK(lower[24].vertices == b.vertices);
  CHECK(warnings.empty());
  const template_set shared(a);
  CHECK(with_one_connectivity(exec::serial{}, shared, {}, warnings).shared());
  CHECK_THROWS_AS(with_one_connectivity(exec::serial{}, mixed, {}, warnings), error);
}
