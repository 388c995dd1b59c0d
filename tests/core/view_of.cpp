// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Views of containers, and of containers whose pointers are classes, as Thrust's are.
#include "diffam/core/view_of.hpp"

#include <array>
#include <span>
#include <vector>

#include "support/catch.hpp"

using namespace diffam;

namespace {

/// The parts of thrust::device_ptr and thrust::device_vector that matter here, on the host.
template <class T>
class device_ptr {
 public:
  explicit device_ptr(T* p) : p_(p) {}
  T* get() const { return p_; }

 private:
  T* p_;
};
template <class T>
class device_vector {
 public:
  explicit device_vector(std::vector<T> v) : v_(std::move(v)) {}
  device_ptr<T> data() { return device_ptr<T>(v_.data()); }
  device_ptr<const T> data() const { return device_ptr<const T>(v_.data()); }
  std::size_t size() const { return v_.size(); }

 private:
  std::vector<T> v_;
};

}  // namespace

TEST_CASE("a view of a container has its elements, in rows", "[core]") {
  std::vector<float> x{1, 2, 3, 4, 5, 6};
  const auto v = view_of(x, 3);
  static_assert(std::is_same_v<decltype(v), const view<float>>);
  REQUIRE(v.extent() == extent{2, 3});
  v(1, 0) = 40;
  REQUIRE(x[3] == 40);
  const std::vector<float>& constant = x;
  static_assert(std::is_same_v<decltype(view_of(constant)), view<const float>>);
  REQUIRE(view_of(constant).extent() == extent{6, 1});
  std::array<int, 4> four{};
  REQUIRE(view_of(four, 2).data == four.data());
  std::span<const float> part(x.data(), 3);
  REQUIRE(view_of(part).rows == 3);
  REQUIRE_THROWS_WITH(view_of(x, 4), "view_of: expected a number of elements that is a multiple of 4, got 6");
  REQUIRE_THROWS_AS(view_of(x, 0), error);
}

TEST_CASE("containers and pointers of Thrust's kind bind to views", "[core]") {
  device_vector<double> x({1, 2, 3, 4});
  const device_vector<double>& constant = x;
  static_assert(std::is_same_v<decltype(view_of(x, 2)), view<double>>);
  static_assert(std::is_same_v<decltype(view_of(constant, 2)), view<const double>>);
  REQUIRE(view_of(x, 2)(1, 1) == 4);
  REQUIRE(view_of(x.data(), 1, 3).extent() == extent{1, 3});
  REQUIRE(view_of(x.data().get(), 1, 3).extent() == extent{1, 3});
}
