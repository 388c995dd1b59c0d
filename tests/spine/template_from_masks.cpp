// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Templates from masks: shapes are found, moved to their frame, aligned, averaged and meshed, and warnings
// name the shapes that cannot be used. The masks are voxelised rings (genus 1) whose thick side represents
// the vertebral body.
#include "diffam/spine/template_from_masks.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/voxelise.hpp"
#include "spine/toy_vertebra.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
using diffam::test::distance_between;
using diffam::test::toy_bone;
using diffam::test::toy_vertebra;
namespace made = diffam::spine::detail;

namespace {

triangle_mesh<double> moved(triangle_mesh<double> mesh, const made::similarity& t) {
  for (auto& v : mesh.vertices) v = t(v);
  return mesh;
}

/// Three vertebrae, one below the other, 30 mm apart, in slices of 1 x 1 x 1.5 mm.
struct toy_spine {
  volume<std::uint8_t> labels;
  centroid_list centres;

  explicit toy_spine(double turn = 0, double scale = 1) {
    const double above_and_below = 30 * scale;
    grid g;
    g.axes(2, 2) = 1.5;
    g.size = {70, 74, 74};
    g.origin = {-35, -52, -55};
    std::vector<triangle_mesh<double>> bones;
    const std::vector<int> names{20, 21, 22};
    for (int i = 0; i < 3; ++i) {
      const vec3<double> place{0, 0, above_and_below * (1 - i)};
      bones.push_back(moved(toy_bone(), {made::rotation_about({turn, 0, 0}), scale, place}));
      centres.push_back({names[static_cast<std::size_t>(i)], place});
    }
    labels = voxelise(exec::serial{}, std::span<const triangle_mesh<double>>(bones), names, g);
  }
};

template_from_masks_params small() {
  template_from_masks_params p;
  p.vertices = 900;
  p.spacing_mm = 1.25;
  p.template_spacing_mm = 30;
  p.fit = {.iterations = 60, .points = 3000, .modes = 60};
  return p;
}

bool mention(const std::vector<std::string>& all, const std::string& part) {
  return std::any_of(all.begin(), all.end(), [&](auto& s) { return s.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the surface of a label matches the bone, without stair steps or isolated voxels", "[spine]") {
  toy_spine s;
  s.labels.at(1, 1, 1) = 21;  // an isolated voxel
  s.labels.at(2, 1, 1) = 21;
  const exec::threads e;
  const auto boxes = label_boxes(s.labels);
  CHECK(boxes[5].empty());
  CHECK(boxes[21].first == vec<index_t, 3>{1, 1, 1});
  const auto surface = made::smooth_label_surface(e, s.labels, 21, boxes[21]);
  const auto report = check_mesh(surface);
  CHECK(report.ok());
  CHECK(report.components == 1);
  CHECK(report.genus == 1);
  const auto truth = toy_bone();
  CHECK(distance_between(surface, truth) < 0.3);
  CHECK(report.volume == Approx(check_mesh(truth).volume).epsilon(0.03));
  // The front is the thickest part.
  CHECK(norm(made::bone_centre(e, surface, 21) - vec3<double>{0, 0, 0}) < 2.5);
}

TEST_CASE("rotations and their vectors are each other's inverses", "[spine]") {
  for (const vec3<double>& w : {vec3<double>{0, 0, 0}, {0.3, 0, 0}, {-0.2, 0.7, 0.4}, {1, 1, -2}}) {
    const mat3<double> r = made::rotation_about(w);
    CHECK(norm(made::rotation_vector(r) - w) < 1e-12);
    CHECK(determinant(r) == Approx(1));
  }
  const vec3<double> turned = made::rotation_about({0, 0, 1.57079632679489662}) * vec3<double>{1, 0, 0};
  CHECK(norm(turned - vec3<double>{0, 1, 0}) < 1e-12);
  const made::similarity t{made::rotation_about({0.2, -0.1, 0.4}), 1.3, {3, 4, 5}};
  CHECK(norm(t.inverse(t({7, -2, 9})) - vec3<double>{7, -2, 9}) < 1e-12);
}

TEST_CASE("alignment undoes turns, sizes and shifts, and keeps the mean frame", "[spine]") {
  const exec::threads e;
  const auto bone = toy_bone(1.25);
  const std::vector<made::similarity> given = {{made::rotation_about({0.15, 0, 0}), 1.08, {1, 2, -1}},
                                               {made::rotation_about({-0.15, 0, 0.1}), 1 / 1.08, {-1, -2, 1}},
                                               {made::rotation_about({0, 0, -0.1}), 1, {0, 0, 0}}};
  std::vector<volume<float>> d;
  const grid g = made::grid_around(bone.vertices, 1.5, 12);
  for (const auto& t : given) d.push_back(distance_volume(e, moved(bone, t), g));
  const auto found = made::align(d);
  // The result is unique up to one common similarity: found o given^-1 is equal for all shapes, and small.
  std::vector<vec3<double>> probes = {{20, -18, 0}, {0, 5, 8}, {-10, -30, -3}};
  for (const auto& x : probes) {
    const vec3<double> first = given[0].inverse(found[0](x));
    for (std::size_t m = 1; m < given.size(); ++m) CHECK(norm(given[m].inverse(found[m](x)) - first) < 0.25);
    CHECK(norm(first - x) < 1.5);
  }
  double log_scale = 0;
  vec3<double> shift{}, turn{};
  for (const auto& t : found)
    log_scale += std::log(t.scale), shift += t.shift, turn += made::rotation_vector(t.rotation);
  CHECK(std::abs(log_scale) < 1e-9);
  CHECK(norm(shift) < 1e-9);
  CHECK(norm(turn) < 1e-2);

  CHECK(made::align({d[0]})[0].scale == 1);
}

TEST_CASE("vertebrae of a mask are in the frame in which a fit starts", "[spine]") {
  const exec::threads e;
  const toy_spine s(0, 1.1);
  auto p = small();
  std::vector<std::string> warnings;
  const auto found = vertebrae_of_mask(e, s.labels, "a", s.centres, p, warnings);
  REQUIRE(found.size() == 3);
  CHECK(warnings.empty());
  for (const auto& v : found) CHECK(distance_between(v.bone, toy_bone()) < 0.3);  // the size is normalised
  // Centres that are found in the mask also put the front of the ring at the origin.
  for (const auto& v : vertebrae_of_mask(e, s.labels, "a", {}, p, warnings))
    CHECK(distance_between(v.bone, toy_bone()) < 1.2);

  p.levels = {21, 23};
  CHECK(vertebrae_of_mask(e, s.labels, "a", s.centres, p, warnings).size() == 1);
  CHECK(warnings.empty());
  p.levels = {};
  toy_spine cut;
  cut.labels.at(30, 30, 0) = 22;
  const auto rest = vertebrae_of_mask(e, cut.labels, "b", cut.centres, p, warnings);
  CHECK(rest.size() == 2);
  CHECK(mention(warnings, "b: at the border of the image, left out: L3"));
  CHECK(vertebrae_of_mask(e, cut.labels, "b", {}, p, warnings).size() == 2);
  auto few = cut.centres;
  few.erase(few.begin());
  CHECK(vertebrae_of_mask(e, cut.labels, "b", few, p, warnings).size() == 1);
  CHECK(mention(warnings, "b: without a centre, left out: L1"));
  p.keep_cut = true;
  CHECK(vertebrae_of_mask(e, cut.labels, "b", cut.centres, p, warnings).size() == 3);
  CHECK(vertebrae_of_mask(e, volume<std::uint8_t>(cut.labels.geometry), "c", {}, p, warnings).empty());
  CHECK_THROWS_AS(shared_template(e, {}, p), error);
  CHECK_THROWS_AS(templates_per_label(e, {}, p), error);
}

TEST_CASE("one wrong centre hardly changes the size of a mask's vertebra", "[spine]") {
  toy_spine s;
  s.centres[1].position[2] -= 3;  // 33 mm from the centre above, 27 from the one below
  std::vector<std::string> warnings;
  const auto found = vertebrae_of_mask(exec::threads{}, s.labels, "a", s.centres, small(), warnings);
  REQUIRE(found.size() == 3);
  // From the single distances alone, the ratio would be (33 / 27)^3 = 1.83.
  CHECK(check_mesh(found[2].bone).volume == Approx(check_mesh(found[0].bone).volume).epsilon(0.1));
}

TEST_CASE("the mean of equal bones is that bone, for any number of threads", "[spine]") {
  const auto p = small();
  std::vector<std::string> warnings;
  std::vector<mask_vertebra> all;
  for (const double turn : {0.1, -0.1})
    for (auto& v :
         vertebrae_of_mask(exec::threads{}, toy_spine(turn).labels, "a", toy_spine().centres, p, warnings))
      if (v.label != 22) all.push_back(std::move(v));
  const auto result = shared_template(exec::threads{}, all, p);
  const auto report = check_mesh(result.mesh);
  CHECK(report.ok());
  CHECK(result.genus == 1);
  CHECK(result.shapes == 4);
  CHECK(std::abs(result.mesh.vertex_count() - 900) <= 18);
  CHECK(self_intersections(result.mesh).empty());
  CHECK(result.distance_to_mean < 0.15);
  CHECK(distance_between(result.mesh, toy_bone()) < 0.35);
  CHECK(report.volume == Approx(check_mesh(toy_bone()).volume).epsilon(0.04));
  const auto again = shared_template(exec::threads{1}, all, p);
  CHECK(again.mesh.vertices == result.mesh.vertices);
  CHECK(again.mesh.faces == result.mesh.faces);
}

TEST_CASE("templates per label have one connectivity and their own shapes", "[spine]") {
  const exec::threads e;
  const auto p = small();
  // The upper bone is stretched along y; the lower one is not.
  std::vector<mask_vertebra> all = {{20, "a", toy_bone()}, {21, "a", toy_bone()}};
  for (auto& v : all[0].bone.vertices) v[1] *= 1.2;
  const auto result = templates_per_label(e, all, p);
  REQUIRE(result.size() == 2);
  CHECK(result.at(20).mesh.faces == result.at(21).mesh.faces);
  for (const auto& v : all) {
    const made_template& t = result.at(v.label);
    CHECK(check_mesh(t.mesh).ok());
    CHECK(t.genus == 1);
    CHECK(distance_between(t.mesh, v.bone) < 0.4);
    CHECK(t.distance_to_mean < 0.2);
    CHECK(self_intersections(t.mesh).empty());
  }
  // Vertex k is the same place in both: the meshes differ by the stretch.
  double off = 0;
  for (std::size_t k = 0; k < result.at(20).mesh.vertices.size(); ++k) {
    const vec3<double>&a = result.at(20).mesh.vertices[k], &b = result.at(21).mesh.vertices[k];
    off += norm(a - vec3<double>{b[0], 1.2 * b[1], b[2]}) /
           static_cast<double>(result.at(20).mesh.vertices.size());
  }
  CHECK(off < 2.0);

  // A given connectivity is used.
  const auto given = remesh(toy_vertebra{}, toy_bone(), {.edge_length = 3.2});
  const auto on_given = templates_per_label(e, all, p, template_set(given));
  CHECK(on_given.at(20).mesh.faces == given.faces);
  CHECK(distance_between(on_given.at(20).mesh, all[0].bone) < 0.4);

  // With one mesh for each level, each level starts from its own. The meshes must have the same faces.
  auto tall = given;
  for (auto& v : tall.vertices) v[1] *= 1.2;
  const auto on_each = templates_per_label(e, all, p, template_set({{20, tall}, {21, given}}));
  CHECK(on_each.at(20).mesh.faces == given.faces);
  CHECK(distance_between(on_each.at(20).mesh, all[0].bone) < 0.4);
  CHECK_THROWS_WITH(templates_per_label(e, all, p, template_set({{20, toy_bone()}, {21, given}})),
                    Catch::Contains("one connectivity"));
}
