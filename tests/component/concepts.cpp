// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The component concept: it accepts a correct component and refuses components that break one promise each.
#include "diffam/component/component.hpp"

#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/add_scaled.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

/// The smallest component: the output is the input.
template <real T, exec::policy Exec>
struct identity {
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  extent output_extent(extent in) const { return in; }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const { e.copy(x, y); }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T> d_x, workspace&) const {
    if (!d_x.empty()) e.for_each_index(d_x.size(), test::add_scaled_kernel<T>{T(1), d_y, d_x});
  }
};

using good = identity<double, exec::serial>;

struct no_scalar : good {
 private:
  using good::scalar;
};
struct integer_scalar : good {
  using scalar = int;
};
struct no_workspace : good {
 private:
  using good::workspace;
};
struct extent_is_not_const : good {
  extent output_extent(extent in) { return in; }
};
struct extent_is_a_number : good {
  index_t output_extent(extent in) const { return in.rows; }
};
struct plan_returns_nothing : good {
  void plan(arena&, extent) const {}
};
struct forward_is_not_const : good {
  void forward(const exec&, view<const double>, view<double>, workspace&) {}
};
struct forward_wants_to_write_its_input : good {
  void forward(const exec&, view<double>, view<double>, workspace&) const {}
};
struct forward_returns_a_value : good {
  double forward(const exec&, view<const double>, view<double>, workspace&) const { return 0; }
};
struct backward_lacks_the_input : good {
  void backward(const exec&, view<const double>, view<double>, workspace&) const {}
};
struct no_backward : good {
 private:
  using good::backward;
};

struct with_parameters : good {
  buffer<double> value{2}, gradient{2};
  parameter_block<double> parameters() { return {value.get(), gradient.get()}; }
};
struct with_wrong_parameters : good {
  view<double> parameters() { return {}; }
};

static_assert(component<good> && component<identity<float, exec::threads>>);
static_assert(!component<int> && !component<no_scalar> && !component<integer_scalar>);
static_assert(!component<no_workspace> && !component<extent_is_not_const> && !component<extent_is_a_number>);
static_assert(!component<plan_returns_nothing> && !component<forward_is_not_const>);
static_assert(!component<forward_wants_to_write_its_input> && !component<forward_returns_a_value>);
static_assert(!component<backward_lacks_the_input> && !component<no_backward>);
static_assert(!has_parameters<good> && has_parameters<with_parameters>);
static_assert(!has_parameters<with_wrong_parameters>);
static_assert(component<chain<good, with_parameters>> && component<sum_of<good, with_parameters>>);
static_assert(has_parameter_visitor<chain<good, good>> && !has_parameter_visitor<good>);

template <class C>
std::vector<index_t> block_sizes(C&& c) {
  std::vector<index_t> sizes;
  visit_parameters(c, [&](auto block) { sizes.push_back(block.value.size()); });
  return sizes;
}

}  // namespace

TEST_CASE("parameters of nested composites are visited in order", "[component]") {
  with_parameters three;
  three.value = buffer<double>(3);
  three.gradient = buffer<double>(3);
  REQUIRE(block_sizes(good{}).empty());
  REQUIRE(block_sizes(pipeline(good{}, good{})).empty());
  REQUIRE(block_sizes(pipeline(with_parameters{}, good{}, std::move(three),
                               sum(weighted(1, with_parameters{}), weighted(0, with_parameters{})))) ==
          std::vector<index_t>{2, 3, 2, 2});
}

TEST_CASE("a pipeline of one component is that component, longer ones nest", "[component]") {
  static_assert(std::is_same_v<decltype(pipeline(good{})), good>);
  static_assert(std::is_same_v<decltype(pipeline(good{}, good{}, good{})), chain<good, chain<good, good>>>);
  SUCCEED();
}

TEST_CASE("planned memory is used completely and survives a move", "[component]") {
  const auto c = pipeline(good{}, good{}, good{});
  planned<decltype(c)> p(c, {5, 3});
  REQUIRE(p.bytes == p.used);
  REQUIRE(p.bytes == 6 * 128);  // two intermediate values, the output and their gradients: 15 doubles each
  const auto moved = std::move(p);
  const exec::serial e;
  buffer<double> x(5, 3), d_x(5, 3);
  for (index_t i = 0; i < 15; ++i) x.data()[i] = static_cast<double>(i);
  auto w = moved.workspace;
  c.forward(e, x.get(), moved.output, w);
  e.copy(view<const double>(x.get()), moved.d_output);
  c.backward(e, x.get(), moved.d_output, d_x.get(), w);
  for (index_t i = 0; i < 15; ++i) {
    REQUIRE(moved.output[i] == static_cast<double>(i));
    REQUIRE(d_x.data()[i] == static_cast<double>(i));
  }
}

TEST_CASE("a sum refuses parts whose outputs differ in extent", "[component]") {
  struct column : good {
    extent output_extent(extent in) const { return {in.rows, 1}; }
  };
  const auto s = sum(weighted(1, good{}), weighted(1, column{}));
  REQUIRE_THROWS_WITH(s.output_extent({4, 3}), "sum: expected a part's output of 4 x 3, got 4 x 1");
}
