// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Edges along a surface, the size beside the neighbours, and the logistic model.
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

TEST_CASE("a mesh on the surface of bone has falling edges, one in a hole rising ones", "[measure]") {
  const surface_edges bone = look_at_edges(ball_at({}), ball_ct(400, 0));
  CHECK(bone.falling == Approx(1));
  CHECK(bone.rising == 0);
  CHECK(bone.visible == Approx(1));
  CHECK(bone.drops.front() == Approx(400).margin(120));
  const surface_edges hole = look_at_edges(ball_at({}), ball_ct(0, 400));
  CHECK(hole.falling == 0);
  CHECK(hole.rising == Approx(1));
  const surface_edges nothing = look_at_edges(ball_at({}), ball_ct(300, 300));
  CHECK(nothing.falling + nothing.rising == 0);
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

TEST_CASE("the surface outside of the image does not count", "[measure]") {
  // The image ends at x = 40.5; half of the area of a ball at x = 40 lies beyond, but for the 2 mm of the
  // samples.
  const surface_edges cut = look_at_edges(ball_at({40, 0, 0}), ball_ct(400, 0));
  CHECK(cut.visible == Approx(0.5).margin(0.06));
  CHECK(std::isnan(look_at_edges(ball_at({500, 0, 0}), ball_ct(400, 0)).falling));
  CHECK(look_at_edges(ball_at({}), volume_part<float>()).drops.empty());
}

TEST_CASE("a vertebra of another size than its neighbours is seen", "[measure]") {
  std::vector<measured_vertebra> chain(3);
  for (std::size_t i = 0; i < 3; ++i) {
    chain[i].label = 20 + static_cast<int>(i);
    const double size = spine::anatomy::measures_of(chain[i].label).body.height;
    chain[i].measures.volume_ml = size * size * size * (i == 2 ? 1.331 : 1);  // 1.1 times as long
  }
  const auto steps = size_steps(chain);
  CHECK(steps[0] == Approx(0).margin(1e-12));
  CHECK(steps[1] == Approx(std::log(1.1)));
  CHECK(steps[2] == Approx(std::log(1.1)));
}

TEST_CASE("the model is a probability that grows with the edges", "[measure]") {
  const fit_evidence good{.falling = 0.95, .rising = 0.02, .visible = 1, .below_chain = 0, .size_step = 0.02};
  const fit_evidence bad{.falling = 0.5, .rising = 0.3, .visible = 1, .below_chain = 0.4, .size_step = 0.2};
  CHECK(confidence(good) > 0.9);
  CHECK(confidence(bad) < 0.2);
  CHECK(confidence(good, {0, 0, 0, 0, 0, 0}) == 0.5);
  CHECK(confidence(good, {std::log(3), 0, 0, 0, 0, 0}) == Approx(0.75));
}
