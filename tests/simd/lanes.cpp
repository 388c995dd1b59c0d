// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Lanes do what each of their numbers would do alone.
#include "diffam/simd/math.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "support/catch.hpp"

using namespace diffam;

namespace {

template <class L, class T>
void require_lanes(const L& got, const T (&expected)[L::count]) {
  T x[L::count];
  got.store(x);
  for (int l = 0; l < L::count; ++l) REQUIRE(x[l] == expected[l]);
}

template <class T, int Count>
void check_operations() {
  using L = lanes<T, Count>;
  T a[Count], b[Count], e[Count];
  for (int l = 0; l < Count; ++l) a[l] = static_cast<T>(l * l + 1), b[l] = static_cast<T>(5 - 3 * l);
  const L x = L::load(a), y = L::load(b);
  const auto each = [&](auto f) -> const T(&)[Count] {
    for (int l = 0; l < Count; ++l) e[l] = f(a[l], b[l]);
    return e;
  };
  require_lanes(x + y, each([](T p, T q) { return p + q; }));
  require_lanes(x - y, each([](T p, T q) { return p - q; }));
  require_lanes(x * y, each([](T p, T q) { return p * q; }));
  require_lanes(x / y, each([](T p, T q) { return p / q; }));
  require_lanes(-y, each([](T, T q) { return -q; }));
  require_lanes(fabs(y), each([](T, T q) { return q < 0 ? -q : q; }));
  require_lanes(sqrt(x), each([](T p, T) { return std::sqrt(p); }));
  require_lanes(trunc(y / L(2)), each([](T, T q) { return std::trunc(q / 2); }));
  require_lanes(select(x <= y, x, y), each([](T p, T q) { return p <= q ? p : q; }));
  require_lanes(select(x >= y, x, y), each([](T p, T q) { return p >= q ? p : q; }));
  require_lanes(select(x < y, x, y), each([](T p, T q) { return p < q ? p : q; }));
  require_lanes(select(both(x > y, y > L(-4)), x, y), each([](T p, T q) { return p > q && q > -4 ? p : q; }));
  require_lanes(least(x, y), each([](T p, T q) { return p < q ? p : q; }));
  require_lanes(most(x, y), each([](T p, T q) { return p > q ? p : q; }));
  require_lanes(most(least(y, L(2)), L(0)), each([](T, T q) { return q < 0 ? T(0) : q < 2 ? q : T(2); }));
  L z = x;
  z.add_product(T(2), y);
  require_lanes(z, each([](T p, T q) { return p + 2 * q; }));
  z = x;
  z.add_product(x, y);
  require_lanes(z, each([](T p, T q) { return p + p * q; }));
  z = x;
  z += y, z *= y, z -= x;
  require_lanes(z, each([](T p, T q) { return (p + q) * q - p; }));
  T sum = 0;
  for (int l = 0; l < Count; ++l) sum += a[l];
  REQUIRE(x.sum() == sum);  // small whole numbers: exact in any order
}

/// What a ternary gives of zeros of both signs and of what is not a number, bit by bit.
template <class T, int Count>
void check_extremes() {
  using L = lanes<T, Count>;
  const T odd[] = {T(0), -T(0), std::numeric_limits<T>::quiet_NaN(), T(1)};
  for (const T p : odd)
    for (const T q : odd) {
      T low[Count], high[Count];
      least(L(p), L(q)).store(low), most(L(p), L(q)).store(high);
      const T lower = p < q ? p : q, higher = p > q ? p : q;
      for (int l = 0; l < Count; ++l) {
        REQUIRE(std::memcmp(&low[l], &lower, sizeof lower) == 0);
        REQUIRE(std::memcmp(&high[l], &higher, sizeof higher) == 0);
      }
    }
}

}  // namespace

TEMPLATE_TEST_CASE("the least and the most of lanes are a ternary's", "[core]", float, double) {
  check_extremes<TestType, lanes_in_line<TestType>>();
  check_extremes<TestType, 4>();
  check_extremes<TestType, 2>();
  check_extremes<TestType, 1>();
}

TEMPLATE_TEST_CASE("lanes of any count agree with single numbers", "[core]", float, double) {
  check_operations<TestType, lanes_in_line<TestType>>();
  check_operations<TestType, 8>();
  check_operations<TestType, 4>();
  check_operations<TestType, 2>();
  check_operations<TestType, 1>();
  STATIC_REQUIRE(sizeof(lanes<TestType>) == 64);
}

TEST_CASE("the exponential function in lanes is the library's to 2e-7", "[core]") {
  using L = lanes<float, 8>;
  for (float first = -87; first < 87; first += 0.37f) {
    float x[8];
    for (int l = 0; l < 8; ++l) x[l] = first + 0.04f * static_cast<float>(l);
    float got[8], one;
    exp(L::load(x)).store(got);
    for (int l = 0; l < 8; ++l) {
      REQUIRE(std::abs(got[l] / std::exp(static_cast<double>(x[l])) - 1) < 2e-7);
      exp(lanes<float, 1>(x[l])).store(&one);
      REQUIRE(std::abs(one / got[l] - 1) < 2e-7f);
    }
  }
  float far[8];
  exp(L(-1000)).store(far);
  REQUIRE(far[0] > 0);
  REQUIRE(far[0] < 1e-37f);
}

TEST_CASE("the logarithm in lanes is the library's to 2e-7", "[core]") {
  using L = lanes<float, 8>;
  for (float first = 1e-8f; first < 1e4f; first *= 1.013f) {
    float x[8], got[8], one;
    for (int l = 0; l < 8; ++l) x[l] = first * (1 + 0.0015f * static_cast<float>(l));
    log(L::load(x)).store(got);
    for (int l = 0; l < 8; ++l) {
      const double want = std::log(static_cast<double>(x[l]));
      REQUIRE(std::abs(got[l] - want) < 2e-7 * std::max(1.0, std::abs(want)));
      log(lanes<float, 1>(x[l])).store(&one);
      REQUIRE(std::abs(one - want) < 2e-7 * std::max(1.0, std::abs(want)));
    }
  }
}

TEST_CASE("sine and cosine in lanes are the library's to 2e-7 in every quarter of a turn", "[core]") {
  using L = lanes<float, 8>;
  for (float first = -30; first < 30; first += 0.0731f) {
    float x[8], s[8], c[8], one;
    for (int l = 0; l < 8; ++l) x[l] = first + 0.009f * static_cast<float>(l);
    sin(L::load(x)).store(s);
    cos(L::load(x)).store(c);
    for (int l = 0; l < 8; ++l) {
      REQUIRE(std::abs(s[l] - std::sin(static_cast<double>(x[l]))) < 2e-7);
      REQUIRE(std::abs(c[l] - std::cos(static_cast<double>(x[l]))) < 2e-7);
      sin(lanes<float, 1>(x[l])).store(&one);
      REQUIRE(std::abs(one - s[l]) < 2e-7f);
    }
  }
}
