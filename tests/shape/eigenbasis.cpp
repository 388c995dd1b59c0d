// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The eigenbasis: its defining equations, known eigenvalues of spheres, golden values.
#include "diffam/shape/eigenbasis/compute.hpp"

#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace diffam::detail {  // instantiated in a library of the build
extern template eigen_pairs<double> dense_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index);
extern template eigen_pairs<double> sparse_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index, int);
}  // namespace diffam::detail

namespace {

using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const row_major> matrix(const buffer<double>& b) {
  return {b.data(), b.get().rows, b.get().cols};
}
Eigen::Map<const Eigen::VectorXd> vector(const std::vector<double>& v) {
  return {v.data(), static_cast<Eigen::Index>(v.size())};
}

/// Checks S Phi = M Phi Lambda, Phi^T M Phi = I, ascending eigenvalues from 0, and the signs.
void require_eigenbasis(const eigenbasis& b, const triangle_mesh<double>& mesh) {
  const auto phi = matrix(b.phi);
  const auto mass = vector(b.mass), lambda = vector(b.lambda);
  const Eigen::SparseMatrix<double> s = cotangent_stiffness(mesh);
  const Eigen::MatrixXd residual = s * phi - mass.asDiagonal() * Eigen::MatrixXd(phi) * lambda.asDiagonal();
  REQUIRE(residual.cwiseAbs().maxCoeff() < 1e-9 * s.diagonal().maxCoeff() * phi.cwiseAbs().maxCoeff());
  const Eigen::MatrixXd gram = phi.transpose() * mass.asDiagonal() * phi;
  REQUIRE((gram - Eigen::MatrixXd::Identity(b.modes(), b.modes())).cwiseAbs().maxCoeff() < 1e-9);
  REQUIRE(b.lambda[0] == 0);
  REQUIRE(std::is_sorted(b.lambda.begin(), b.lambda.end()));
  if (b.modes() > 1) REQUIRE(b.lambda[1] > 0);
  for (Eigen::Index k = 0; k < b.modes(); ++k)
    REQUIRE(phi.col(k).maxCoeff() >= -phi.col(k).minCoeff() * (1 - 1e-8));
}

triangle_mesh<double> golden_torus() {
  const test::golden g("mesh");
  triangle_mesh<double> mesh;
  const auto vertices = g.matrix("V");
  for (index_t v = 0; v < vertices.get().rows; ++v) mesh.vertices.push_back(load3(vertices.get(), v));
  mesh.faces = g.faces("F");
  return mesh;
}

}  // namespace

TEST_CASE("the basis satisfies its defining equations, with both solvers", "[shape]") {
  const auto mesh = make_torus(1, 0.4, 40, 18);  // 720 vertices
  for (mass_kind mass : {mass_kind::none, mass_kind::lumped})
    for (index_t modes : {index_t{1}, index_t{2}, index_t{40}, index_t{300}}) {
      INFO(modes << " modes");
      require_eigenbasis(compute_eigenbasis(mesh, {.modes = modes, .mass = mass}), mesh);
    }
}

TEST_CASE("a small mesh gives all its modes", "[shape]") {
  const auto mesh = make_icosphere(1);
  for (index_t modes : {41, 42})
    for (mass_kind mass : {mass_kind::none, mass_kind::lumped})
      require_eigenbasis(compute_eigenbasis(mesh, {.modes = modes, .mass = mass}), mesh);
}

