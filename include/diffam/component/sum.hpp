// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Weighted sums: `sum(weighted(w1, a), weighted(w2, b), ...)` gives every part the same input x and computes
// w1 a(x) + w2 b(x) + ... All outputs have the same extent (losses: 1 x 1). The parts' gradients add up
// because every `backward` accumulates.
#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "diffam/component/component.hpp"
#include "diffam/exec/branches.hpp"

namespace diffam {

/// A component and its weight in a sum. A part of weight 0 is neither run nor differentiated.
template <component C>
struct weighted_part {
  using scalar = typename C::scalar;
  scalar weight;
  C part;
};

/// Makes a part of a `sum`.
template <component C>
weighted_part<C> weighted(std::type_identity_t<typename C::scalar> weight, C part) {
  return {weight, std::move(part)};
}

/// y = sum of weight_k value_k. Values of parts with weight 0 are not read.
template <class T, std::size_t Count>
struct weighted_sum_kernel {
  T weight[Count];
  view<const T> value[Count];
  view<T> y;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    T sum = 0;
    for (std::size_t k = 0; k < Count; ++k)
      if (weight[k] != T(0)) sum += weight[k] * value[k][i];
    y[i] = sum;
  }
};

/// Pullback of the weighted sum: d_value_k = weight_k d_y.
template <class T, std::size_t Count>
struct weighted_pullback_kernel {
  T weight[Count];
  view<const T> d_y;
  view<T> d_value[Count];
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    for (std::size_t k = 0; k < Count; ++k) d_value[k][i] = weight[k] * d_y[i];
  }
};

/// d_x += the gradients of all parts, in order. Empty ones are left out.
template <class T, std::size_t Count>
struct add_gradients_kernel {
  view<const T> own[Count];
  view<T> d_x;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    T sum = d_x[i];
    for (std::size_t k = 0; k < Count; ++k)
      if (!own[k].empty()) sum += own[k][i];
    d_x[i] = sum;
  }
};

/// The component that `sum` makes.
template <component First,    // decides scalar type and policy
          component... Rest>  // same scalar type and policy
class sum_of {
 public:
  using scalar = typename First::scalar;
  using exec = typename First::exec;
  static constexpr std::size_t count = 1 + sizeof...(Rest);
  static_assert((std::is_same_v<scalar, typename Rest::scalar> && ...),
                "diffam::sum: all parts need the same scalar type");
  static_assert((std::is_same_v<exec, typename Rest::exec> && ...),
                "diffam::sum: all parts need the same execution policy");

  struct workspace {
    std::tuple<typename First::workspace, typename Rest::workspace...> parts;
    std::array<view<scalar>, count> value;    // output of each part, without the weight
    std::array<view<scalar>, count> d_value;  // its gradient
    std::array<view<scalar>, count> d_x;      // with branches: gradient of each part but the first
  };

  explicit sum_of(weighted_part<First>&& first, weighted_part<Rest>&&... rest)
      : parts_(std::move(first), std::move(rest)...) {}

  template <std::size_t I>
  auto& part() {
    return std::get<I>(parts_).part;
  }
  template <std::size_t I>
  const auto& part() const {
    return std::get<I>(parts_).part;
  }
  template <std::size_t I>
  scalar weight() const {
    return std::get<I>(parts_).weight;
  }

  extent output_extent(extent in) const {
    const extent out = std::get<0>(parts_).part.output_extent(in);
    std::apply(
        [&](const auto&... p) {
          (require_extent("sum", "a part's output", out, p.part.output_extent(in)), ...);
        },
        parts_);
    return out;
  }

  workspace plan(arena& a, extent in) const { return plan_parts(a, in, std::make_index_sequence<count>{}); }

  void forward(const exec& e, view<const scalar> x, view<scalar> y, workspace& w) const {
    run_parts(e, [&]<std::size_t I>(const exec& own) {
      std::get<I>(parts_).part.forward(own, x, w.value[I], std::get<I>(w.parts));
    });
    weighted_sum_kernel<scalar, count> all{{}, {}, y};
    for_each_part([&]<std::size_t I>() {
      all.weight[I] = weight<I>();
      all.value[I] = w.value[I];
    });
    e.for_each_index(y.size(), all);
  }

  void backward(const exec& e, view<const scalar> x, view<const scalar> d_y, view<scalar> d_x,
                workspace& w) const {
    weighted_pullback_kernel<scalar, count> all{{}, d_y, {}};
    for_each_part([&]<std::size_t I>() { all.weight[I] = weight<I>(); });
    std::copy(w.d_value.begin(), w.d_value.end(), all.d_value);
    e.for_each_index(d_y.size(), all);
    add_gradients_kernel<scalar, count> add{{}, d_x};
    const bool apart = diffam::exec::has_branches<exec> && !d_x.empty();
    run_parts(e, [&]<std::size_t I>(const exec& own) {
      view<scalar> d_own = d_x;
      if (apart && I > 0) {
        d_own = w.d_x[I];
        own.fill(d_own, scalar(0));
        add.own[I] = d_own;
      }
      std::get<I>(parts_).part.backward(own, x, w.d_value[I], d_own, std::get<I>(w.parts));
    });
    if (apart) e.for_each_index(d_x.size(), add);
  }

  template <class F>
  void visit_parameters(F&& f) {
    std::apply([&](auto&... p) { (diffam::visit_parameters(p.part, f), ...); }, parts_);
  }

 private:
  /// Calls f<I>() for every part whose weight is not 0.
  template <class F>
  void for_each_part(F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((weight<I>() != scalar(0) ? f.template operator()<I>() : void()), ...);
    }
    (std::make_index_sequence<count>{});
  }

  /// Calls f<I>(policy) for the same parts, in branches of the policy.
  template <class F>
  void run_parts(const exec& e, F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      diffam::exec::side_by_side(e, [&](const exec& own) {
        if (weight<I>() != scalar(0)) f.template operator()<I>(own);
      }...);
    }
    (std::make_index_sequence<count>{});
  }

  template <std::size_t... I>
  workspace plan_parts(arena& a, extent in, std::index_sequence<I...>) const {
    const extent out = output_extent(in);
    workspace w;
    ((std::get<I>(w.parts) = std::get<I>(parts_).part.plan(a, in)), ...);
    for (auto& v : w.value) v = a.take<scalar>(out.rows, out.cols);
    for (auto& v : w.d_value) v = a.take<scalar>(out.rows, out.cols);
    if (diffam::exec::has_branches<exec>)
      for (std::size_t k = 1; k < count; ++k) w.d_x[k] = a.take<scalar>(in.rows, in.cols);
    return w;
  }

  std::tuple<weighted_part<First>, weighted_part<Rest>...> parts_;
};

/// The weighted sum of components as one component.
template <component... C>
sum_of<C...> sum(weighted_part<C>... parts) {
  return sum_of<C...>(std::move(parts)...);
}

}  // namespace diffam
