// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The gradient checker must find every defect: tests run it on a correct component and on variants with one
// defect each.
#include "diffam/check/gradient.hpp"

#include <limits>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

enum class defect {
  none,
  sign,                // the input's gradient has the wrong sign
  factor,              // the input's gradient lacks a factor
  one_element,         // one element of the input's gradient is off by 1 %
  forgotten,           // the input's gradient is never written
  overwrites_input,    // "=" instead of "+="
  overwrites_params,   // the same for the parameters' gradient
  parameter_sign,      // the parameters' gradient has the wrong sign
  parameter_needs_dx,  // no gradient of the parameters if that of the input is not wanted
  drifts,              // forward gives another value each time
  nan_gradient,        // a gradient is NaN
  nan_value,           // an output is NaN
  plan,                // measures more memory than it takes
  extents              // value and gradient of the parameters differ in extent
};

/// y = p sin(x), element by element, with one parameter p for all.
template <real T, exec::policy Exec>
class faulty {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {
    view<T> scratch;
  };

  explicit faulty(defect d) : defect_(d), p_(1), d_p_(d == defect::extents ? 2 : 1) { p_.get()[0] = T(0.7); }

  extent output_extent(extent in) const { return in; }
  workspace plan(arena& a, extent in) const {
    if (defect_ == defect::plan && a.measuring()) (void)a.take<T>(1000);  // more than it takes
    return {a.take<T>(Exec::reduce_scratch(in.size()))};
  }
  parameter_block<T> parameters() { return {p_.get(), d_p_.get()}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    const T drift = defect_ == defect::drifts ? T(1e-6) * static_cast<T>(++calls_) : T(0);
    e.for_each_index(x.size(), value{x, y, p_.get(), drift});
    if (defect_ == defect::nan_value) y[0] = std::numeric_limits<T>::quiet_NaN();
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    const bool wanted = !d_x.empty();
    if (wanted) {
      if (defect_ == defect::overwrites_input) e.fill(d_x, T(0));
      const T factor = defect_ == defect::sign ? T(-1) : defect_ == defect::factor ? T(2) : T(1);
      if (defect_ != defect::forgotten) e.for_each_index(x.size(), pullback{x, d_y, d_x, p_.get(), factor});
      if (defect_ == defect::one_element) d_x[3] += T(0.01) * d_y[3] * p_.get()[0] * std::cos(x[3]);
      if (defect_ == defect::nan_gradient) d_x[0] = std::numeric_limits<T>::quiet_NaN();
    }
    if (defect_ == defect::parameter_needs_dx && !wanted) return;
    T sum = 0;
    e.reduce(x.size(), parameter_term{x, d_y}, &sum, w.scratch);
    T& d_p = d_p_.data()[0];
    if (defect_ == defect::overwrites_params) d_p = 0;
    d_p += defect_ == defect::parameter_sign ? -sum : sum;
  }

 private:
  struct value {
    view<const T> x;
    view<T> y;
    view<const T> p;
    T drift;
    void operator()(index_t i) const { y[i] = p[0] * std::sin(x[i]) + drift; }
  };
  struct pullback {
    view<const T> x, d_y;
    view<T> d_x;
    view<const T> p;
    T factor;
    void operator()(index_t i) const { d_x[i] += factor * d_y[i] * p[0] * std::cos(x[i]); }
  };
  struct parameter_term {
    view<const T> x, d_y;
    T operator()(index_t i) const { return d_y[i] * std::sin(x[i]); }
  };

  defect defect_;
  buffer<T> p_;
  mutable buffer<T> d_p_;  // backward is const and writes it
  mutable int calls_ = 0;
};

template <class Exec>
check::report report_on(defect d, const Exec& e) {
  faulty<double, Exec> c(d);
  return check::gradients(c, e, check::detail::random_vector(60, 2, 0), {30, 2});
}

check::report report_on(defect d) {
  return report_on(d, exec::serial{});
}

const check::block_report& block(const check::report& r, const std::string& name) {
  for (const auto& b : r.blocks)
    if (b.name == name) return b;
  FAIL("no block " << name << " in\n" << r.message());
  return r.blocks.front();
}

bool complains(const check::report& r, const std::string& phrase) {
  return r.message().find(phrase) != std::string::npos;
}

}  // namespace

TEST_CASE("a correct component passes on every policy", "[check]") {
  for (const auto& r : {report_on(defect::none), report_on(defect::none, exec::threads(3))}) {
    INFO(r.message());
    REQUIRE(r.ok());
    REQUIRE(r.blocks.size() == 2);
    REQUIRE(r.worst() <= test::tolerance<double>::gradient);
    REQUIRE(block(r, "input").numeric != 0);
    REQUIRE(block(r, "parameters 0").numeric != 0);
  }
}

TEST_CASE("a wrong gradient of the input fails in the input's block only", "[check]") {
  for (defect d : {defect::sign, defect::factor, defect::one_element, defect::forgotten}) {
    const auto r = report_on(d);
    INFO(static_cast<int>(d) << '\n' << r.message());
    REQUIRE_FALSE(r.ok());
    REQUIRE(r.violations.empty());
    REQUIRE(block(r, "input").error > 100 * r.tolerance);
    REQUIRE(block(r, "parameters 0").error <= r.tolerance);
  }
  REQUIRE(block(report_on(defect::sign), "input").error == Approx(2));
  REQUIRE(block(report_on(defect::factor), "input").error == Approx(0.5));
  REQUIRE(block(report_on(defect::forgotten), "input").error == Approx(1));
}

TEST_CASE("a wrong gradient of the parameters fails in the parameters' block only", "[check]") {
  const auto r = report_on(defect::parameter_sign);
  REQUIRE_FALSE(r.ok());
  REQUIRE(r.violations.empty());
  REQUIRE(block(r, "parameters 0").error == Approx(2));
  REQUIRE(block(r, "input").error <= r.tolerance);
}

