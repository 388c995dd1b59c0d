// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit of a small generated CT, with one template for all levels and with one for each level.
#include "diffam/spine/fit.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "diffam/spine/voxelise.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

const phantom& small_ct() {
  static const phantom made = make_phantom(exec::serial{}, {.levels = {21, 22, 23}, .spacing = {2, 2, 2.5}});
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
  explicit made_fit(const template_set& templates, const fit_options& o = small_options(),
                    const centroid_list& centres = small_ct().centres)
      : fit({}, small_ct().ct, centres, templates, o, warnings) {}
};

}  // namespace

TEST_CASE("a program fits a spine in a few lines", "[spine]") {  // docs/library.md shows them
  const volume<float>& ct = small_ct().ct;
  const centroid_list& centres = small_ct().centres;
  const fit_options options = small_options();
  using exec = diffam::exec::serial;
  // [spine_fit]
  const exec e;
  const std::vector<int> labels = parse_levels("L2-L4");  // VerSe numbers: 21, 22, 23
  std::vector<std::string> warnings;
  spine_fit<float, exec> fit(e, ct, centres, builtin_templates(labels), options, warnings);
  while (!fit.done()) fit.step();
  const fit_result result = fit.result(ct);  // for each vertebra a mesh in world mm; losses; f_theta

  std::vector<triangle_mesh<double>> meshes;
  for (const fitted_vertebra& v : result.vertebrae) meshes.push_back(v.mesh);
  const volume<std::uint8_t> mask = voxelise(e, meshes, labels, ct.geometry);
  // [/spine_fit]
  REQUIRE(result.history.size() == options.iterations);
  CHECK(result.history.back().total < result.history.front().total);
  for (const int l : labels) CHECK(std::count(mask.voxels.begin(), mask.voxels.end(), l) > 1000);
}

TEST_CASE("every vertebra starts from the template of its level", "[spine]") {
  const template_set templates(std::map<int, triangle_mesh<double>>{
      {21, coarse_template()}, {22, stretched(coarse_template(), 0.8)}});  // L4 uses the mesh of L3
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
    CHECK(worst < 1e-3);  // mm: modes and residual together represent the whole template
  }
}

TEST_CASE("the variance loss starts at 0 where it compares with the templates", "[spine]") {
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

TEST_CASE("a fit to the needed part of a CT equals the fit to the whole CT, bit for bit", "[spine]") {
  const volume<float>& inner = small_ct().ct;
  constexpr index_t around = 20;  // voxels
  grid g = inner.geometry;
  g.size += vec<index_t, 3>{2 * around, 2 * around, 2 * around};
  g.origin = g.to_world(vec3<double>{1, 1, 1} * -double(around));
  volume<float> ct(g);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) ct.voxels[n] = static_cast<float>(n * 7919 % 1000);
  for (index_t k = 0; k < inner.geometry.size[2]; ++k)
    for (index_t j = 0; j < inner.geometry.size[1]; ++j)
      std::copy_n(&inner.at(0, j, k), inner.geometry.size[0], &ct.at(around, j + around, k + around));
  const template_set templates(coarse_template());
  fit_options o = small_options();
  o.spacing_mm = 2.5;  // coarser than the CT, so the CT is blurred before it is resampled
  o.noise_mm = 3;
  const centroid_list centres{small_ct().centres[1]};
  std::vector<std::string> warnings, same_warnings;
  const fit_plan plan = plan_fit(ct.geometry, centres, templates, o, same_warnings);
  const voxel_box box = voxels_resampled(ct.geometry, looked_at_in_world(plan));
  REQUIRE(box.count() < ct.geometry.voxel_count() / 2);
  volume_part<float> part(ct.geometry, box);
  part.voxels = crop<float>(ct, box).voxels;
  fit_type whole({}, ct, centres, templates, o, warnings);
  fit_type parted({}, part, centres, templates, o, warnings);
  for (int i = 0; i < 5; ++i) {
    whole.step();
    parted.step();
  }
  CHECK(whole.checkpoint() == parted.checkpoint());
}

TEST_CASE("the same mesh for each level equals one mesh for all levels", "[spine]") {
  made_fit shared{template_set(coarse_template())};
  made_fit several{
      template_set(std::map<int, triangle_mesh<double>>{{21, coarse_template()}, {23, coarse_template()}})};
  for (int i = 0; i < 5; ++i) {
    shared.fit.step();
    several.fit.step();
  }
  CHECK(shared.fit.checkpoint() == several.fit.checkpoint());
}

