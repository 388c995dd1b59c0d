// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Edges along a surface, and the logistic model.
#include "diffam/measure/confidence.hpp"

#include "diffam/mesh/primitives.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::measure;

namespace {

/// A bright ball of 20 mm radius in dark surroundings, in the middle of 80 mm.
volume<float> ball_ct(float inside, float outside) {
  grid g;
  g.size = {81, 81, 81};
  g.origin = {-40, -40, -40};
  volume<float> ct(g);
  for (index_t k = 0; k < 81; ++k)
    for (index_t j = 0; j < 81; ++j)
      for (index_t i = 0; i < 81; ++i)
        ct.at(i, j, k) =
            norm(g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})) < 20
                ? inside
                : outside;
  return ct;
}

triangle_mesh<double> ball_at(const vec3<double>& centre) {
  auto mesh = make_icosphere<double>(3, 20);
  for (auto& v : mesh.vertices) v += centre;
  return mesh;
}

}  // namespace

TEST_CASE("a mesh on the surface of bone has falling edges, one in a hole none", "[measure]") {
  const surface_edges bone = look_at_edges(ball_at({}), ball_ct(400, 0));
  CHECK(bone.falling == Approx(1));
  CHECK(bone.offset < 0.5);
  CHECK(bone.drops.front() == Approx(400).margin(120));
  const surface_edges hole = look_at_edges(ball_at({}), ball_ct(0, 400));
  CHECK(hole.falling == 0);
  CHECK(std::isnan(hole.offset));
  const surface_edges nothing = look_at_edges(ball_at({}), ball_ct(300, 300));
  CHECK(nothing.falling == 0);
}

TEST_CASE("a mesh aside of the bone loses its edges", "[measure]") {
  const auto ct = ball_ct(400, 0);
  double before = 1;
  for (const double mm : {4.0, 8.0, 16.0}) {
    const double falling = look_at_edges(ball_at({mm, 0, 0}), ct).falling;
    CHECK(falling < 0.85 * before);
    before = falling;
  }
}

TEST_CASE("the offset is the distance to the edge along the normal", "[measure]") {
  const auto ct = ball_ct(400, 0);
  for (const double mm : {-2.5, -1.0, 1.0, 2.5}) {
    const surface_edges edges = look_at_edges(make_icosphere<double>(3, 20 + mm), ct);
    CHECK(edges.offset == Approx(std::abs(mm)).margin(0.4));
  }
  CHECK(std::isnan(look_at_edges(make_icosphere<double>(3, 28), ct).offset));
}

TEST_CASE("the surface outside of the image does not count", "[measure]") {
  // The image ends at x = 40.5, half of the ball lies beyond; half of the rest has no bone inside.
  const auto ct = ball_ct(400, 0);
  const surface_edges whole = look_at_edges(ball_at({20, 0, 0}), ct),
                      cut = look_at_edges(ball_at({40, 0, 0}), ct);
  CHECK(std::count_if(whole.drops.begin(), whole.drops.end(), [](float d) { return std::isnan(d); }) <
        std::count_if(cut.drops.begin(), cut.drops.end(), [](float d) { return std::isnan(d); }));
  CHECK(std::isfinite(cut.falling));
  CHECK(std::isnan(look_at_edges(ball_at({500, 0, 0}), ct).falling));
  CHECK(look_at_edges(ball_at({}), volume_part<float>()).drops.empty());
}

TEST_CASE("the model is a probability that grows with the evidence", "[measure]") {
  const fit_evidence good{.falling = 0.95, .offset = 0.6, .crush_ratio = 1.02, .moved = 1};
  const fit_evidence bad{.falling = 0.6, .offset = 1.5, .crush_ratio = 0.6, .moved = 20};
  CHECK(confidence(good) > 0.9);
  CHECK(confidence(bad) < 0.1);
  CHECK(confidence(good, {0, 0, 0, 0, 0}) == 0.5);
  CHECK(confidence(good, {std::log(3), 0, 0, 0, 0}) == Approx(0.75));
  for (const fit_evidence& worse :
       {fit_evidence{0.8, 0.6, 1.02, 1}, fit_evidence{0.95, 1.2, 1.02, 1}, fit_evidence{0.95, 0.6, 0.7, 1},
        fit_evidence{0.95, 0.6, 1.4, 1}, fit_evidence{0.95, 0.6, 1.02, 9}})
    CHECK(confidence(worse) < confidence(good));
  CHECK(confidence({0.95, 0.6, not_measured, 1}) == confidence({0.95, 0.6, 1, 1}));
}

TEST_CASE("a vertebra without an edge has no chance, one that is not visible has no confidence",
          "[measure]") {
  vertebra_measures m;
  measure_confidence(m, {.falling = 0, .offset = not_measured, .drops = {}}, 1);
  CHECK(m.confidence == 0);
  m = {};
  measure_confidence(m, {}, 1);
  CHECK(std::isnan(m.confidence));
  m.crush_ratio = 0.9;
  measure_confidence(m, {.falling = 0.9, .offset = 0.7, .drops = {}}, 3);
  CHECK(m.confidence == confidence({0.9, 0.7, 0.9, 3}));
  CHECK(m.moved == 3);
}
