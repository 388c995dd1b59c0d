// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A loss from a pair of functors: the component suite, a value worked out by hand, shapes.
#include "diffam/loss/mean.hpp"

#include <cmath>

#include "support/component_suite.hpp"

using namespace diffam;

namespace {

/// w_i log cosh(x_0 - x_1): a smooth |r| of two columns.
struct soft_difference {
  DIFFAM_HOST_DEVICE double operator()(index_t i, const double* x) const {
    return weight(i) * std::log(std::cosh(x[0] - x[1]));
  }
  DIFFAM_HOST_DEVICE static double weight(index_t i) { return 1 + 0.25 * static_cast<double>(i % 4); }
};
struct soft_difference_derivative {
  DIFFAM_HOST_DEVICE double operator()(index_t i, const double* x, index_t k) const {
    const double d = soft_difference::weight(i) * std::tanh(x[0] - x[1]);
    return k == 0 ? d : k == 1 ? -d : 0;
  }
};

}  // namespace

TEST_CASE("a loss from a pair of functors is a component", "[loss]") {
  const auto make = [](auto e) {
    return make_mean_loss<double, decltype(e)>(soft_difference{}, soft_difference_derivative{});
  };
  test::component_suite(make, check::detail::random_vector(3 * 600, 8, 0), {600, 3});
}

#if !defined(__CUDACC__)
TEST_CASE("a loss from two lambdas is the mean over the rows", "[loss]") {
  using E = exec::threads;
  const E e(2);
  const std::vector<double> target{1, 2, 3, 4}, x{2, 2, 2, 2};
  const view<const double> t{target.data(), 4}, at{x.data(), 4};
  const auto loss = make_mean_loss<double, E>(
      [t](index_t i, const double* row) { return (row[0] - t[i]) * (row[0] - t[i]); },
      [t](index_t i, const double* row, index_t) { return 2 * (row[0] - t[i]); });
  planned p(loss, {4, 1});
  loss.forward(e, at, p.output, p.workspace);
  REQUIRE(p.output[0] == 1.5);  // (1 + 0 + 1 + 4) / 4
  p.d_output[0] = 2;
  std::vector<double> d(4, 1.0);  // backward adds
  loss.backward(e, at, p.d_output, {d.data(), 4}, p.workspace);
  REQUIRE(d == std::vector<double>{2, 1, 0, -1});
  test::require_shape_error(loss, {0, 1});
}
#endif
