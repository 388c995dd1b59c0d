// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Defects of templates: unit, size, origin, axes.
#include "diffam/spine/checks.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

template <class Move>
std::string defects_of(triangle_mesh<double> mesh, const Move& move) {
  for (auto& v : mesh.vertices) v = move(v);
  return template_defects(mesh, check_mesh(mesh));
}

}  // namespace

TEST_CASE("built-in vertebrae of all levels are templates", "[spine][checks]") {
  std::vector<int> labels;
  for (int l = label::c1; l <= label::l6; ++l) labels.push_back(l);
  for (const auto& [l, mesh] : make_vertebrae(labels)) {
    INFO(label_name(l));
    CHECK(template_defects(mesh, check_mesh(mesh)).empty());
    CHECK(defects_of(mesh, [](const auto& v) { return v * 0.6; }).empty());  // a child's, or at natural size
  }
}

TEST_CASE("templates in another unit, frame or place are named", "[spine][checks]") {
  using point = vec3<double>;
  const std::vector<int> labels{label::c1 + 4, label::t1 + 4, label::l1 + 1};
  for (const auto& [l, mesh] : make_vertebrae(labels)) {
    INFO(label_name(l));
    CHECK_THAT(defects_of(mesh, [](point v) { return v * 0.001; }), ContainsSubstring("metres"));
    CHECK_THAT(defects_of(mesh, [](point v) { return v * 0.1; }), ContainsSubstring("centimetres"));
    CHECK_THAT(defects_of(mesh, [](point v) { return v * 4.0; }), ContainsSubstring("no vertebra has"));
    CHECK_THAT(defects_of(mesh,
                          [](point v) {
                            return v + point{0, 0, 300};
                          }),
               ContainsSubstring("mm outside"));
    CHECK_THAT(defects_of(mesh,
                          [](point v) {
                            return v + point{0, 0, 17};
                          }),
               ContainsSubstring("below the centre"));
    CHECK_THAT(defects_of(mesh,
                          [](point v) {
                            return point{-v[0], -v[1], v[2]};
                          }),
               ContainsSubstring("x points left, y back, z up"));
    CHECK_THAT(defects_of(mesh,
                          [](point v) {
                            return point{-v[0], v[1], -v[2]};
                          }),
               ContainsSubstring("z down"));
    CHECK_THAT(defects_of(mesh, [](point v) { return point{v[1], v[2], v[0]}; }), ContainsSubstring("axes"));
  }
  const auto l3 = make_template();
  CHECK_THAT(defects_of(l3,
                        [](point v) {
                          return v + point{0, 15, 0};
                        }),
             ContainsSubstring("mm behind the centre"));
  CHECK_THROWS_WITH(
      (require_template(triangle_mesh<double>{}, "template L3.ply")),
      ContainsSubstring("template L3.ply: expected a closed mesh") && ContainsSubstring("no faces"));
}
