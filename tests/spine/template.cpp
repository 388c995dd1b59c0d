// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The built-in template for all levels: closed, genus 1, even triangles, an empty canal, the same mesh every
// time. Sets of templates.
#include "diffam/spine/template.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/spine/template/set.hpp"
#include "diffam/spine/voxelise.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

bool inside(const triangle_mesh<double>& m, const vec3<double>& p) {
  const int label = 1;
  grid g{{1, 1, 1}};
  g.origin = p;
  return spine::voxelise(exec::serial{}, std::span(&m, 1), std::span(&label, 1), g).voxels[0] == 1;
}

}  // namespace

TEST_CASE("built-in vertebrae come by level, for a fit or in natural size", "[spine]") {
  namespace s = diffam::spine;
  // [builtin_templates]
  const std::vector<int> labels{s::label::t12, s::label::l1, s::label::l5};
  const s::template_set set = s::builtin_templates(labels);  // what a fit takes
  const auto women =
      s::make_vertebrae(labels, {.sex = s::body_sex::female, .spacing_mm = 0});  // mm, by label
  // [/builtin_templates]
  REQUIRE(women.size() == 3);
  for (const int l : labels) CHECK(set[l].faces == women.at(l).faces);
}

TEST_CASE("the template for all levels is one closed surface with a canal", "[spine]") {
  for (const double edge : {2.1, 2.85}) {
    const auto m = spine::make_template({.edge_length = edge});
    const mesh_report r = check_mesh(m);
    INFO("edge length " << edge << ", " << r.vertices << " vertices");
    REQUIRE(r.ok());
    REQUIRE(r.genus == 1);
    REQUIRE(r.components == 1);
    REQUIRE(r.unused_vertices == 0);
    REQUIRE(measure_quality(m).least > 0.2);
    REQUIRE(measure_quality(m).mean > 0.85);
  }
  REQUIRE_THROWS_AS(spine::make_template({.edge_length = 0.5}), error);
  REQUIRE_THROWS_AS(spine::make_template({.edge_length = std::nan("")}), error);
  REQUIRE_THROWS_AS(spine::make_template({.size = 0}), error);
  REQUIRE_THROWS_AS(spine::make_template({.height = std::nan("")}), error);
  REQUIRE_THROWS_AS(spine::make_template({.spacing_mm = -1}), error);
}

TEST_CASE("the default template is anatomically placed and sized", "[spine]") {
  const auto m = spine::make_template();
  REQUIRE(m.vertex_count() > 2000);
  REQUIRE(m.vertex_count() < 3000);
  vec3<double> low = m.vertices[0], high = low;
  for (const auto& v : m.vertices)
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], v[k]), high[k] = std::max(high[k], v[k]);
  // The width includes both transverse processes. The spinous process lies behind, the body in front. The
  // articular processes reach beyond the end plates, to the heights of the discs.
  REQUIRE(high[0] - low[0] > 70);
  REQUIRE(std::abs(high[0] + low[0]) < 2);
  REQUIRE(low[1] < -50);
  REQUIRE(high[1] > 15);
  REQUIRE(high[2] - low[2] > 34.3);
  REQUIRE(inside(m, {0, 0, 0}));          // body
  REQUIRE_FALSE(inside(m, {0, -21, 0}));  // canal
  REQUIRE_FALSE(inside(m, {0, 0, 17}));   // disc above
  REQUIRE_FALSE(inside(m, {0, 0, -17}));  // disc below
  REQUIRE(inside(m, {16.5, -18, 6}));     // pedicles
  REQUIRE(inside(m, {-16.5, -18, 6}));
  REQUIRE(inside(m, {0, -50, -9}));  // spinous process
  REQUIRE(inside(m, {30, -27, 5}));  // transverse processes
  REQUIRE(inside(m, {-30, -27, 5}));
}

TEST_CASE("the vertices and faces of the template stay the same in new versions", "[spine]") {
  // Vertex k must be the same point in results of all versions. The hash is FNV-1a of the faces and of the
  // vertices in 1/4096 mm; it is equal for gcc and clang, with and without fused multiply-add. A change of
  // this number breaks the correspondence with earlier results and must be in the change log.
  std::uint64_t hash = 14695981039346656037u;
  const auto mix = [&](std::int64_t x) { hash = (hash ^ static_cast<std::uint64_t>(x)) * 1099511628211u; };
  const auto m = spine::make_template({.spacing_mm = 0, .along_chord = false});
  for (const face& f : m.faces)
    for (int k = 0; k < 3; ++k) mix(f[k]);
  for (const auto& v : m.vertices)
    for (int k = 0; k < 3; ++k) mix(static_cast<std::int64_t>(v[k] * 4096));
  REQUIRE(hash == 6168932693904302431u);
}

TEST_CASE("a set of templates gives each level its own or the nearest", "[spine]") {
  const auto ball = make_icosphere<double>(1, 3.0), other = make_icosphere<double>(2, 3.0);
  auto scaled = ball;
  for (auto& v : scaled.vertices) v *= 2;
  const spine::template_set one(ball);
  REQUIRE(one.shared());
  REQUIRE(one.one_connectivity());
  REQUIRE(one[22].vertices == ball.vertices);
  const spine::template_set several(std::map<int, triangle_mesh<double>>{{19, ball}, {22, scaled}});
  REQUIRE(several.one_connectivity());
  REQUIRE(several.has(19));
  REQUIRE_FALSE(several.has(28));
  REQUIRE(several.source(28) == 19);  // T13 is one level below T12 and three above L3
  REQUIRE(several.source(1) == 19);
  REQUIRE(several.source(21) == 22);
  REQUIRE(several.source(25) == 22);
  REQUIRE(several[24].vertices == scaled.vertices);
  REQUIRE(one.average().vertices == ball.vertices);
  for (std::size_t v = 0; v < ball.vertices.size(); ++v)
    REQUIRE(norm(several.average().vertices[v] - ball.vertices[v] * 1.5) < 1e-12);
  const spine::template_set mixed(std::map<int, triangle_mesh<double>>{{19, ball}, {22, other}});
  REQUIRE_FALSE(mixed.one_connectivity());
  REQUIRE_THROWS_AS(mixed.average(), error);
  auto open = ball;
  open.faces.pop_back();
  REQUIRE_THROWS_AS(spine::template_set(open), error);
  REQUIRE_THROWS_AS(spine::template_set(std::map<int, triangle_mesh<double>>{}), error);
  REQUIRE_THROWS_AS(spine::template_set(std::map<int, triangle_mesh<double>>{{26, ball}}), error);
}
