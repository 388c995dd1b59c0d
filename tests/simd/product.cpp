// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The block product against its definition: any shape, from zeros, from a row, accumulating, transposed.
#include "diffam/simd/product.hpp"

#include <vector>

#include "diffam/check/gradient.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

template <class T>
std::vector<T> numbers(index_t count, std::uint64_t seed) {
  const auto x = check::detail::random_vector(count, seed, 0);
  return {x.begin(), x.end()};
}

enum class start_kind { zeros, row, itself };

template <class T>
double largest_difference(index_t rows, index_t cols, index_t depth, bool transposed, start_kind kind) {
  const auto a = numbers<T>(rows * depth, 1), b = numbers<T>(depth * cols, 2), start = numbers<T>(cols, 3);
  std::vector<T> c = numbers<T>(rows * cols, 4);
  const std::vector<T> before = c;
  const index_t a_row = transposed ? 1 : depth, a_depth = transposed ? rows : 1;
  detail::product_target<T> to{nullptr, 0, c.data(), cols};
  if (kind == start_kind::row) to.start = start.data();
  if (kind == start_kind::itself) to.start = c.data(), to.start_row = cols;
  detail::product<>(detail::product_factors<T>{a.data(), a_row, a_depth, b.data(), cols, depth}, to, rows,
                    cols);
  double worst = 0;
  for (index_t i = 0; i < rows; ++i)
    for (index_t j = 0; j < cols; ++j) {
      const auto at = static_cast<std::size_t>(i * cols + j);
      double expected = kind == start_kind::zeros ? 0
                        : kind == start_kind::row ? static_cast<double>(start[static_cast<std::size_t>(j)])
                                                  : static_cast<double>(before[at]);
      for (index_t k = 0; k < depth; ++k)
        expected += static_cast<double>(a[static_cast<std::size_t>(i * a_row + k * a_depth)]) *
                    static_cast<double>(b[static_cast<std::size_t>(k * cols + j)]);
      worst = std::max(worst, std::abs(expected - static_cast<double>(c[at])));
    }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("the block product agrees with its definition", "[core]", float, double) {
  double worst = 0;
  for (index_t rows = 1; rows <= 14; ++rows)
    for (index_t cols : {1, 3, 8, 15, 16, 31, 48})
      for (bool transposed : {false, true})
        for (auto kind : {start_kind::zeros, start_kind::row, start_kind::itself})
          worst = std::max(worst, largest_difference<TestType>(rows, cols, rows + 2, transposed, kind));
  CHECK(worst < 20 * test::tolerance<TestType>::formula);
}
