// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Pipelines: `pipeline(a, b, c)` computes c(b(a(x))). A pipeline of components is a component.
#pragma once

#include <tuple>
#include <utility>

#include "diffam/component/component.hpp"

namespace diffam {

namespace detail {
/// Two components as parts of a composite.
template <component First, component Second>
class two_parts {
  static_assert(std::is_same_v<typename First::scalar, typename Second::scalar>,
                "diffam: both components need the same scalar type");
  static_assert(std::is_same_v<typename First::exec, typename Second::exec>,
                "diffam: both components need the same execution policy");

 public:
  using scalar = typename First::scalar;
  using exec = typename First::exec;

  two_parts(First first, Second second) : first_(std::move(first)), second_(std::move(second)) {}

  First& first() { return first_; }
  const First& first() const { return first_; }
  Second& second() { return second_; }
  const Second& second() const { return second_; }

  template <class F>
  void visit_parameters(F&& f) {
    diffam::visit_parameters(first_, f);
    diffam::visit_parameters(second_, f);
  }

 private:
  First first_;
  Second second_;
};

/// Nests components to the right: two(a, two(b, c)). One component is itself. They are constrained one by
/// one, so that the compiler says what a component lacks.
template <class Two, component A>
A nested(const Two&, A a) {
  return a;
}
template <class Two, component A, class... Rest>
auto nested(const Two& two, A a, Rest... rest) {
  return two(std::move(a), nested(two, std::move(rest)...));
}
}  // namespace detail

/// Second(First(x)). Longer pipelines nest to the right.
template <component First,   // runs first
          component Second>  // reads First's output
class chain : public detail::two_parts<First, Second> {
  using parts = detail::two_parts<First, Second>;

 public:
  using parts::first;
  using parts::second;
  using scalar = typename parts::scalar;
  using exec = typename parts::exec;

  struct workspace {
    typename First::workspace first;
    typename Second::workspace second;
    view<scalar> middle;    // First's output
    view<scalar> d_middle;  // its gradient
  };

  chain(First first, Second second) : parts(std::move(first), std::move(second)) {}

  extent output_extent(extent in) const { return second().output_extent(first().output_extent(in)); }

  workspace plan(arena& a, extent in) const {
    const extent mid = first().output_extent(in);
    workspace w{first().plan(a, in), second().plan(a, mid), {}, {}};
    w.middle = a.take<scalar>(mid.rows, mid.cols);
    w.d_middle = a.take<scalar>(mid.rows, mid.cols);
    return w;
  }

  void forward(const exec& e, view<const scalar> x, view<scalar> y, workspace& w) const {
    first().forward(e, x, w.middle, w.first);
    second().forward(e, w.middle, y, w.second);
  }

  void backward(const exec& e, view<const scalar> x, view<const scalar> d_y, view<scalar> d_x,
                workspace& w) const {
    e.fill(w.d_middle, scalar(0));
    second().backward(e, w.middle, d_y, w.d_middle, w.second);
    first().backward(e, x, w.d_middle, d_x, w.first);
  }
};

/// Composes components. The first one runs first. A pipeline of one component is the component.
template <class... Parts>
auto pipeline(Parts... parts) {
  const auto two = [](auto a, auto b) { return chain(std::move(a), std::move(b)); };
  return detail::nested(two, std::move(parts)...);
}

}  // namespace diffam
