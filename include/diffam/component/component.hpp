// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The component concept. A type that satisfies `component` can be part of a pipeline, be minimized and be
// checked. It has no base class. examples/03_own_component.cpp is a component in 30 lines.
//
// Rules that the signatures do not show:
// - Set-up (constructors, output_extent, plan) may allocate and throw. forward and backward do neither.
// - forward writes to the workspace all that backward needs. backward may run several times after one
//   forward.
// - backward ADDS to d_x and to the component's own parameter gradients. An empty view means "not wanted".
#pragma once

#include <concepts>

#include "diffam/core/arena.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam {

/// The types of a component: scalar, execution policy, workspace.
template <class C>
concept names_its_types = requires {
  typename C::scalar;
  typename C::exec;
  typename C::workspace;
}
&&real<typename C::scalar>;

/// `output_extent` maps the extent of the input to that of the output, and throws on a wrong input. `plan`
/// takes the workspace.
template <class C>
concept has_shape_contract = requires(const C& c, extent in, arena& a) {
  { c.output_extent(in) } -> std::same_as<extent>;
  { c.plan(a, in) } -> std::same_as<typename C::workspace>;
};

/// y = component(x).
template <class C>
concept has_forward = requires(const C& c, const typename C::exec& e, view<const typename C::scalar> x,
                               view<typename C::scalar> y, typename C::workspace& w) {
  { c.forward(e, x, y, w) } -> std::same_as<void>;
};

/// d_x += pullback of d_y, by the chain rule.
template <class C>
concept has_backward = requires(const C& c, const typename C::exec& e, view<const typename C::scalar> x,
                                view<const typename C::scalar> d_y, view<typename C::scalar> d_x,
                                typename C::workspace& w) {
  { c.backward(e, x, d_y, d_x, w) } -> std::same_as<void>;
};

/// A component.
template <class C>
concept component = names_its_types<C> && has_shape_contract<C> && has_forward<C> && has_backward<C>;

/// A block of parameters (rows x cols) and its gradient.
template <class T>
struct parameter_block {
  view<T> value;
  view<T> gradient;  // same extent
};

/// A component with parameters. They are one flat block: a step is one launch and saving is one copy.
template <class C>
concept has_parameters = requires(C& c) {
  { c.parameters() } -> std::same_as<parameter_block<typename C::scalar>>;
};

/// A composite component. It calls `f(parameter_block)` for the blocks of all its parts, in a fixed order.
template <class C>
concept has_parameter_visitor = requires(C& c) {
  c.visit_parameters([](auto&&) {});
};

/// Calls f for every parameter block of a component or composite.
template <class C, class F>
void visit_parameters(C& c, F&& f) {
  if constexpr (has_parameter_visitor<C>)
    c.visit_parameters(f);
  else if constexpr (has_parameters<C>)
    f(c.parameters());
}

/// Memory to run a component on an input of extent `in`: workspace, output and gradient of the output.
template <component C>
struct planned {
  using scalar = typename C::scalar;
  using memory = typename C::exec::memory;

  planned(const C& c, extent in) {
    const auto plan_all = [&](arena& a) {
      workspace = c.plan(a, in);
      const extent out = c.output_extent(in);
      output = a.take<scalar>(out.rows, out.cols);
      d_output = a.take<scalar>(out.rows, out.cols);
    };
    arena measuring;
    plan_all(measuring);
    bytes = measuring.used();
    block = buffer<std::byte, memory>(bytes > 0 ? bytes : 1);
    arena memory_arena(block.data(), bytes);
    plan_all(memory_arena);
    used = memory_arena.used();
  }

  buffer<std::byte, memory> block;
  typename C::workspace workspace{};
  view<scalar> output;
  view<scalar> d_output;
  index_t bytes = 0;  // measured by the first pass of `plan`
  index_t used = 0;   // taken by the second pass; differs if `plan` is not repeatable
};

}  // namespace diffam