TEST_CASE("a fit continues from a checkpoint with the same bits, on every policy", "[spine]") {
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

TEST_CASE("walls and mask lie beyond the ends of the chain", "[spine]") {
  std::vector<std::string> warnings;
  fit_options o = small_options();
  o.end_mask = 0.6;
  const fit_plan plan =
      plan_fit(small_ct().ct.geometry, small_ct().centres, template_set(coarse_template()), o, warnings);
  const auto ends = chain_ends(plan, o);
  REQUIRE(ends.size() == 2);
  CHECK(ends[0].vertebra == 0);
  CHECK(ends[1].vertebra == 2);
  const auto mask = end_mask<double>(plan, o);
  REQUIRE(mask.count == 2);
  for (const chain_end& end : ends) {
    const pose& p = plan.poses[end.vertebra];
    const double mm = 34.3 * p.scale, sign = end.vertebra == 0 ? 1 : -1;
    const auto at = [&](double spacings) {
      return plan.frame.from_world(p.translation + normalized(p.basis.row[2]) * (sign * spacings * mm));
    };
    CHECK(mask(at(0.59)));
    CHECK_FALSE(mask(at(0.61)));
    CHECK(mask(at(-1.5)));  // in the direction of the chain
  }
  // The template's own end plates lie on the inner side of the walls; the disc is in between.
  const auto plates = end_plate_walls(plan, o);
  const auto vertices = stacked_vertices<double>(plan.start);
  for (const wall& w : plates) {
    REQUIRE(w.rows.size() > 10);
    for (const stored_index r : w.rows)
      CHECK(w.at.beyond(plan.frame.from_world(load3(view<const double>(vertices.get()), r))) < 0);
  }
  for (const wall& w : centre_walls(plan, 30, o)) REQUIRE(w.rows.size() == 1);
  o.end_mask = 0;
  CHECK(end_mask<double>(plan, o).count == 0);
}

TEST_CASE("walls keep the ends of the chain during a fit", "[spine]") {
  // The end centres lie 6 mm too far inside, so that the image pulls both bones outward, through the walls.
  centroid_list centres = small_ct().centres;
  const vec3<double> along = normalized(centres[2].position - centres[0].position);
  centres[0].position = centres[0].position + along * 6.0;
  centres[2].position = centres[2].position - along * 6.0;
  fit_options o = small_options();
  o.iterations = 60;
  o.start_search = false;  // it would move the centres back
  o.end_wall = 0.4;
  o.centre_wall = 0;
  const template_set templates(coarse_template());
  struct ends_beyond {
    double plates = 0, centres = 0;
  };
  // The mean distances of end plates and centres beyond their walls, in unit lengths.
  const auto beyond = [&](double weight_end, double weight_centre) {
    o.weight_end_wall = weight_end;
    o.weight_centre_wall = weight_centre;
    made_fit made(templates, o, centres);
    while (!made.fit.done()) made.fit.step();
    const auto vertebrae = made.fit.result().vertebrae;
    const fit_plan plan = plan_fit(small_ct().ct.geometry, centres, templates, o, made.warnings);
    ends_beyond out;
    for (const chain_end& end : chain_ends(plan, o))
      out.centres += plane_beyond(end, 0).beyond(plan.frame.from_world(vertebrae[end.vertebra].centre)) / 2;
    for (const wall& w : end_plate_walls(plan, o))
      for (const stored_index r : w.rows) {
        const index_t each = plan.vertices_each();
        const auto& mesh = vertebrae[static_cast<std::size_t>(r / each)].mesh;
        const vec3<double> x = plan.frame.from_world(mesh.vertices[static_cast<std::size_t>(r % each)]);
        out.plates += std::max(0.0, w.at.beyond(x)) / static_cast<double>(2 * w.rows.size());
      }
    return out;
  };
  const ends_beyond without = beyond(0, 0), with_plates = beyond(100, 0), with_centres = beyond(0, 100);
  CHECK(without.plates > 0.01);
  CHECK(with_plates.plates < 0.1 * without.plates);
  CHECK(without.centres > 0.01);
  CHECK(with_centres.centres < 0.1 * without.centres);
}

TEST_CASE("every renderer learns the appearance of bone", "[spine]") {
  const template_set templates(coarse_template());
  std::vector<std::vector<double>> curves;
  for (const auto kind : {renderer_kind::exact, renderer_kind::tabulated, renderer_kind::table}) {
    fit_options o = small_options();
    o.renderer = kind;
    o.iterations = 60;
    made_fit made(templates, o);
    made.fit.step();
    const double first = made.fit.losses().image;
    while (!made.fit.done()) made.fit.step();
    CHECK(made.fit.losses().image < 0.7 * first);
    curves.push_back(made.fit.result().curve_intensity);
  }
  CHECK(curves[0] != curves[1]);
  CHECK(curves[1] != curves[2]);
}
