// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Collapsed bodies are found by height / width, compared with their neighbours and their level. No template
// is made from them, and a level without an example is interpolated between its neighbours.
#include "diffam/spine/template/crushed_body.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/template.hpp"
#include "diffam/spine/template_from_masks.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
namespace made = diffam::spine::detail;

namespace {

/// A body with its height reduced by a factor, and the same width.
triangle_mesh<double> lowered(triangle_mesh<double> bone, double left) {
  for (auto& v : bone.vertices) v[2] *= left;
  return bone;
}

std::vector<mask_vertebra> built_in(const std::vector<int>& labels) {
  std::vector<mask_vertebra> all;
  for (auto& [l, bone] : make_vertebrae(std::span(labels), {})) all.push_back({l, "a", bone});
  return all;
}

std::map<int, double> crushed_of(const std::vector<mask_vertebra>& spine) {
  std::map<int, const triangle_mesh<double>*> bones;
  for (const auto& v : spine) bones[v.label] = &v.bone;
  return made::crushed_bodies(bones);
}

}  // namespace

TEST_CASE("the longest segment inside a mesh along each axis", "[spine]") {
  triangle_mesh<double> ball = make_icosphere(4, 1.0);
  for (auto& v : ball.vertices) v = {v[0] * 3, v[1] * 5, v[2] * 7};
  const vec3<double> middle{0.013, 0.017, 0.011};
  CHECK(made::longest_run(ball, 0, middle) == Approx(6).epsilon(0.02));
  CHECK(made::longest_run(ball, 1, middle) == Approx(10).epsilon(0.02));
  CHECK(made::longest_run(ball, 2, middle) == Approx(14).epsilon(0.02));
  CHECK(made::longest_run(ball, 2, {9, 0, 0}) == 0);
}

TEST_CASE("the built-in bodies have the usual height", "[spine]") {
  std::vector<int> labels;
  for (int l = label::c1; l <= label::l5; ++l) labels.push_back(l);
  const auto all = built_in(labels);
  for (const auto& v : all) {
    const auto usual = made::usual_height_to_width(v.label);
    REQUIRE(usual.has_value() == (v.label >= label::t1));
    if (!usual) continue;
    INFO(label_name(v.label));
    CHECK(made::height_to_width(v.bone) / *usual == Approx(1).margin(0.2));
  }
  CHECK(crushed_of(all).empty());
}

TEST_CASE("a body is compared with its neighbours, or with its level where they are collapsed", "[spine]") {
  auto spine = built_in({19, 20, 21, 22});
  spine[1].bone = lowered(spine[1].bone, 0.6);
  auto crushed = crushed_of(spine);
  REQUIRE(crushed.size() == 1);
  CHECK(crushed.at(20) == Approx(0.6).margin(0.1));
  // All bodies are collapsed, so no neighbour is intact.
  for (auto& v : spine)
    if (v.label != 20) v.bone = lowered(v.bone, 0.6);
  CHECK(crushed_of(spine).size() == 4);
  // Slender bodies: 0.9 of the usual ratio is low beside 1.3.
  spine = built_in({20, 21, 22});
  for (auto& v : spine) v.bone = lowered(v.bone, v.label == 20 ? 0.9 : 1.3);
  crushed = crushed_of(spine);
  REQUIRE(crushed.size() == 1);
  CHECK(crushed.count(20) == 1);
  // A slight loss of height is not a collapse.
  spine = built_in({20, 21, 22});
  spine[0].bone = lowered(spine[0].bone, 0.9);
  CHECK(crushed_of(spine).empty());
  std::vector<std::string> warnings;
  spine[0].bone = lowered(spine[0].bone, 0.5);
  made::leave_out_crushed(spine, "mask", warnings);
  CHECK(spine.size() == 2);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("mask: collapsed bodies, left out: L1 (") == 0);
}

TEST_CASE("a level without an example is interpolated between its neighbours", "[spine]") {
  const auto mesh_at = [](double size) {
    made_template t;
    t.mesh = make_icosphere(2, size);
    t.shapes = 3;
    return t;
  };
  const auto both = [&] { return std::map<int, made_template>{{19, mesh_at(1)}, {22, mesh_at(4)}}; };
  auto all = both();
  made::fill_between(all, {});
  REQUIRE(all.size() == 4);
  CHECK(norm(all.at(20).mesh.vertices[5]) == Approx(2));
  CHECK(norm(all.at(21).mesh.vertices[5]) == Approx(3));
  CHECK(all.at(20).shapes == 0);
  CHECK(all.at(20).self_intersections == 0);
  CHECK(all.at(22).shapes == 3);
  auto some = both();
  made::fill_between(some, {19, 21, 22});
  CHECK(some.size() == 3);
  CHECK(some.count(21) == 1);
}