TEST_CASE("a backward that overwrites gradients fails even if their values are correct", "[check]") {
  const auto input = report_on(defect::overwrites_input);
  REQUIRE_FALSE(input.ok());
  REQUIRE(input.worst() <= input.tolerance);
  REQUIRE(complains(input, "does not accumulate into the input's gradient"));
  const auto parameters = report_on(defect::overwrites_params);
  REQUIRE_FALSE(parameters.ok());
  REQUIRE(parameters.worst() <= parameters.tolerance);
  REQUIRE(complains(parameters, "does not accumulate into parameters 0"));
}

TEST_CASE("a backward that drops parameter gradients when d_x is not wanted fails", "[check]") {
  const auto r = report_on(defect::parameter_needs_dx);
  REQUIRE_FALSE(r.ok());
  REQUIRE(r.worst() <= r.tolerance);
  REQUIRE(complains(r, "parameters 0 differ when d_x is not wanted"));
}

TEST_CASE("an output that changes between calls fails", "[check]") {
  const auto r = report_on(defect::drifts);
  REQUIRE_FALSE(r.ok());
  REQUIRE(complains(r, "gives another value"));
}

TEST_CASE("NaN in the output or in a gradient fails", "[check]") {
  const auto gradient = report_on(defect::nan_gradient);
  REQUIRE_FALSE(gradient.ok());
  REQUIRE(gradient.worst() == HUGE_VAL);
  const auto value = report_on(defect::nan_value);
  REQUIRE_FALSE(value.ok());
  REQUIRE(complains(value, "the output is not finite"));
}

TEST_CASE("a plan that is not repeatable fails before anything runs", "[check]") {
  const auto r = report_on(defect::plan);
  REQUIRE_FALSE(r.ok());
  REQUIRE(complains(r, "measured bytes differ from used bytes"));
}

TEST_CASE("parameters and gradient of different extents fail before anything runs", "[check]") {
  const auto r = report_on(defect::extents);
  REQUIRE_FALSE(r.ok());
  REQUIRE(complains(r, "parameters 0: value and gradient differ in extent"));
}

TEST_CASE("a check restores the parameters", "[check]") {
  faulty<double, exec::serial> c(defect::none);
  (void)check::gradients(c, exec::serial{}, check::detail::random_vector(60, 2, 0), {30, 2});
  REQUIRE(c.parameters().value[0] == 0.7);
}

TEST_CASE("an input that does not fit its extent is refused", "[check]") {
  faulty<double, exec::serial> c(defect::none);
  REQUIRE_THROWS_WITH(check::gradients(c, exec::serial{}, std::vector<double>(59), {30, 2}),
                      "check::gradients: expected 60 numbers for an input of 30 x 2, got 59");
}

TEST_CASE("the tolerance decides whether a small error fails", "[check]") {
  faulty<double, exec::serial> c(defect::one_element);
  const auto x = check::detail::random_vector(60, 2, 0);
  REQUIRE_FALSE(check::gradients(c, exec::serial{}, x, {30, 2}, {.tolerance = 1e-6}).ok());
  REQUIRE(check::gradients(c, exec::serial{}, x, {30, 2}, {.tolerance = 1}).ok());
}

TEST_CASE("a correct component in float passes with the default options, and a wrong one fails", "[check]") {
  const auto x = check::detail::random_vector(60, 2, 0);
  faulty<float, exec::serial> right(defect::none);
  const auto r = check::gradients(right, exec::serial{}, x, {30, 2});
  INFO(r.message());
  REQUIRE(r.ok());
  for (const defect d :
       {defect::sign, defect::factor, defect::overwrites_input, defect::parameter_needs_dx}) {
    faulty<float, exec::serial> wrong(d);
    REQUIRE_FALSE(check::gradients(wrong, exec::serial{}, x, {30, 2}).ok());
  }
}

namespace {

/// y = |x|, with the subgradient 1 at 0.
struct magnitude {
  using scalar = double;
  using exec = diffam::exec::serial;
  struct workspace {};
  extent output_extent(extent in) const { return in; }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const exec&, view<const double> x, view<double> y, workspace&) const {
    for (index_t i = 0; i < x.size(); ++i) y[i] = std::abs(x[i]);
  }
  void backward(const exec&, view<const double> x, view<const double> d_y, view<double> d_x,
                workspace&) const {
    for (index_t i = 0; i < d_x.size(); ++i) d_x[i] += x[i] < 0 ? -d_y[i] : d_y[i];
  }
};

}  // namespace

TEST_CASE("a failure at a kink says so, a wrong formula does not", "[check]") {
  magnitude c;
  const auto near = check::gradients(c, exec::serial{}, {1, -1, 2e-7, 1}, {4, 1}, {.step = 1e-5});
  REQUIRE_FALSE(near.ok());
  INFO(near.message());
  REQUIRE(complains(near, "probably a kink near the input"));
  const auto at = check::gradients(c, exec::serial{}, {1, -1, 0, 1}, {4, 1});
  REQUIRE_FALSE(at.ok());
  INFO(at.message());
  REQUIRE(complains(at, "probably a kink at the input"));
  REQUIRE_FALSE(complains(report_on(defect::factor), "kink"));
}

TEST_CASE("a report shows small and large numbers readably", "[check]") {
  const check::report r{{{"input", 3.25e-12, 1.5e9, -2.5e-11, ""}}, {}, 1e-7};
  REQUIRE(r.message() ==
          "input: relative error 3.25e-12 (at most 1e-07), analytic 1.5e+09, numeric -2.5e-11\n");
}
