// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Points spread along a segment, and the thick slices that they predict.
#include "diffam/sdf/segment_points.hpp"

#include "diffam/component/pipeline.hpp"
#include "diffam/component/row_mean.hpp"
#include "diffam/render/table.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "fixtures.hpp"
#include "support/catch.hpp"
#include "support/component_suite.hpp"

using namespace diffam;
using exec::serial;

namespace {

using fixed = segment_points<double, serial, fixed_points<double>>;

}  // namespace

TEST_CASE("points are spread evenly along a segment", "[sdf]") {
  const std::vector<double> at{0, 0, 0, 1, 2, 3};
  const fixed points(fixed_points<double>{{at.data(), 2, 3}}, {{0, 0, 6}, 3});
  points.draw({}, {});
  const std::vector<double> expected{0, 0, -2, 0, 0, 0, 0, 0, 2, 1, 2, 1, 1, 2, 3, 1, 2, 5};
  REQUIRE(points.points().size() == 18);
  for (index_t i = 0; i < 18; ++i)
    REQUIRE(points.points()[i] == Approx(expected[static_cast<std::size_t>(i)]).margin(1e-12));
  REQUIRE(points.centres().data == at.data());
  REQUIRE(points.drawn_from().empty());

  const fixed alone(fixed_points<double>{{at.data(), 2, 3}}, {{0, 0, 6}, 1});
  REQUIRE(alone.points().data == at.data());
  REQUIRE_THROWS_AS(fixed(fixed_points<double>{{at.data(), 2, 3}}, {{}, 0}), error);
}

TEST_CASE("a spread cloud keeps the faces of its centres, with the same bits on every policy", "[sdf]") {
  const auto mesh = make_icosphere(3, 1.0);
  const auto x = vertex_buffer<float>(mesh);
  const auto run = [&](auto e) {
    using E = decltype(e);
    using cloud = surface_cloud<float, E>;
    const segment_points<float, E, cloud> spread(cloud(mesh.faces, {.count = 200}), {{0.3, 0, 0}, 4});
    const float* const where = spread.points().data;
    spread.draw(e, x.get());
    REQUIRE(spread.points().data == where);
    REQUIRE(spread.points().rows == 800);
    const cloud centres(mesh.faces, {.count = 200});
    centres.draw(e, x.get());
    for (index_t r = 0; r < 800; ++r) {
      REQUIRE(spread.drawn_from()[r] == centres.drawn_from()[r / 4]);
      REQUIRE(spread.points()(r, 1) == centres.points()(r / 4, 1));
    }
    return std::vector<float>(spread.points().begin(), spread.points().end());
  };
  REQUIRE(run(exec::threads(3)) == run(serial{}));
}

TEST_CASE("spread points predict the mean over a thick slice", "[sdf]") {
  // A ball of radius 1 that is bright inside, and slices of thickness 0.8: a voxel on the axis at height z
  // shows the part of its slice that lies below the pole.
  const auto mesh = make_icosphere(4, 1.0);
  const auto x = vertex_buffer<double>(mesh);
  const double thickness = 0.8;
  std::vector<double> at;
  for (int i = 0; i <= 20; ++i) at.insert(at.end(), {0, 0, 0.5 + 0.05 * i});
  const index_t n = 21, each = 40;
  fixed points(fixed_points<double>{{at.data(), n, 3}}, {{0, 0, thickness}, each});
  table<double, serial, linear_interpolation> step({.range = {.nodes = 2001, .first = -2, .last = 2}});
  std::vector<double> values(2001);
  for (index_t k = 0; k < 2001; ++k) values[static_cast<std::size_t>(k)] = step.node_distance(k) < 0 ? 1 : 0;
  step.set_parameters(std::span<const double>(values));
  using distance = scene_distance<double, serial, barnes_hut_winding, fixed>;
  const auto predicted = pipeline(distance(stack_meshes(std::vector{mesh}), std::move(points)),
                                  std::move(step), row_mean<double, serial>(each));
  planned p(predicted, x.get().extent());
  predicted.forward({}, x.get(), p.output, p.workspace);
  for (index_t i = 0; i < n; ++i) {
    const double z = at[static_cast<std::size_t>(3 * i + 2)];
    const double below = std::clamp((1 - z) / thickness + 0.5, 0.0, 1.0);
    REQUIRE(p.output[i] == Approx(below).margin(1.0 / each + 0.005));
  }
}
