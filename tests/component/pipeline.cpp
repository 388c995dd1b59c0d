// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Chains and sums of small components with known derivatives pass the component suite.
#include "diffam/component/pipeline.hpp"

#include "diffam/component/sum.hpp"
#include "support/add_scaled.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

template <class T>
struct quadratic_value {
  view<const T> x;
  view<T> y;
  view<const T> a;
  T b;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { y[i] = a[0] * x[i] + b * x[i] * x[i]; }
};

template <class T>
struct quadratic_pullback {
  view<const T> x, d_y;
  view<T> d_x;
  view<const T> a;
  T b;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { d_x[i] += d_y[i] * (a[0] + 2 * b * x[i]); }
};

template <class T>
struct quadratic_product {
  view<const T> x, d_y;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x[i] * d_y[i]; }
};

/// y = a x + b x^2 element by element; `a` is a parameter.
template <real T, exec::policy Exec>
class quadratic {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {
    view<T> sum, scratch;
  };

  quadratic(T a, T b) : a_(1), d_a_(1), b_(b) {
    a_.upload(&a);
    gradient_ = d_a_.get();
  }

  extent output_extent(extent in) const {
    require_cols("quadratic", "input", 2, in);
    return in;
  }
  workspace plan(arena& a, extent in) const {
    return {a.take<T>(1), a.take<T>(Exec::reduce_scratch(in.size()))};
  }
  parameter_block<T> parameters() { return {a_.get(), gradient_}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    e.for_each_index(x.size(), quadratic_value<T>{x, y, a_.get(), b_});
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    if (!d_x.empty()) e.for_each_index(x.size(), quadratic_pullback<T>{x, d_y, d_x, a_.get(), b_});
    e.reduce(x.size(), quadratic_product<T>{x, d_y}, w.sum.data, w.scratch);
    e.for_each_index(1, test::add_scaled_kernel<T>{T(1), w.sum, gradient_});
  }

 private:
  buffer<T, typename Exec::memory> a_, d_a_;
  view<T> gradient_;
  T b_;
};

std::vector<double> input() {
  return check::detail::random_vector(2 * 700, 3, 0);
}

}  // namespace

TEST_CASE("a chain of components is a component", "[component]") {
  test::component_suite(
      [](auto e) {
        using Q = quadratic<double, decltype(e)>;
        return pipeline(Q(0.5, 0.3), Q(1.5, -0.2), Q(0.7, 0.1));
      },
      input(), {700, 2});
}

TEST_CASE("a weighted sum of components is a component", "[component]") {
  test::component_suite(
      [](auto e) {
        using Q = quadratic<double, decltype(e)>;
        return sum(weighted(0.25, Q(0.5, 0.3)), weighted(2, pipeline(Q(1.5, -0.2), Q(0.1, 0.9))));
      },
      input(), {700, 2});
}

TEST_CASE("a part of weight 0 is neither run nor differentiated", "[component]") {
  using Q = quadratic<double, exec::serial>;
  auto both = sum(weighted(1, Q(0.5, 0.3)), weighted(0, Q(3, 4)));
  auto alone = sum(weighted(1, Q(0.5, 0.3)));
  auto expected = test::run_once(std::move(alone), {}, input(), {700, 2});
  expected.push_back(0);  // the gradient of the second part's parameter
  REQUIRE(test::run_once(std::move(both), {}, input(), {700, 2}) == expected);
}

TEST_CASE("wrong shapes are refused in set-up", "[component]") {
  test::require_shape_error(pipeline(quadratic<double, exec::serial>(1, 1)), {5, 3});
}
