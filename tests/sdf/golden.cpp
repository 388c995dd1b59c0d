// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares signed distance, least distance and overlap with values of an independent implementation.
#include "support/golden.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/sdf/fitted_mesh.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

constexpr double within = test::tolerance<double>::golden;

template <class C>
struct run {
  planned<C> p;
  buffer<double> d_x;

  run(const C& c, view<const double> x) : p(c, x.extent()), d_x(x.rows, x.cols) {
    c.forward(exec::serial{}, x, p.output, p.workspace);
  }
  void backward(const C& c, view<const double> x) {
    std::fill_n(d_x.data(), d_x.size(), 0.0);
    c.backward(exec::serial{}, x, p.d_output, d_x.get(), p.workspace);
  }
};

template <class Sign>
void check_signed_distance() {
  if (!test::golden::present("signed_distance")) return;
  const test::golden g("signed_distance"), mesh("mesh");
  const auto vertices = mesh.matrix("V"), points = g.matrix("P");
  buffer<double> d_points(points.get().rows, 3);
  using distance = mesh_distance<double, exec::serial, Sign>;
  const distance c(mesh.faces("F"), points.get(), {.sign = {}, .d_points = d_points.get()});
  run<distance> r(c, vertices.get());
  REQUIRE(test::relative_difference(r.p.output, g.matrix("d").get()) < within);
  const auto cotangent = g.matrix("gd");
  exec::serial{}.copy(cotangent.get(), r.p.d_output);
  r.backward(c, vertices.get());
  REQUIRE(test::relative_difference(r.d_x.get(), g.matrix("grad_V").get()) < within);
  REQUIRE(test::relative_difference(d_points.get(), g.matrix("grad_P").get()) < within);

  const auto expected_face = g.numbers("face");
  const auto expected_bary = g.matrix("bary");
  int same = 0;
  for (index_t i = 0; i < points.get().rows; ++i) {
    if (r.p.workspace.face[i] != static_cast<stored_index>(expected_face[static_cast<std::size_t>(i)]))
      continue;
    ++same;
    for (int k = 0; k < 3; ++k)
      REQUIRE(r.p.workspace.bary(i, k) == Approx(expected_bary.get()(i, k)).margin(within));
  }
  REQUIRE(same >= 32);  // the closest points inside a face; on an edge or a vertex the choice of the face is
                        // arbitrary
}

}  // namespace

TEST_CASE("signed distance and its gradients agree with the golden values", "[sdf]") {
  SECTION("Barnes-Hut winding number") {
    check_signed_distance<barnes_hut_winding>();
  }
  SECTION("exact winding number") {
    check_signed_distance<exact_winding>();
  }
  SECTION("pseudo-normal") {
    check_signed_distance<pseudo_normal>();
  }
}

TEST_CASE("the winding number agrees with the golden values", "[sdf]") {
  if (!test::golden::present("signed_distance")) return;
  const test::golden g("signed_distance"), mesh("mesh");
  const auto vertices = mesh.matrix("V"), points = g.matrix("P");
  const auto expected = g.numbers("winding");
  const face_tree<double, exec::serial> tree(mesh.faces("F"), vertices.get().rows);
  arena measuring;
  (void)tree.plan(measuring);
  buffer<std::byte> block(measuring.used());
  arena memory(block.data(), measuring.used());
  const auto storage = tree.plan(memory);
  tree.refit({}, vertices.get(), storage);
  const auto queries = tree.queries(storage, vertices.get());
  for (index_t i = 0; i < points.get().rows; ++i) {
    const vec3<double> p = load3(points.get(), i);
    const double w = expected[static_cast<std::size_t>(i)];
    REQUIRE(exact_winding_number(queries, 0, p) == Approx(w).margin(within));
    REQUIRE(winding_number(queries, 0, p, 1e9) == Approx(w).margin(within));  // no patch is distant, so the
                                                                              // value is exact
    REQUIRE(std::abs(winding_number(queries, 0, p, 2.0) - w) < 0.05);
  }
}

TEST_CASE("least distance and overlap agree with the golden values", "[sdf]") {
  if (!test::golden::present("union_overlap")) return;
  const test::golden g("union_overlap"), mesh("mesh");
  const auto points = g.matrix("P");
  const auto stacked = g.matrix("M");  // 300 x 3
  const mesh_stack stack = stack_copies(mesh.faces("F"), mesh.matrix("V").get().rows, 3);
  using distance = scene_distance<double, exec::serial>;
  const distance c(stack, fixed_points<double>{points.get()});
  run<distance> r(c, stacked.get());
  const auto expected = g.matrix("d_union");
  const auto expected_mesh = g.numbers("mesh");
  double overlap = 0, worst = 0;
  for (index_t i = 0; i < points.get().rows; ++i) {
    worst = std::max(worst, std::abs(r.p.output(i, 0) - expected.get()[i]));
    REQUIRE(r.p.workspace.record.mesh[i] ==
            static_cast<stored_index>(expected_mesh[static_cast<std::size_t>(i)]));
    overlap += r.p.output(i, 1);
  }
  REQUIRE(worst < within);
  REQUIRE(overlap == Approx(g.number("L_O")).epsilon(within));
  REQUIRE(r.p.workspace.fault_counts[0][0] == 0);

  const auto cotangent = g.matrix("gd");
  for (index_t i = 0; i < points.get().rows; ++i) r.p.d_output(i, 0) = cotangent.get()[i];
  r.backward(c, stacked.get());
  REQUIRE(test::relative_difference(r.d_x.get(), g.matrix("grad_M_union").get()) < within);
  for (index_t i = 0; i < points.get().rows; ++i) r.p.d_output(i, 0) = 0, r.p.d_output(i, 1) = 1;
  r.backward(c, stacked.get());
  REQUIRE(test::relative_difference(r.d_x.get(), g.matrix("grad_M_LO").get()) < within);
}

TEST_CASE("the voxels inside a mesh agree with the golden mask", "[sdf]") {
  if (!test::golden::present("voxelise")) return;
  const test::golden g("voxelise"), golden_mesh("mesh");
  const auto v = golden_mesh.matrix("V");
  triangle_mesh<double> mesh{{}, golden_mesh.faces("F")};
  for (index_t i = 0; i < v.get().rows; ++i)
    mesh.vertices.push_back(load3(v.get(), i) * 12.0 + vec3<double>{12.3, 12.7, 5.1});
  const auto mask = g.numbers("mask");
  const index_t n[3] = {26, 26, 11};
  REQUIRE(static_cast<index_t>(mask.size()) == n[0] * n[1] * n[2]);
  buffer<double> points(static_cast<index_t>(mask.size()), 3);
  for (index_t i = 0; i < points.get().rows; ++i)
    store3(points.get(), i,
           {static_cast<double>(i / (n[1] * n[2])), static_cast<double>(i / n[2] % n[1]),
            static_cast<double>(i % n[2])});
  buffer<std::uint8_t> flags(points.get().rows);
  const fitted_mesh<double, exec::serial> fitted({}, mesh);
  fitted.inside({}, points.get(), flags.get());
  index_t count = 0, wrong = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    count += flags.data()[i];
    wrong += (mask[i] > 0.5) != (flags.data()[i] == 1) ? 1 : 0;
  }
  REQUIRE(wrong == 0);
  REQUIRE(count == static_cast<index_t>(g.number("count")));
  buffer<std::uint8_t> too_few(3);
  REQUIRE_THROWS_AS(fitted.inside({}, points.get(), too_few.get()), error);
}
