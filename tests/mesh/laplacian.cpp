// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The Laplace-Beltrami operator: closed forms, Dirichlet energy, golden values.
#include "diffam/mesh/laplacian.hpp"

#include "diffam/mesh/check.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {
constexpr double formula = test::tolerance<double>::formula;

Eigen::VectorXd coordinate(const triangle_mesh<double>& mesh, int axis) {
  Eigen::VectorXd x(mesh.vertex_count());
  for (Eigen::Index v = 0; v < x.size(); ++v) x[v] = mesh.vertices[static_cast<std::size_t>(v)][axis];
  return x;
}
}  // namespace

TEST_CASE("a regular tetrahedron has cotangents of 1 / sqrt(3)", "[mesh]") {
  // Each edge is opposite to two angles of 60 degrees: -(1/sqrt 3 + 1/sqrt 3) / 2 off the diagonal.
  const triangle_mesh<double> mesh{{{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}},
                                   {{0, 1, 2}, {0, 3, 1}, {0, 2, 3}, {1, 3, 2}}};
  REQUIRE(check_mesh(mesh).ok());
  const Eigen::MatrixXd s = cotangent_stiffness(mesh);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      REQUIRE(s(i, j) == Approx((i == j ? 3 : -1) / std::sqrt(3.0)).epsilon(formula));
  // Four faces with edges of 2 sqrt(2): area 2 sqrt(3) each.
  for (double m : lumped_mass(mesh)) REQUIRE(m == Approx(2 * std::sqrt(3.0)).epsilon(formula));
}

TEST_CASE("the stiffness is symmetric, zero on constants, and x^T S x is the Dirichlet energy", "[mesh]") {
  const auto mesh = make_torus(1, 0.4, 30, 16);
  const Eigen::SparseMatrix<double> s = cotangent_stiffness(mesh);
  REQUIRE((s - Eigen::SparseMatrix<double>(s.transpose())).norm() < formula * s.norm());
  REQUIRE((s * Eigen::VectorXd::Ones(mesh.vertex_count())).norm() < formula * s.norm());
  // |grad x|^2 + |grad y|^2 + |grad z|^2 = 2 on each face, so the energy of the coordinates is twice the
  // area.
  double energy = 0;
  for (int k = 0; k < 3; ++k) {
    const Eigen::VectorXd x = coordinate(mesh, k);
    energy += x.dot(s * x);
  }
  const double area = check_mesh(mesh).area;
  REQUIRE(energy == Approx(2 * area).epsilon(1e-12));
  double mass = 0;
  for (double m : lumped_mass(mesh)) mass += m;
  REQUIRE(mass == Approx(area).epsilon(1e-12));
}

TEST_CASE("a face without area or with a bad index is refused", "[mesh]") {
  auto mesh = make_icosphere(1);
  mesh.faces.push_back({0, 0, 1});
  REQUIRE_THROWS_WITH(cotangent_stiffness(mesh),
                      "cotangent_stiffness: expected faces with an area, got none in face 80");
  REQUIRE_THROWS_AS(lumped_mass(mesh), error);
  mesh.faces.back() = {0, 1, 42};
  REQUIRE_THROWS_WITH(lumped_mass(mesh),
                      "lumped_mass: expected vertex indices in [0, 42), got 42 in face 80");
}

TEST_CASE("the stiffness of the reference torus agrees with the golden values", "[mesh][golden]") {
  if (!test::golden::present("mesh") || !test::golden::present("laplacian")) return;
  const test::golden g("mesh");
  triangle_mesh<double> mesh;
  const auto vertices = g.matrix("V");
  for (index_t v = 0; v < vertices.get().rows; ++v) mesh.vertices.push_back(load3(vertices.get(), v));
  mesh.faces = g.faces("F");
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> s = cotangent_stiffness(mesh);
  const auto expected = test::golden("laplacian").matrix("L");
  REQUIRE(test::relative_difference(view<const double>(s.data(), s.rows(), s.cols()), expected.get()) <
          test::tolerance<double>::golden);
}
