// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One rule per parameter block: rule k serves block k, in the order of `visit_parameters`. The last rule also
// serves all further blocks.
//
//     auto optimizer = optim::per_block(optim::vector_adam<float, exec>(), optim::adam<float, exec>());
#pragma once

#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "diffam/exec/branches.hpp"
#include "diffam/optim/rule.hpp"

namespace diffam::optim {

/// Several rules as one optimizer.
template <rule First,    // decides scalar type and policy
          rule... Rest>  // same scalar type and policy
class per_block {
 public:
  using scalar = typename First::scalar;
  using exec = typename First::exec;
  static constexpr std::size_t rule_count = 1 + sizeof...(Rest);
  static_assert((std::is_same_v<scalar, typename Rest::scalar> && ...),
                "diffam::optim::per_block: all rules need the same scalar type");
  static_assert((std::is_same_v<exec, typename Rest::exec> && ...),
                "diffam::optim::per_block: all rules need the same execution policy");

  /// For each rule, the states of the blocks that it serves, in order.
  struct state {
    std::tuple<std::vector<typename First::state>, std::vector<typename Rest::state>...> of_rule;
  };

  explicit per_block(First first, Rest... rest) : rules_(std::move(first), std::move(rest)...) {}

  template <std::size_t I>
  const auto& get() const {
    return std::get<I>(rules_);
  }

  /// Takes the state for all blocks. Throws `error` if there are fewer blocks than rules.
  state plan(arena& a, std::span<const extent> blocks) const {
    if (blocks.size() < rule_count)
      throw error("per_block: expected at least " + std::to_string(rule_count) +
                  " parameter blocks, one a rule, got " + std::to_string(blocks.size()));
    state s;
    for (std::size_t k = 0; k < blocks.size(); ++k)
      with_rule(k, [&]<std::size_t I>() {
        std::get<I>(s.of_rule).push_back(std::get<I>(rules_).plan(a, blocks[k]));
      });
    return s;
  }

  /// One step of block k.
  void step(const exec& e, std::size_t k, parameter_block<scalar> block, state& s,
            const clock_state* clock) const {
    with_rule(k, [&]<std::size_t I>() {
      std::get<I>(rules_).step(e, block, std::get<I>(s.of_rule)[k - I], clock);
    });
  }

  /// One step of all blocks.
  void step(const exec& e, std::span<const parameter_block<scalar>> blocks, state& s,
            const clock_state* clock) const {
    diffam::exec::each_side_by_side(e, static_cast<int>(blocks.size()), [&](int number, const exec& own) {
      const auto k = static_cast<std::size_t>(number);
      step(own, k, blocks[k], s, clock);
    });
  }

 private:
  /// Calls f<I>(), where rule I serves block k.
  template <class F>
  static void with_rule(std::size_t k, F&& f) {
    const std::size_t chosen = k < rule_count ? k : rule_count - 1;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((I == chosen ? f.template operator()<I>() : void()), ...);
    }
    (std::make_index_sequence<rule_count>{});
  }

  std::tuple<First, Rest...> rules_;
};

namespace detail {
template <class R>
inline constexpr bool is_per_block = false;
template <class... R>
inline constexpr bool is_per_block<per_block<R...>> = true;
}  // namespace detail

/// An optimizer for a solver: a single rule, a `per_block`, or a rule for all blocks at once.
template <class R>
concept optimizer = rule<R> || detail::is_per_block<R> || vector_rule<R>;

/// The form in which a solver keeps an optimizer: a single rule becomes a `per_block` that serves all blocks.
template <optimizer R>
auto for_all_blocks(R r) {
  if constexpr (rule<R>)
    return per_block<R>(std::move(r));
  else
    return r;
}

}  // namespace diffam::optim
