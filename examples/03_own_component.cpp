// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 3: a user's own component, y = log(1 + exp(x)) for each element, and a check of its gradient.
#include <cmath>
#include <cstdio>

#include "diffam/check/gradient.hpp"
#include "diffam/exec/threads.hpp"

namespace d = diffam;

// [own_component]
template <d::real T, d::exec::policy Exec>
class softplus {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {};  // backward only needs x

  d::extent output_extent(d::extent in) const { return in; }
  workspace plan(d::arena&, d::extent) const { return {}; }
  void forward(const Exec& e, d::view<const T> x, d::view<T> y, workspace&) const {
    e.for_each_index(x.size(), value{x, y});
  }
  void backward(const Exec& e, d::view<const T> x, d::view<const T> d_y, d::view<T> d_x, workspace&) const {
    if (!d_x.empty()) e.for_each_index(x.size(), pullback{x, d_y, d_x});
  }

 private:
  struct value {  // y = log(1 + exp(x))
    d::view<const T> x;
    d::view<T> y;
    DIFFAM_HOST_DEVICE void operator()(d::index_t i) const { y[i] = std::log1p(std::exp(x[i])); }
  };
  struct pullback {  // dL/dx += dL/dy / (1 + exp(-x))
    d::view<const T> x, d_y;
    d::view<T> d_x;
    DIFFAM_HOST_DEVICE void operator()(d::index_t i) const { d_x[i] += d_y[i] / (T(1) + std::exp(-x[i])); }
  };
};
// [/own_component]

int main() {
  // [gradient_check]
  static_assert(d::component<softplus<float, d::exec::threads>>);
  softplus<double, d::exec::threads> mine;
  const auto report = d::check::gradients(mine, d::exec::threads{}, {-3, -1, -0.1, 0.2, 1, 4}, {6, 1});
  if (!report.ok()) std::puts(report.message().c_str());
  // [/gradient_check]
  std::printf("worst relative error %.1e, gradient %s\n", report.worst(),
              report.ok() ? "is right" : "IS WRONG");
  return report.ok() ? 0 : 1;
}
