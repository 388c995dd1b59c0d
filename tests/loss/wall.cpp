// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The wall loss and the mask of planes: closed forms, the component suite, and errors.
#include "diffam/loss/wall.hpp"

#include "diffam/loss/image.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

/// Rows 0 to 9 are kept before z = 0.2, rows 5 to 14 before a slanted plane. Rows 5 to 9 are in both walls.
std::vector<wall> two_walls() {
  wall flat{{{0, 0, 0.2}, {0, 0, 1}}, {}}, slanted{{{0.1, 0, 0}, normalized(vec3<double>{1, 2, -1})}, {}};
  for (stored_index r = 0; r < 10; ++r) {
    flat.rows.push_back(r);
    slanted.rows.push_back(r + 5);
  }
  return {flat, slanted};
}

/// Points away from both planes, on both sides of each.
std::vector<double> points(index_t rows) {
  std::vector<double> x = check::detail::random_vector(rows * 3, 11, 0);
  for (const wall& w : two_walls())
    for (const stored_index r : w.rows) {
      const view<double> row(x.data() + 3 * r, 1, 3);
      const vec3<double> p = load3(view<const double>(row), 0);
      if (std::abs(w.at.beyond(p)) < 0.01) store3(row, 0, p + w.at.outward * 0.05);
    }
  return x;
}

}  // namespace

TEST_CASE("the wall loss is a component", "[loss]") {
  test::component_suite([](auto e) { return wall_loss<double, decltype(e)>(20, two_walls()); }, points(20),
                        {20, 3});
}

TEST_CASE("a wall acts on its rows beyond the plane only", "[loss]") {
  const wall floor{{{0, 0, -1}, {0, 0, -1}}, {0, 1, 2, 3}};
  const wall_loss<double, exec::serial> c(5, {floor});
  const double x[] = {7, 7, 0, 0, 0, -1, 3, 0, -1.5, 0, 1, -3, 0, 0, -9};  // row 4 is in no wall
  planned p(c, {5, 3});
  c.forward({}, {x, 5, 3}, p.output, p.workspace);
  CHECK(p.output[0] == Approx((0.25 + 4) / 4));
  p.d_output[0] = 2;
  buffer<double> d_x(5, 3);
  c.backward({}, {x, 5, 3}, p.d_output, d_x.get(), p.workspace);
  for (index_t r = 0; r < 5; ++r)
    CHECK(d_x.get()(r, 2) == Approx(r == 2 ? -2 * 2 * 0.5 / 4 : r == 3 ? -2 * 2 * 2.0 / 4 : 0));
  const wall_loss<double, exec::serial> none(5, {});
  planned q(none, {5, 3});
  q.output[0] = 3;
  none.forward({}, {x, 5, 3}, q.output, q.workspace);
  CHECK(q.output[0] == 0);
}

TEST_CASE("the wall loss refuses rows out of range", "[loss]") {
  test::require_shape_error(wall_loss<float, exec::serial>(20, two_walls()), {19, 3});
  REQUIRE_THROWS_WITH((wall_loss<float, exec::serial>(14, two_walls())),
                      "wall_loss: expected rows in [0, 14), got 14");
}

TEST_CASE("the wall loss refuses a row that a wall has twice, and a normal without unit length", "[loss]") {
  const auto refused = [](const wall& w, const char* message) {
    REQUIRE_THROWS_WITH((wall_loss<float, exec::serial>(20, {w})), message);
  };
  refused({{{0, 0, 0}, {0, 0, 1}}, {4, 7, 4}},
          "wall_loss: expected each row at most once in a wall, got row 4 twice");
  refused({{{0, 0, 0}, {0, 0, 2}}, {4}}, "wall_loss: expected outward of length 1, got 2.000000");
  refused({{{0, 0, 0}, {0, 0, NAN}}, {}}, "wall_loss: expected outward of length 1, got nan");
}

TEST_CASE("samples beyond a plane do not count", "[loss]") {
  grid g;
  g.size = {4, 4, 4};
  g.axes = {{{64, 0, 0}, {0, 64, 0}, {0, 0, 64}}};  // a voxel is a unit length
  const scale_space<double, exec::serial> space(exec::serial{}, fully_measured(volume<float>(g, 0.25f)),
                                                {.sigma = 0});
  const double at[] = {1, 1, 0.5, 1, 1, 1.5, 1, 1, 2.5};
  before_planes<double> mask;
  mask.at[0] = {{0, 0, 2}, {0, 0, 1}};
  mask.at[1] = {{0, 0, 1}, {0, 0, -1}};
  using target = sampled_target<double, image_sampler<double>, before_planes<double>>;
  for (mask.count = 0; mask.count <= 2; ++mask.count) {
    const target t{{at, 3, 3}, space.sampler(), mask};
    CHECK(t(0).weight == (mask.count < 2 ? 1 : 0));
    CHECK(t(1).weight == 1);
    CHECK(t(1).value == Approx(0.25));
    CHECK(t(2).weight == (mask.count < 1 ? 1 : 0));
  }
}
