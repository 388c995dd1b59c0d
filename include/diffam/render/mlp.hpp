// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The appearance function f_theta (Kim & Park 2024, section 2.1), from signed distance to intensity, as a
// small network: Gaussian Fourier features of d, then hidden layers of linear -> ReLU -> layer normalisation,
// then a linear output. With several inputs and outputs it is a function of other data: of two distances, or
// of a point.
//
//     diffam::mlp<float, diffam::exec::threads> renderer({.width = 64});               // N x 1 -> N x 1
//     diffam::mlp<float, diffam::exec::threads> field({.inputs = 3, .outputs = 2});  // N x 3 -> N x 2
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <span>
#include <string>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/core/random.hpp"
#include "diffam/render/appearance_curve.hpp"
#include "diffam/render/mlp/dense.hpp"
#include "diffam/render/mlp/shard_run.hpp"
#include "diffam/render/mlp/tile_run.hpp"

namespace diffam {

/// Parameters of the network.
struct mlp_params {
  index_t inputs = 1;         // C: the first C columns of the input
  index_t outputs = 1;        // columns of the output
  index_t frequencies = 32;   // number of Fourier frequencies; each gives two features
  index_t width = 64;         // units of each hidden layer
  index_t hidden_layers = 2;  // at least 1
  double fourier_sigma = 10;  // standard deviation of the frequencies, per unit of distance
  output_kind output = output_kind::identity;
  std::uint64_t seed = 1;  // for the frequencies and the initial weights
};

/// Component: distances (N x C or more columns) -> intensities (N x outputs). The constructor throws
/// `diffam::error` if a size is less than 1. One input and one output take a faster way: points of similar
/// distance share their first layer.
template <real T,             // scalar type
          exec::policy Exec>  // execution policy
class mlp {
 public:
  using scalar = T;
  using exec = Exec;
  using params = mlp_params;

  struct workspace {
    detail::mlp_shards<T> shards;  // only one of the three is used
    detail::mlp_tiles<T> tiles;
    detail::mlp_dense<T> dense;
  };

  mlp() : mlp(params{}) {}
  template <std::same_as<params> P = params>  // a template, so that mlp({}) is not ambiguous
  explicit mlp(P p) : p_(p), layout_{p.frequencies, p.width, p.hidden_layers, p.outputs} {
    const auto at_least_one = [](const char* what, index_t got) {
      if (got < 1) throw error(std::string("mlp: expected ") + what + " >= 1, got " + std::to_string(got));
    };
    at_least_one("frequencies", p.frequencies);
    at_least_one("width", p.width);
    at_least_one("hidden_layers", p.hidden_layers);
    at_least_one("inputs", p.inputs);
    at_least_one("outputs", p.outputs);
    allocate();
    set_parameters(initial_parameters());
    set_frequencies(initial_frequencies());
  }

  const params& get_params() const { return p_; }
  /// The position of each weight in the parameter block.
  const mlp_layout<T>& layout() const { return layout_; }

  /// All parameters in one flat block; see `layout()`.
  parameter_block<T> parameters() { return {value_.get(), gradient_}; }

  /// Replaces the Fourier frequencies B (frequencies x inputs), which are not trained. Throws `diffam::error`
  /// if their number is wrong.
  void set_frequencies(std::span<const T> b) {
    replace(frequencies_, b, "frequencies");
    bandwidth_ = 0;
    for (const T f : b) bandwidth_ = std::max(bandwidth_, std::abs(f));
  }
  /// Replaces all parameters. Throws `diffam::error` if their number is wrong.
  void set_parameters(std::span<const T> flat) { replace(value_, flat, "parameters"); }

  /// N x C -> N x outputs; further columns of the input are not read.
  extent output_extent(extent in) const {
    if (in.cols < p_.inputs)
      throw error("mlp: expected input of n x " + std::to_string(p_.inputs) + " or more columns, got " +
                  to_string(in));
    return {in.rows, p_.outputs};
  }

