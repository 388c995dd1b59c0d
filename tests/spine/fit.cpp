// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit with one template for all levels and with one for each, on a small generated CT.
#include "diffam/spine/fit.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

const phantom& small_ct() {
  static const phantom made = [] {
    phantom_params p;
    p.levels = {21, 22, 23};
    p.spacing = {2, 2, 2.5};
    return make_phantom(exec::serial{}, p);
  }();
  return made;
}

fit_options small_options() {
  fit_options o = default_preset();
  o.iterations = 12;
  o.samples = o.normal_samples = 500;
  o.modes = 30;
  o.spacing_mm = 2;
  return o;
}

const triangle_mesh<double>& coarse_template() {
  static const triangle_mesh<double> mesh = make_template({.edge_length = 3});
  return mesh;
}

triangle_mesh<double> stretched(triangle_mesh<double> mesh, double factor) {
  for (auto& v : mesh.vertices) v[0] *= factor;
  return mesh;
}

using fit_type = spine_fit<float, exec::serial>;

struct made_fit {
  std::vector<std::string> warnings;
  fit_type fit;
  explicit made_fit(const template_set& templates, const fit_options& o = small_options())
      : fit({}, small_ct().ct, small_ct().centres, templates, o, warnings) {}
};

}  // namespace

TEST_CASE("every vertebra starts as its own level's template", "[spine]") {
  const template_set templates(std::map<int, triangle_mesh<double>>{
      {21, coarse_template()}, {22, stretched(coarse_template(), 0.8)}});  // L4 takes that of L3
  made_fit made(templates);
  const auto result = made.fit.result();
  REQUIRE(result.vertebrae.size() == 3);
  for (std::size_t m = 0; m < 3; ++m) {
    const auto expected = transformed(made.fit.plan().poses[m], templates[result.vertebrae[m].label]);
    const auto& found = result.vertebrae[m].mesh;
    REQUIRE(found.faces == expected.faces);
    double worst = 0;
    for (std::size_t v = 0; v < expected.vertices.size(); ++v)
      worst = std::max(worst, norm(found.vertices[v] - expected.vertices[v]));
    CHECK(worst < 1e-3);  // mm: the modes and the residual carry the whole template
  }
}

TEST_CASE("the variance loss starts at nothing where it compares with the templates", "[spine]") {
  const template_set templates(
      std::map<int, triangle_mesh<double>>{{21, coarse_template()}, {22, stretched(coarse_template(), 0.8)}});
  fit_options o = small_options();
  for (const bool from_template : {true, false}) {
    o.variance_from_template = from_template;
    made_fit made(templates, o);
    made.fit.step();
    if (from_template)
      CHECK(made.fit.losses().variance == 0);
    else
      CHECK(made.fit.losses().variance > 1e-3);
  }
}

TEST_CASE("one mesh for each level, all the same, is one mesh for all", "[spine]") {
  made_fit shared{template_set(coarse_template())};
  made_fit several{
      template_set(std::map<int, triangle_mesh<double>>{{21, coarse_template()}, {23, coarse_template()}})};
  for (int i = 0; i < 5; ++i) {
    shared.fit.step();
    several.fit.step();
  }
  CHECK(shared.fit.checkpoint() == several.fit.checkpoint());
}

TEST_CASE("a fit goes on from a checkpoint with the same bits, on any policy", "[spine]") {
  const template_set templates(coarse_template());
  made_fit whole(templates), second(templates);
  std::vector<std::byte> half;
  while (!whole.fit.done()) {
    if (whole.fit.iteration() == 6) half = whole.fit.checkpoint();
    whole.fit.step();
  }
  second.fit.restore(half);
  while (!second.fit.done()) second.fit.step();
  CHECK(second.fit.checkpoint() == whole.fit.checkpoint());
  std::vector<std::string> warnings;
  spine_fit<float, exec::threads> threads(exec::threads(3), small_ct().ct, small_ct().centres, templates,
                                          small_options(), warnings);
  threads.restore(half);
  while (!threads.done()) threads.step();
  CHECK(threads.checkpoint() == whole.fit.checkpoint());
  half.pop_back();
  CHECK_THROWS_AS(second.fit.restore(half), error);
}
