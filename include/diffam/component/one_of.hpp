// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One of several components, chosen at run time in set-up. A program that offers a choice is then compiled
// once. The choice costs one branch per call.
//
//     using renderer = one_of<mlp<T, Exec>, table<T, Exec>>;
//     renderer f = asked_for_table ? renderer(table<T, Exec>()) : renderer(mlp<T, Exec>());
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "diffam/component/component.hpp"

namespace diffam {

namespace detail {

template <class... Types>
inline constexpr bool all_differ = true;
template <class First, class... Rest>
inline constexpr bool all_differ<First, Rest...> =
    (!std::is_same_v<First, Rest> && ...) && all_differ<Rest...>;

}  // namespace detail

/// Holds one of the components and forwards every call to it. Scalar types and policies must agree; workspace
/// types must differ.
template <component First, component... Rest>
requires(std::is_same_v<typename First::scalar, typename Rest::scalar>&&...) &&
    (std::is_same_v<typename First::exec, typename Rest::exec> && ...)  //
    class one_of {
 public:
  using scalar = typename First::scalar;
  using exec = typename First::exec;
  using workspace = std::variant<typename First::workspace, typename Rest::workspace...>;
  static_assert(detail::all_differ<typename First::workspace, typename Rest::workspace...>,
                "diffam::one_of: the components need different workspace types");

  template <class C>
  requires(std::is_same_v<C, First> || (std::is_same_v<C, Rest> || ...)) one_of(C chosen)
      : chosen_(std::move(chosen)) {}

  /// The chosen component, or null if its type is not C.
  template <class C>
  C* as() {
    return std::get_if<C>(&chosen_);
  }

  extent output_extent(extent in) const {
    return std::visit([&](const auto& c) { return c.output_extent(in); }, chosen_);
  }
  workspace plan(arena& a, extent in) const {
    return std::visit([&](const auto& c) { return workspace(c.plan(a, in)); }, chosen_);
  }
  void forward(const exec& e, view<const scalar> x, view<scalar> y, workspace& w) const {
    std::visit([&](const auto& c) { c.forward(e, x, y, of(c, w)); }, chosen_);
  }
  void backward(const exec& e, view<const scalar> x, view<const scalar> d_y, view<scalar> d_x,
                workspace& w) const {
    std::visit([&](const auto& c) { c.backward(e, x, d_y, d_x, of(c, w)); }, chosen_);
  }

  parameter_block<scalar> parameters() requires has_parameters<First> &&(has_parameters<Rest>&&...) {
    return std::visit([](auto& c) { return c.parameters(); }, chosen_);
  }

 private:
  /// The workspace that `plan` made for the chosen component.
  template <class C>
  static typename C::workspace& of(const C&, workspace& w) {
    return *std::get_if<typename C::workspace>(&w);
  }

  std::variant<First, Rest...> chosen_;
};

}  // namespace diffam
