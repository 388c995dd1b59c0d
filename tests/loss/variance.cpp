// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The variance loss: the component suite, values of an independent implementation, and the reference.
#include "diffam/loss/variance.hpp"

#include "support/component_suite.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

const std::vector<vertebra_pair> neighbours{{0, 1}, {1, 2}};

/// Spectral coefficients [M, K, 3] as rows of [M, K + 4], with the affine rows set to `other`.
template <class T>
buffer<T> with_affine_rows(const std::vector<double>& u, index_t vertebrae, double other) {
  const index_t modes = static_cast<index_t>(u.size()) / (3 * vertebrae);
  buffer<T> x(vertebrae * (modes + 4), 3);
  for (index_t m = 0; m < vertebrae; ++m)
    for (index_t r = 0; r < modes + 4; ++r)
      for (index_t k = 0; k < 3; ++k)
        x.get()(m * (modes + 4) + r, k) =
            static_cast<T>(r < modes ? u[static_cast<std::size_t>((m * modes + r) * 3 + k)] : other);
  return x;
}

template <class T>
void compare_with_golden() {
  if (!test::golden::present("spine")) return;
  const test::golden g("spine");
  const auto x = with_affine_rows<T>(g.numbers("U"), 3, 0.7);
  const variance_loss<T, exec::serial> c(g.numbers("lam"), 3, neighbours);
  planned p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  CHECK(static_cast<double>(p.output[0]) == Approx(g.number("L_V")).epsilon(test::tolerance<T>::golden));
  p.d_output[0] = 1;
  buffer<T> d_x(x.get().rows, 3);
  c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  const auto expected = with_affine_rows<double>(g.numbers("grad_U_LV"), 3, 0);
  CHECK(test::relative_difference(d_x.get(), expected.get()) < test::tolerance<T>::golden);
}

std::vector<double> eigenvalues(int modes) {
  std::vector<double> lambda;
  for (int k = 0; k < modes; ++k) lambda.push_back(0.1 * k * k);
  return lambda;
}

}  // namespace

TEST_CASE("the variance loss is a component", "[loss]") {
  const int modes = 150;
  const index_t rows = 4 * (modes + 4);
  const auto reference = check::detail::random_vector(rows * 3, 6, 0);
  for (bool with_reference : {false, true}) {
    DYNAMIC_SECTION((with_reference ? "with reference and weights" : "without")) {
      test::component_suite(
          [&](auto e) {
            const view<const double> r{reference.data(), rows, 3};
            return variance_loss<double, decltype(e)>(
                eigenvalues(modes), 4, {{0, 1}, {1, 2}, {3, 0}}, with_reference ? r : view<const double>{},
                with_reference ? std::vector<double>{10, 1, 0.5} : std::vector<double>{});
          },
          check::detail::random_vector(rows * 3, 5, 0), {rows, 3});
    }
  }
}

TEST_CASE("the variance loss agrees with the independent implementation", "[loss][golden]") {
  SECTION("double") {
    compare_with_golden<double>();
  }
  SECTION("float") {
    compare_with_golden<float>();
  }
}

TEST_CASE("the variance loss vanishes at its reference and for one vertebra", "[loss]") {
  const index_t rows = 2 * (3 + 4);
  const auto u = check::detail::random_vector(rows * 3, 5, 0);
  const view<const double> x{u.data(), rows, 3};
  const auto value = [&](const variance_loss<double, exec::serial>& c) {
    planned p(c, x.extent());
    p.output[0] = 7;  // forward must overwrite this
    c.forward({}, x, p.output, p.workspace);
    return p.output[0];
  };
  CHECK(value({eigenvalues(3), 2, {{0, 1}}}) > 0);
  CHECK(value({eigenvalues(3), 2, {{0, 1}}, x}) == 0);
  CHECK(value({eigenvalues(3), 2, {}}) == 0);
  CHECK(value({eigenvalues(3), 2, {{0, 1}}, {}, {4}}) == Approx(4 * value({eigenvalues(3), 2, {{0, 1}}})));
  CHECK(value({eigenvalues(3), 2, {{0, 1}}, {}, {0}}) == 0);
}

TEST_CASE("the variance loss refuses wrong shapes and bad pairs", "[loss]") {
  const variance_loss<float, exec::serial> c(eigenvalues(3), 2, {{0, 1}});
  test::require_shape_error(c, {13, 3});
  REQUIRE_THROWS_WITH((variance_loss<float, exec::serial>(eigenvalues(3), 2, {{1, 2}})),
                      "variance_loss: expected pairs of vertebrae in [0, 2), got (1, 2)");
  REQUIRE_THROWS_WITH((variance_loss<float, exec::serial>(eigenvalues(3), 2, {{0, 1}}, {}, {1, 2})),
                      "variance_loss: expected no weights or one of 0 or more for each of 1 pairs, got 2");
  REQUIRE_THROWS_AS((variance_loss<float, exec::serial>(eigenvalues(3), 2, {{0, 1}}, {}, {-1})), error);
  const std::vector<double> short_reference(3);
  REQUIRE_THROWS_AS((variance_loss<float, exec::serial>(eigenvalues(3), 2, {{0, 1}},
                                                        view<const double>{short_reference.data(), 1, 3})),
                    error);
}
