// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The edge loss: the component suite, values of an independent implementation, and a tetrahedron computed by
// hand.
#include "diffam/loss/edge.hpp"

#include "support/component_suite.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

const std::vector<face> tetrahedron{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};

template <class T>
void compare_with_golden() {
  if (!test::golden::present("mesh") || !test::golden::present("loss_edge_normal")) return;
  const test::golden mesh("mesh"), loss("loss_edge_normal");
  const auto v = mesh.matrix<T>("V");
  const edge_loss<T, exec::serial> c(mesh.faces("F"), v.get().rows);
  planned p(c, v.get().extent());
  c.forward({}, v.get(), p.output, p.workspace);
  CHECK(static_cast<double>(p.output[0]) == Approx(loss.number("L_E")).epsilon(test::tolerance<T>::golden));
  p.d_output[0] = 1;
  buffer<T> d_v(v.get().rows, 3);
  c.backward({}, v.get(), p.d_output, d_v.get(), p.workspace);
  CHECK(test::relative_difference(d_v.get(), loss.matrix("grad_V_LE").get()) < test::tolerance<T>::golden);
}

}  // namespace

TEST_CASE("the edge loss is a component", "[loss]") {
  // A strip of triangles without the symmetry of the input: 600 vertices, several chunks.
  std::vector<face> strip;
  for (stored_index v = 0; v + 2 < 600; ++v) strip.push_back({v, v + 1, v + 2});
  // [component_suite]
  test::component_suite([&](auto e) { return edge_loss<double, decltype(e)>(strip, 600); },
                        check::detail::random_vector(600 * 3, 5, 0), {600, 3});
  // [/component_suite]
}

TEST_CASE("the edge loss agrees with the independent implementation", "[loss][golden]") {
  SECTION("double") {
    compare_with_golden<double>();
  }
  SECTION("float") {
    compare_with_golden<float>();
  }
}

TEST_CASE("the edge loss of the unit corner tetrahedron", "[loss]") {
  // Edges: three of length 1 from the origin, three of length sqrt 2: mean square (3 + 6) / 6 = 1.5.
  // Each edge has two faces and counts once. At the origin: (2 / 6) (-(1, 1, 1)).
  const std::vector<double> v{0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
  const edge_loss<double, exec::serial> c(tetrahedron, 4);
  const view<const double> x{v.data(), 4, 3};
  planned p(c, x.extent());
  c.forward({}, x, p.output, p.workspace);
  CHECK(p.output[0] == Approx(1.5).epsilon(test::tolerance<double>::formula));
  p.d_output[0] = 1;
  buffer<double> d(4, 3);
  c.backward({}, x, p.d_output, d.get(), p.workspace);
  for (int k = 0; k < 3; ++k)
    CHECK(d.get()(0, k) == Approx(-1.0 / 3).epsilon(test::tolerance<double>::formula));
}

TEST_CASE("the edge loss refuses wrong shapes, bad indices and a mesh without edges", "[loss]") {
  const edge_loss<float, exec::serial> c(tetrahedron, 4);
  test::require_shape_error(c, {5, 3});
  REQUIRE_THROWS_AS((edge_loss<float, exec::serial>(tetrahedron, 3)), error);
  REQUIRE_THROWS_AS((edge_loss<float, exec::serial>({}, 3)), error);
}
