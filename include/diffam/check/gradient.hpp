// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The public gradient checker. It compares `backward` with central finite differences of `forward` along
// random directions, for the input and for every parameter block. It also checks the other promises of a
// component: planned memory, accumulation, repeatability.
//
//     auto report = diffam::check::gradients(my_component, exec, x, extent{rows, cols});
//     if (!report.ok()) std::puts(report.message().c_str());
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "diffam/check/report.hpp"
#include "diffam/component/component.hpp"
#include "diffam/core/random.hpp"
#include "diffam/exec/branches.hpp"

namespace diffam::check {

namespace detail {

/// n random numbers in (-1, 1), the same for the same seed and `number`.
inline std::vector<double> random_vector(index_t n, std::uint64_t seed, std::uint64_t number) {
  std::vector<double> x(static_cast<std::size_t>(n));
  for (index_t i = 0; i < n; ++i)
    x[static_cast<std::size_t>(i)] =
        2 * unit_interval<double>(
                random_words(seed, random_stream::test, number, static_cast<std::uint64_t>(i))[0]) -
        1;
  return x;
}

/// Inner product.
inline double inner(const std::vector<double>& a, const std::vector<double>& b) {
  double s = 0;
  for (std::size_t i = 0; i < a.size(); ++i) s += a[i] * b[i];
  return s;
}

/// The scalar function <cotangent, component(x)> and its gradients. The interface hides the type and the
/// policy of a component, so that the checks are compiled only once.
class probe_interface {
 public:
  virtual ~probe_interface() = default;

  virtual double rounding() const = 0;     // machine epsilon of the scalar type
  virtual bool keeps_to_plan() const = 0;  // measured bytes equal used bytes
  virtual std::size_t block_count() const = 0;
  virtual bool block_extents_agree(std::size_t b) const = 0;  // extents of value and gradient

  virtual void set_input(const std::vector<double>& x) = 0;
  virtual std::vector<double> parameters(std::size_t b) const = 0;
  virtual void set_parameters(std::size_t b, const std::vector<double>& p) = 0;

  /// Runs forward without waiting for its results, as a graph does.
  virtual void launch_forward() = 0;
  virtual std::vector<double> last_output() const = 0;
  /// Runs backward. All gradients start from `initial`, to test accumulation. If `input_too` is false, the
  /// input's gradient is not wanted.
  virtual void backward(double initial, bool input_too = true) = 0;
  virtual std::vector<double> d_input() const = 0;
  virtual std::vector<double> d_parameters(std::size_t b) const = 0;

  std::vector<double> output() {
    launch_forward();
    return last_output();
  }
  double value() { return inner(cotangent_, output()); }

 protected:
  std::vector<double> cotangent_;
};

/// The interface for one type of component.
template <component C>
class probe final : public probe_interface {
 public:
  using scalar = typename C::scalar;
  using memory = typename C::exec::memory;

  probe(C& c, const typename C::exec& e, const std::vector<double>& x, extent in, std::uint64_t seed)
      : c_(c), e_(e), x_(in.rows, in.cols), d_x_(in.rows, in.cols), p_(c, in) {
    cotangent_ = random_vector(p_.output.size(), seed, 0);
    put_view(p_.d_output, cotangent_);
    set_input(x);
    diffam::visit_parameters(c_, [&](auto block) { blocks_.push_back(block); });
  }

  double rounding() const override { return static_cast<double>(std::numeric_limits<scalar>::epsilon()); }
  bool keeps_to_plan() const override { return p_.bytes == p_.used; }
  std::size_t block_count() const override { return blocks_.size(); }
  bool block_extents_agree(std::size_t b) const override {
    return blocks_[b].value.extent() == blocks_[b].gradient.extent();
  }

  void set_input(const std::vector<double>& x) override { put_view(x_.get(), x); }
  std::vector<double> parameters(std::size_t b) const override { return get_view(blocks_[b].value); }
  void set_parameters(std::size_t b, const std::vector<double>& p) override { put_view(blocks_[b].value, p); }

