// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A minimization as an object. The constructor plans all memory. `step` is one iteration and allocates
// nothing. The state can be saved and restored; a restored run continues with the same bits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/core/clock.hpp"
#include "diffam/exec/branches.hpp"
#include "diffam/optim/per_block.hpp"

namespace diffam {

namespace detail {
/// 1 if element i is infinite or NaN.
template <class T>
struct not_finite_term {
  view<const T> x;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x[i] - x[i] == T(0) ? T(0) : T(1); }
};
/// The square of element i.
template <class T>
struct square_term {
  view<const T> x;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x[i] * x[i]; }
};
}  // namespace detail

/// Minimizes a loss over all parameters of a model.
template <component Model,        // a source (input 0 x 0) whose output is one loss, 1 x 1
          optim::optimizer Rule>  // update rule, or optim::per_block of several
class solver {
  static_assert(std::is_same_v<typename Model::scalar, typename Rule::scalar>,
                "diffam::solver: the model and the update rule need the same scalar type");
  static_assert(std::is_same_v<typename Model::exec, typename Rule::exec>,
                "diffam::solver: the model and the update rule need the same execution policy");

 public:
  using scalar = typename Model::scalar;
  using exec = typename Model::exec;
  using memory = typename exec::memory;
  using clock_type = iteration_clock<exec>;

  /// Keeps references to the model and the clock, which must outlive the solver. From now on only the solver
  /// may change the clock. Throws `error` if the model's output is not 1 x 1 or if it has no parameters.
  solver(Model& model, Rule rule, const exec& e, clock_type& clock)
      : model_(model),
        rules_(optim::for_all_blocks(std::move(rule))),
        exec_(e),
        clock_(clock),
        memory_(checked(model), extent{}),
        now_(clock.get()) {
    visit_parameters(model_, [&](auto block) { blocks_.push_back(block); });
    require(!blocks_.empty(), "solver: expected a model with parameters, got none");
    for (const auto& b : blocks_) extents_.push_back(b.value.extent());
    arena measuring;
    (void)rules_.plan(measuring, extents_);
    state_memory_ = buffer<std::byte, memory>(measuring.used());
    arena handing_out(state_memory_.data(), state_memory_.size());
    state_ = rules_.plan(handing_out, extents_);
    exec_.fill(memory_.d_output, scalar(1));
    index_t largest = 0;
    for (const extent& x : extents_) largest = std::max(largest, x.size());
    scratch_ = buffer<scalar, memory>(exec::reduce_scratch(largest));
    counts_ = buffer<scalar, memory>(static_cast<index_t>(blocks_.size()));
  }

  solver(const solver&) = delete;
  solver& operator=(const solver&) = delete;

  /// One iteration: sets all gradients to zero, runs forward and backward, updates every block, advances the
  /// clock.
  void step() {
    launch();
    count();
  }

  /// The two halves of `step`: `launch` does the work, `count` counts the iteration on the host. A replay
  /// (solve/replay.cuh) records `launch` once and calls `count` after each replay.
  void launch() {
    evaluate();
    if constexpr (searches)
      rules_.step(exec_, blocks(), view<const scalar>(memory_.output), state_);
    else
      rules_.step(exec_, blocks(), state_, clock_.state());
    clock_.advance(exec_);
  }
  void count() { ++now_.iteration; }

  /// Computes loss and gradients at the current parameters, without a step.
  void evaluate() {
    for (auto& b : blocks_) exec_.fill(b.gradient, scalar(0));
    model_.forward(exec_, view<const scalar>{}, memory_.output, memory_.workspace);
    model_.backward(exec_, view<const scalar>{}, memory_.d_output, view<scalar>{}, memory_.workspace);
    diffam::exec::finish(exec_);
  }

  /// The clock at the next iteration. Does not synchronise: the solver keeps a copy of the policy's clock.
  clock_state clock() const { return now_; }
  std::uint64_t iteration() const { return now_.iteration; }
  bool done() const { return now_.iteration >= now_.total; }
  /// Loss of the last `step` or `evaluate`. Synchronises.
  double loss() const {
    scalar value;
    memory::copy_to_host(&value, memory_.output.data, sizeof value);
    return static_cast<double>(value);
  }
  /// Whether all parameters are finite. Synchronises.
  bool parameters_finite() {
    return sum_over_blocks([](const auto& b) { return detail::not_finite_term<scalar>{b.value}; }) == 0;
  }
  /// The point whose loss the run has reached: that of the last `step`, or for a rule with a line search the
  /// last one that it accepted. `gradient_norm` is computed where `with_norm`. Synchronises.
  optim::reached_point reached(bool with_norm) {
    if constexpr (searches) {
      return rules_.reached(state_);
    } else {
      const double norm = with_norm ? std::sqrt(sum_over_blocks([](const auto& b) {
        return detail::square_term<scalar>{b.gradient};
      }))
                                    : NAN;
      return {loss(), norm, true, false};
    }
  }
  /// Ends a run: after a rule with a line search, the parameters are those of the point reached.
  void finish() {
    if constexpr (searches)
      if (now_.iteration > 0) rules_.put_reached(exec_, blocks(), state_);
  }
  /// The loss in the policy's memory, 1 x 1.
  view<const scalar> output() const { return memory_.output; }
  Model& model() { return model_; }
  const typename Model::workspace& workspace() const { return memory_.workspace; }
  std::span<const parameter_block<scalar>> blocks() const { return blocks_; }
  index_t planned_bytes() const { return memory_.bytes + state_memory_.size(); }

