// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Vectors and 3 x 3 matrices: identities of linear algebra, and derivatives.
#include "diffam/core/vec.hpp"

#include "diffam/core/random.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

template <class T>
vec3<T> random_vec(std::uint64_t number) {
  const auto w = random_words(11, random_stream::test, 0, number);
  return {2 * unit_interval<T>(w[0]) - 1, 2 * unit_interval<T>(w[1]) - 1, 2 * unit_interval<T>(w[2]) - 1};
}

template <class T>
mat3<T> random_mat(std::uint64_t number) {
  return {{random_vec<T>(3 * number), random_vec<T>(3 * number + 1), random_vec<T>(3 * number + 2)}};
}

template <class T>
T largest(const mat3<T>& a) {
  T m = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) m = std::max(m, std::abs(a(i, j)));
  return m;
}

template <class T>
mat3<T> minus(const mat3<T>& a, const mat3<T>& b) {
  return {{a.row[0] - b.row[0], a.row[1] - b.row[1], a.row[2] - b.row[2]}};
}

}  // namespace

TEST_CASE("vector arithmetic gives results computed by hand", "[core][vec]") {
  constexpr vec3<double> a{1, 2, 3}, b{-4, 0.5, 2};
  static_assert(a + b == vec3<double>{-3, 2.5, 5});
  static_assert(a - b == vec3<double>{5, 1.5, 1});
  static_assert(2.0 * a == vec3<double>{2, 4, 6} && a * 2.0 == 2.0 * a);
  static_assert(-a == vec3<double>{-1, -2, -3});
  static_assert(dot(a, b) == 3);
  static_assert(cross(a, b) == vec3<double>{2.5, -14, 8.5});
  static_assert(squared_norm(a) == 14);
  static_assert(!(a == b));
  REQUIRE(norm(vec<double, 2>{3, 4}) == 5);
  vec<int, 4> c{1, 2, 3, 4};
  c += vec<int, 4>{1, 1, 1, 1};
  c *= 2;
  c -= vec<int, 4>{4, 4, 4, 4};
  REQUIRE(c == vec<int, 4>{0, 2, 4, 6});
}

TEMPLATE_TEST_CASE("the cross product is orthogonal and satisfies Lagrange's identity", "[core][vec]", float,
                   double) {
  using T = TestType;
  const auto tolerance = Approx(0).margin(4 * test::tolerance<T>::formula);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto a = random_vec<T>(2 * i), b = random_vec<T>(2 * i + 1);
    const auto c = cross(a, b);
    REQUIRE(dot(a, c) == tolerance);
    REQUIRE(dot(b, c) == tolerance);
    REQUIRE(squared_norm(c) - (squared_norm(a) * squared_norm(b) - dot(a, b) * dot(a, b)) == tolerance);
  }
}

TEST_CASE("normalized gives a unit vector, and zero for zero", "[core][vec]") {
  REQUIRE(norm(normalized(vec3<double>{0, -3, 4}) - vec3<double>{0, -0.6, 0.8}) <
          test::tolerance<double>::formula);
  REQUIRE(normalized(vec3<float>{}) == vec3<float>{});
  REQUIRE(normalized_pullback(vec3<double>{}, vec3<double>{1, 2, 3}) == vec3<double>{});
}

TEST_CASE("a vector is finite if all its components are finite", "[core][vec]") {
  REQUIRE(is_finite(vec3<double>{1, -2, 1e300}));
  for (int k = 0; k < 3; ++k)
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
      vec3<double> v{1, 2, 3};
      v[k] = bad;
      REQUIRE_FALSE(is_finite(v));
    }
}

TEST_CASE("the pullback of normalized agrees with finite differences", "[core][vec]") {
  const double h = 1e-5;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto a = random_vec<double>(2 * i), d_n = random_vec<double>(2 * i + 1);
    const auto d_a = normalized_pullback(a, d_n);
    REQUIRE(dot(d_a, a) == Approx(0).margin(1e2 * test::tolerance<double>::formula));  // orthogonal to a
    for (int k = 0; k < 3; ++k) {
      vec3<double> step{};
      step[k] = h;
      const double numeric = dot(d_n, normalized(a + step) - normalized(a - step)) / (2 * h);
      REQUIRE(std::abs(d_a[k] - numeric) <= test::tolerance<double>::gradient * std::max(1.0, norm(d_a)));
    }
  }
}

TEST_CASE("matrix arithmetic gives results computed by hand", "[core][vec]") {
  constexpr mat3<int> a{{{1, 2, 3}, {4, 5, 6}, {7, 8, 10}}};
  static_assert(a(1, 2) == 6);
  static_assert(a * vec3<int>{1, 0, -1} == vec3<int>{-2, -2, -3});
  static_assert(vec3<int>{1, 0, -1} * a == vec3<int>{-6, -6, -7});
  static_assert(transpose(a)(0, 2) == 7);
  static_assert(determinant(a) == -3);
  static_assert((a * mat3<int>::identity()).row[2] == a.row[2]);
  SUCCEED();
}

TEMPLATE_TEST_CASE("products, transposes, determinants and inverses satisfy their identities", "[core][vec]",
                   float, double) {
  using T = TestType;
  for (std::uint64_t i = 0; i < 20; ++i) {
    // Diagonally dominant: the condition number stays small.
    mat3<T> a = random_mat<T>(2 * i), b = random_mat<T>(2 * i + 1);
    for (int k = 0; k < 3; ++k) a(k, k) += 3, b(k, k) += 3;
    const T tolerance = static_cast<T>(100 * test::tolerance<T>::formula);
    const auto x = random_vec<T>(100 + i);
    REQUIRE(norm((a * b) * x - a * (b * x)) < tolerance);
    REQUIRE(norm(x * a - transpose(a) * x) < tolerance);
    REQUIRE(largest(minus(transpose(a * b), transpose(b) * transpose(a))) < tolerance);
    REQUIRE(largest(minus(a * inverse(a), mat3<T>::identity())) < tolerance);
    REQUIRE(largest(minus(inverse(a) * a, mat3<T>::identity())) < tolerance);
    REQUIRE(std::abs(determinant(a * b) / (determinant(a) * determinant(b)) - 1) < tolerance);
  }
}