TEST_CASE("the sparse and the dense solver find the same eigenvalues and spans", "[shape]") {
  const auto mesh = make_torus(1, 0.4, 40, 18);
  const Eigen::SparseMatrix<double> s = cotangent_stiffness(mesh);
  auto sparse = detail::sparse_eigen_pairs(s, 60);
  auto dense = detail::dense_eigen_pairs(s, 61);
  REQUIRE((sparse.values - dense.values.head(60)).cwiseAbs().maxCoeff() < 1e-10);
  Eigen::Index whole = 60;  // eigenvalues come in pairs: compare the span up to a gap
  while (dense.values[whole] - dense.values[whole - 1] < 1e-3 * dense.values[whole]) --whole;
  REQUIRE(whole > 50);
  const Eigen::MatrixXd a = sparse.vectors.leftCols(whole), b = dense.vectors.leftCols(whole);
  REQUIRE((a * a.transpose() - b * b.transpose()).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("no copy of a multiple eigenvalue is missing", "[shape]") {
  // An icosphere has eigenvalues of multiplicity up to 5. Plain Lanczos misses some of them.
  for (index_t modes : {20, 36, 49, 100}) {
    const Eigen::SparseMatrix<double> s = cotangent_stiffness(make_icosphere(3));
    const auto sparse = detail::sparse_eigen_pairs(s, modes);
    const auto dense = detail::dense_eigen_pairs(s, modes);
    REQUIRE((sparse.values - dense.values).cwiseAbs().maxCoeff() < 1e-10);
    const Eigen::MatrixXd gram = sparse.vectors.transpose() * sparse.vectors;
    REQUIRE((gram - Eigen::MatrixXd::Identity(modes, modes)).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("the eigenvalues of a sphere converge to l (l + 1) / r^2", "[shape]") {
  const double radius = 2;
  double previous = 0;
  for (int level = 2; level <= 4; ++level) {
    const auto b =
        compute_eigenbasis(make_icosphere(level, radius), {.modes = 36, .mass = mass_kind::lumped});
    double worst = 0;
    std::size_t k = 0;
    for (int l = 0; l <= 5; ++l)
      for (int m = -l; m <= l; ++m, ++k)
        worst = std::max(worst, std::abs(b.lambda[k] * radius * radius - l * (l + 1)));
    if (level > 2) REQUIRE(previous / worst > 3.5);  // second order in the edge length
    previous = worst;
  }
  REQUIRE(previous < 0.4);  // of 30
}

TEST_CASE("two runs give the same bits", "[shape]") {
  const auto mesh = make_icosphere(3);
  const auto a = compute_eigenbasis(mesh, {.modes = 50}), b = compute_eigenbasis(mesh, {.modes = 50});
  REQUIRE(a.lambda == b.lambda);
  REQUIRE(std::equal(a.phi.data(), a.phi.data() + a.phi.size(), b.phi.data()));
}

TEST_CASE("parts of the spectrum are complete, with the same bits on any number of threads", "[shape]") {
  const auto mesh = make_icosphere(4);  // 2,562 vertices, eigenvalues of high multiplicity
  const auto a = compute_eigenbasis(mesh, {.modes = 160}),
             b = compute_eigenbasis(mesh, {.modes = 160, .threads = 4});
  require_eigenbasis(a, mesh);
  REQUIRE(a.lambda == b.lambda);
  REQUIRE(std::equal(a.phi.data(), a.phi.data() + a.phi.size(), b.phi.data()));
  const auto parts = detail::cut_spectrum(cotangent_stiffness(mesh), 160, 4);
  REQUIRE(parts.size() > 1);
  Eigen::Index count = 0;
  for (const auto& p : parts) {
    const auto inside =
        std::count_if(a.lambda.begin(), a.lambda.end(), [&](double x) { return x >= p.low && x < p.high; });
    if (&p != &parts.back()) REQUIRE(inside == p.count);
    count += p.count;
  }
  REQUIRE(count >= 160);
}

TEST_CASE("meshes without a basis are refused with the reason", "[shape]") {
  const auto mesh = make_icosphere(1);
  REQUIRE_THROWS_WITH(compute_eigenbasis(mesh, {.modes = 43}),
                      "compute_eigenbasis: expected modes in [1, 42] (the number of vertices), got 43");
  REQUIRE_THROWS_AS(compute_eigenbasis(mesh, {.modes = 0}), error);
  triangle_mesh<double> two = mesh;
  for (const auto& v : mesh.vertices) two.vertices.push_back(v + vec3<double>{5, 0, 0});
  two.faces = stack_copies(mesh.faces, 42, 2).faces;
  REQUIRE_THROWS_WITH(compute_eigenbasis(two, {.modes = 10}),
                      "compute_eigenbasis: expected a connected mesh, got 2 components and 0 vertices "
                      "without a face");
  triangle_mesh<double> loose = mesh;
  loose.vertices.push_back({});
  REQUIRE_THROWS_WITH(compute_eigenbasis(loose, {.modes = 10}),
                      "compute_eigenbasis: expected a connected mesh, got 1 components and 1 vertices "
                      "without a face");
  triangle_mesh<double> bad = mesh;
  bad.vertices[3][1] = std::nan("");
  REQUIRE_THROWS_AS(compute_eigenbasis(bad, {.modes = 10}), error);
}

TEST_CASE("eigenvalues and spans of the reference torus agree with the golden values", "[shape][golden]") {
  if (!test::golden::present("mesh") || !test::golden::present("laplacian")) return;
  const test::golden g("laplacian");
  const auto lambda = g.numbers("lam");
  const auto phi = g.matrix("Phi");
  const auto b = compute_eigenbasis(golden_torus(), {.modes = 100});
  for (std::size_t k = 0; k < 100; ++k)
    REQUIRE(std::abs(b.lambda[k] - lambda[k]) < test::tolerance<double>::golden * lambda.back());
  int compared = 0;
  for (Eigen::Index k = 1; k < 100; ++k) {  // compares spans that end at a gap
    const auto at = static_cast<std::size_t>(k);
    if (lambda[at] - lambda[at - 1] < 1e-3 * lambda[at]) continue;
    const Eigen::MatrixXd ours = matrix(b.phi).leftCols(k), theirs = matrix(phi).leftCols(k);
    REQUIRE((ours * ours.transpose() - theirs * theirs.transpose()).cwiseAbs().maxCoeff() <
            test::tolerance<double>::golden);
    ++compared;
  }
  REQUIRE(compared > 50);
}