  /// The state that a continued run needs: clock, extents of the parameter blocks, parameters, state of the
  /// rules. Synchronises.
  std::vector<std::byte> save() const {
    std::vector<std::byte> out(sizeof now_ + extent_bytes());
    std::memcpy(out.data(), &now_, sizeof now_);
    std::memcpy(out.data() + sizeof now_, extents_.data(), extent_bytes());
    for (const auto& b : blocks_) append_device(out, b.value.data, bytes_of(b.value));
    append_device(out, state_memory_.data(), state_memory_.bytes());
    return out;
  }

  /// Continues from a saved state. Throws `error` (bad_data), and changes nothing, if the state has another
  /// size than this solver's, parameter blocks of other extents, or an iteration beyond its total.
  void restore(std::span<const std::byte> saved) {
    std::size_t expected = sizeof(clock_state) + extent_bytes() + state_memory_.bytes();
    for (const auto& b : blocks_) expected += bytes_of(b.value);
    if (saved.size() != expected)
      throw error("solver: expected a saved state of " + std::to_string(expected) + " bytes, got " +
                      std::to_string(saved.size()),
                  error_kind::bad_data);
    clock_state c;
    std::memcpy(&c, saved.data(), sizeof c);
    if (c.iteration > c.total)
      throw error("solver: expected a saved clock of at most " + std::to_string(c.total) +
                      " iterations, got iteration " + std::to_string(c.iteration),
                  error_kind::bad_data);
    require(std::memcmp(saved.data() + sizeof c, extents_.data(), extent_bytes()) == 0,
            "solver: expected saved parameters with the shapes of this model, got other shapes",
            error_kind::bad_data);
    clock_.set(c);
    now_ = c;
    std::size_t at = sizeof c + extent_bytes();
    for (const auto& b : blocks_) {
      memory::copy_from_host(b.value.data, saved.data() + at, bytes_of(b.value));
      at += bytes_of(b.value);
    }
    memory::copy_from_host(state_memory_.data(), saved.data() + at, state_memory_.bytes());
  }

 private:
  using rules_type = decltype(optim::for_all_blocks(std::declval<Rule>()));
  static constexpr bool searches = optim::vector_rule<rules_type>;

  static Model& checked(Model& model) {
    extent out;
    try {
      out = model.output_extent(extent{});
    } catch (const error& e) {
      throw error(std::string("solver: expected a model that begins with its unknowns (coefficients, "
                              "spectral_shape) and has no other input; its first part says: ") +
                  e.what());
    }
    require_extent("solver", "a loss", {1, 1}, out);
    return model;
  }
  /// The sum of all terms of all blocks; `term(block)` makes the terms of one.
  template <class Term>
  double sum_over_blocks(Term&& term) {
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      exec_.reduce(blocks_[b].value.size(), term(blocks_[b]), counts_.data() + b, scratch_.get());
    double sum = 0;
    for (index_t b = 0; b < counts_.size(); ++b) {
      scalar one;
      memory::copy_to_host(&one, counts_.data() + b, sizeof one);
      sum += static_cast<double>(one);
    }
    return sum;
  }
  std::size_t extent_bytes() const { return extents_.size() * sizeof(extent); }
  static std::size_t bytes_of(view<scalar> v) { return static_cast<std::size_t>(v.size()) * sizeof(scalar); }
  static void append_device(std::vector<std::byte>& out, const void* from, std::size_t n) {
    const std::size_t at = out.size();
    out.resize(at + n);
    memory::copy_to_host(out.data() + at, from, n);
  }

  Model& model_;
  rules_type rules_;
  exec exec_;
  clock_type& clock_;
  planned<Model> memory_;
  clock_state now_;  // host copy of the clock in the policy's memory
  std::vector<parameter_block<scalar>> blocks_;
  std::vector<extent> extents_;  // of the blocks
  typename rules_type::state state_;
  buffer<std::byte, memory> state_memory_;
  buffer<scalar, memory> scratch_, counts_;  // of sums over blocks
};

}  // namespace diffam
