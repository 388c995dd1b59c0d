// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A loss of one's own, the sum of log cosh(x - t): it is quadratic near 0 and hardly sees an outlier. Its
// gradient is checked, and it finds the place of most of the numbers.
#include <cmath>
#include <cstdio>

#include "diffam/check/gradient.hpp"
#include "diffam/component/pipeline.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/loss/mean.hpp"
#include "diffam/optim/lbfgs.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/solve/minimize.hpp"

namespace d = diffam;
using exec = d::exec::serial;

double log_cosh(double r) {
  return std::log(std::cosh(r));
}

/// The sum of f(x - t) over numbers t. The last one is an outlier; the mean is 7.6.
double over_numbers(double x, double (*f)(double)) {
  return f(x - 1.9) + f(x - 2.0) + f(x - 2.1) + f(x - 2.0) + f(x - 30.0);
}

int main() {
  const auto loss = d::make_mean_loss<double, exec>(  // (row i, its numbers), (row i, its numbers, column)
      [](d::index_t, const double* x) { return over_numbers(x[0], log_cosh); },
      [](d::index_t, const double* x, d::index_t) { return over_numbers(x[0], std::tanh); });
  const auto report = d::check::gradients(loss, exec{}, {2.3}, {1, 1});
  const double start = 0;
  auto model = d::pipeline(d::coefficients<double, exec>(d::view<const double>(&start, 1)), loss);
  d::minimize(model, d::optim::lbfgs<double, exec>(), exec{}, {.iterations = 100});
  const double found = model.first().get().data()[0];  // where 4 tanh(x - 2) = 1, nearly
  std::printf("gradient off by %.0e, found %.3f\n", report.worst(), found);
  return report.ok() && std::abs(found - 2.255) < 0.01 ? 0 : 1;
}
