// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The overlap loss: the sum of column 1, and a gradient in this column only.
#include "diffam/loss/overlap.hpp"

#include "support/component_suite.hpp"

using namespace diffam;

TEST_CASE("the overlap loss is a component", "[loss]") {
  test::component_suite([](auto e) { return overlap_loss<double, decltype(e)>(); },
                        check::detail::random_vector(700 * 2, 5, 0), {700, 2});
}

TEST_CASE("the overlap loss adds up column 1", "[loss]") {
  const std::vector<float> rows{5, 1, 6, 2, 7, 4};
  const view<const float> x{rows.data(), 3, 2};
  const overlap_loss<float, exec::serial> c;
  planned p(c, x.extent());
  c.forward({}, x, p.output, p.workspace);
  CHECK(p.output[0] == 7);
  p.d_output[0] = 3;
  buffer<float> d(3, 2);
  c.backward({}, x, p.d_output, d.get(), p.workspace);
  CHECK(std::vector<float>(d.get().begin(), d.get().end()) == std::vector<float>{0, 3, 0, 3, 0, 3});
  test::require_shape_error(c, {3, 1});
}