  workspace plan(arena& a, extent in) const {
    if (!of_distance()) {
      workspace w;
      w.dense.layout = layout_;
      w.dense.output = p_.output;
      w.dense.frequencies = frequencies_.get();
      w.dense.plan(a, in.rows);
      return w;
    }
    if constexpr (diffam::exec::has_blocks<Exec>) {
      auto tiles = detail::mlp_tiles_for<T, Exec>(layout_, p_.output, frequencies_.get());
      if (tiles.used) {
        tiles.plan(a, output_extent(in).rows);
        return {{}, tiles, {}};
      }
    }
    workspace w;
    w.shards.layout = {layout_, layout_.side()};
    w.shards.output = p_.output;
    w.shards.template plan<Exec>(a, output_extent(in).rows);
    return w;
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    if (!of_distance()) return detail::run_mlp_dense(e, w.dense, view<const T>(value_.get()), x, y);
    if constexpr (diffam::exec::has_blocks<Exec>)
      if (w.tiles.used) return detail::run_mlp_tiles(e, w.tiles, value_.get(), x, y);
    if (x.rows > 0) detail::run_mlp_shards(e, bound(w), value_.get(), x, y);
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    if (!of_distance())
      return detail::pull_mlp_dense(e, w.dense, view<const T>(value_.get()), d_y, d_x, gradient_);
    if constexpr (diffam::exec::has_blocks<Exec>)
      if (w.tiles.used) return detail::pull_mlp_tiles(e, w.tiles, value_.get(), x, d_y, d_x, gradient_);
    if (x.rows > 0) detail::pull_mlp_shards(e, bound(w), value_.get(), x, d_y, d_x, gradient_);
  }

 private:
  using memory = typename Exec::memory;

  /// Whether this is a function of one number, an intensity of a distance.
  bool of_distance() const { return p_.inputs == 1 && p_.outputs == 1; }

  /// The shards with the current frequencies.
  const detail::mlp_shards<T>& bound(workspace& w) const {
    w.shards.frequencies = frequencies_.get();
    w.shards.bandwidth = bandwidth_;
    return w.shards;
  }

  void allocate() {
    const index_t n = layout_.size();
    value_ = buffer<T, memory>(n);
    gradient_buffer_ = buffer<T, memory>(n);
    gradient_ = gradient_buffer_.get();
    frequencies_ = buffer<T, memory>(p_.frequencies, p_.inputs);
  }

  /// Weights and biases uniform in +-1 / sqrt(inputs), gain 1, shift 0: the defaults of PyTorch.
  std::vector<T> initial_parameters() const {
    std::vector<T> flat(static_cast<std::size_t>(layout_.size()), T(0));
    for (index_t l = 0; l <= layout_.hidden_layers; ++l) {
      const double bound = 1 / std::sqrt(static_cast<double>(layout_.inputs(l)));
      const index_t end = layout_.bias(l) + layout_.outputs(l);
      for (index_t i = layout_.weight(l); i < end; ++i) {
        const auto word = random_words(p_.seed, random_stream::weights, 0, static_cast<std::uint64_t>(i))[0];
        flat[static_cast<std::size_t>(i)] = static_cast<T>(bound * (2 * unit_interval<double>(word) - 1));
      }
      if (l == layout_.hidden_layers) break;
      for (index_t i = layout_.gain(l); i < layout_.shift(l); ++i) flat[static_cast<std::size_t>(i)] = T(1);
    }
    return flat;
  }

  std::vector<T> initial_frequencies() const {
    std::vector<T> b(static_cast<std::size_t>(p_.frequencies * p_.inputs));
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto words = random_words(p_.seed, random_stream::fourier, 0, i);
      const auto normal = box_muller(unit_interval<double>(words[0]), unit_interval<double>(words[1]));
      b[i] = static_cast<T>(p_.fourier_sigma * normal[0]);
    }
    return b;
  }

  static void replace(buffer<T, memory>& to, std::span<const T> from, const char* what) {
    if (static_cast<index_t>(from.size()) != to.size())
      throw error("mlp: expected " + std::to_string(to.size()) + " " + what + ", got " +
                  std::to_string(from.size()));
    to.upload(from.data());
  }

  params p_;
  mlp_layout<T> layout_;
  buffer<T, memory> value_, gradient_buffer_, frequencies_;
  view<T> gradient_;  // the view of gradient_buffer_
  T bandwidth_ = 0;   // greatest frequency
};

}  // namespace diffam