  void launch_forward() override {
    c_.forward(e_, x_.get(), p_.output, p_.workspace);
    diffam::exec::finish(e_);
  }
  std::vector<double> last_output() const override { return get_view(p_.output); }
  void backward(double initial, bool input_too = true) override {
    const view<scalar> d_x = input_too ? d_x_.get() : view<scalar>{};
    e_.fill(d_x, scalar(initial));
    for (auto& b : blocks_) e_.fill(b.gradient, scalar(initial));
    c_.backward(e_, x_.get(), p_.d_output, d_x, p_.workspace);
    diffam::exec::finish(e_);
  }
  std::vector<double> d_input() const override { return get_view(d_x_.get()); }
  std::vector<double> d_parameters(std::size_t b) const override { return get_view(blocks_[b].gradient); }

 private:
  static void put_view(view<scalar> to, const std::vector<double>& from) {
    if (to.size() == 0) return;
    std::vector<scalar> host(from.size());
    std::transform(from.begin(), from.end(), host.begin(), [](double v) { return static_cast<scalar>(v); });
    memory::copy_from_host(to.data, host.data(), host.size() * sizeof(scalar));
  }
  static std::vector<double> get_view(view<const scalar> from) {
    std::vector<scalar> host(static_cast<std::size_t>(from.size()));
    if (from.size() > 0) memory::copy_to_host(host.data(), from.data, host.size() * sizeof(scalar));
    return std::vector<double>(host.begin(), host.end());
  }

  C& c_;
  const typename C::exec& e_;
  buffer<scalar, memory> x_, d_x_;
  planned<C> p_;
  std::vector<parameter_block<scalar>> blocks_;
};

/// Compares the derivatives along random directions. `set` writes the block, `at` is its value, `gradient` is
/// the gradient from `backward`.
inline block_report compare(probe_interface& p, const std::string& name, const std::vector<double>& at,
                            const std::vector<double>& gradient, const params& o, std::uint64_t number,
                            const std::function<void(const std::vector<double>&)>& set) {
  block_report r{name, 0, 0, 0, ""};
  const auto n = static_cast<double>(at.size());
  const double size = std::max(1e-3, std::sqrt(inner(at, at) / n));
  const double floor = std::sqrt(inner(gradient, gradient) / n);
  for (int k = 0; k < o.directions; ++k) {
    std::vector<double> v = random_vector(static_cast<index_t>(at.size()), o.seed,
                                          number * 1000 + static_cast<std::uint64_t>(k) + 1);
    const double scale = std::sqrt(n / std::max(inner(v, v), 1e-300)) * size;
    const auto moved = [&](double h) {
      std::vector<double> x = at;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += h * scale * v[i];
      set(x);
      return p.value();
    };
    const auto central = [&](double h) { return (moved(h) - moved(-h)) / (2 * h); };
    const double numeric = (4 * central(o.step / 2) - central(o.step)) / 3;  // Richardson: error O(h^4)
    const double analytic = inner(gradient, v) * scale;
    const auto relative = [&](double x, double y) {
      return std::abs(x - y) / std::max({std::abs(x), std::abs(y), floor * size, 1e-12});
    };
    const double error = relative(numeric, analytic);
    if (!std::isfinite(r.error) || error <= r.error) continue;
    r = {name, error, analytic, numeric, ""};
    if (!(error > o.tolerance)) continue;
    // The component may have a kink near the input: then a smaller step agrees, or both sides differ.
    constexpr double coarse = 1e-2;
    for (const double h : {o.step / 10, o.step / 100, o.step / 1000})
      if (r.note.empty() && relative(central(h), analytic) < std::min(coarse, error / 10))
        r.note = "with a step of " + figure(h) + " the numeric one is " + figure(central(h)) +
                 ": probably a kink near the input; move the input";
    const double h = o.step / 100, middle = moved(0), left = (middle - moved(-h)) / h,
                 right = (moved(h) - middle) / h;
    if (r.note.empty() && relative(left, right) > 10 * coarse)
      r.note = "from the left it is " + figure(left) + ", from the right " + figure(right) +
               ": probably a kink at the input; move the input";
  }
  set(at);
  return r;
}

/// Whether a = b + shift up to `tolerance`, relative to the largest element. False for NaN.
inline bool agree(const std::vector<double>& a, const std::vector<double>& b, double shift,
                  double tolerance) {
  double size = std::abs(shift);
  for (const double v : b) size = std::max(size, std::abs(v));
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i] - shift) <= tolerance * size)) return false;
  return true;
}

inline bool all_finite(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
}

/// All checks of a component at the input x.
inline report gradients_of(probe_interface& p, const std::vector<double>& x, params o) {
  const bool coarse = p.rounding() > 1e-10;  // float
  if (o.tolerance <= 0) o.tolerance = coarse ? 1e-3 : 1e-7;
  if (o.step <= 0) o.step = coarse ? 1e-2 : 1e-4;
  const double sums = coarse ? 1e-5 : 1e-9, repeats = coarse ? 1e-6 : 1e-12;
  report r;
  r.tolerance = o.tolerance;
  const auto demand = [&r](bool holds, const std::string& otherwise) {
    if (!holds) r.violations.push_back(otherwise);
  };
  demand(p.keeps_to_plan(), "plan: measured bytes differ from used bytes");
  for (std::size_t b = 0; b < p.block_count(); ++b)
    demand(p.block_extents_agree(b),
           "parameters " + std::to_string(b) + ": value and gradient differ in extent");
  if (!r.violations.empty()) return r;  // forward or backward could write out of bounds

  const std::vector<double> before = p.output();
  if (!all_finite(before)) {
    r.violations.push_back("forward: the output is not finite");
    return r;
  }
  p.backward(0);
  const std::vector<double> d_x = p.d_input();
  std::vector<std::vector<double>> d_p;
  for (std::size_t b = 0; b < p.block_count(); ++b) d_p.push_back(p.d_parameters(b));
  demand(p.output() == before, "forward: a second call after backward gives another value");

  p.backward(1);
  demand(agree(p.d_input(), d_x, 1, sums), "backward: does not accumulate into the input's gradient");
  for (std::size_t b = 0; b < p.block_count(); ++b)
    demand(agree(p.d_parameters(b), d_p[b], 1, sums),
           "backward: does not accumulate into parameters " + std::to_string(b));
  p.backward(0, false);
  for (std::size_t b = 0; b < p.block_count(); ++b)
    demand(agree(p.d_parameters(b), d_p[b], 0, repeats),
           "backward: parameters " + std::to_string(b) + " differ when d_x is not wanted");

  if (!x.empty())
    r.blocks.push_back(compare(p, "input", x, d_x, o, 1, [&](const auto& v) { p.set_input(v); }));
  for (std::size_t b = 0; b < p.block_count(); ++b)
    r.blocks.push_back(compare(p, "parameters " + std::to_string(b), p.parameters(b), d_p[b], o, 2 + b,
                               [&](const auto& v) { p.set_parameters(b, v); }));
  return r;
}

}  // namespace detail

/// Checks `c` at the input `x` (extent `in`, row-major). Use double where you can: a check in float finds
/// wrong formulas, but not small errors. The check changes the component's parameters and restores them.
/// Throws `error` if x does not fit `in`.
template <component C>
report gradients(C& c, const typename C::exec& e, const std::vector<double>& x, extent in, params o = {}) {
  if (static_cast<index_t>(x.size()) != in.size())
    throw error("check::gradients: expected " + std::to_string(in.size()) + " numbers for an input of " +
                to_string(in) + ", got " + std::to_string(x.size()));
  detail::probe<C> p(c, e, x, in, o.seed);
  return detail::gradients_of(p, x, o);
}

}  // namespace diffam::check
