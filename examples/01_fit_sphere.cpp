// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 1: fits a sphere to a larger one, of which only signed distances are known. Shows a pipeline, a
// loss and an optimizer.
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/solve/minimize.hpp"

namespace d = diffam;
using exec = d::exec::threads;  // all cores

int main() {
  const auto sphere = d::make_icosphere<double>(2, 1.0);
  const d::vec3<double> centre{0.3, -0.2, 0.1};  // of the target sphere, whose radius is 1.25

  d::buffer<float> points(512, 3), distances(512);  // a grid of points, and their distances to the target
  for (d::index_t i = 0; i < 512; ++i) {
    const d::vec3<double> p{0.5 * double(i % 8) - 1.75, 0.5 * double(i / 8 % 8) - 1.75,
                            0.5 * double(i / 64) - 1.75};
    for (int k = 0; k < 3; ++k) points.get()(i, k) = float(p[k]);
    distances.get()[i] = float(d::norm(p - centre) - 1.25);
  }

  // [fit_sphere]
  auto model = d::pipeline(d::spectral_shape<float, exec>(sphere, {.modes = 16}),      // unknowns -> vertices
                           d::mesh_distance<float, exec>(sphere.faces, points.get()),  // -> signed distances
                           d::image_loss<float, exec>({distances.get()}));             // -> mean |d - target|
  using decay = d::optim::cosine<float>;
  const d::optim::adam<float, exec, decay> rule({.rate = 0.02});
  const auto summary = d::minimize(model, rule, exec{}, {.iterations = 300});
  // [/fit_sphere]

  std::printf("mean distance error: %.4f at the start, %.4f after %d iterations\n", summary.initial_loss,
              summary.final_loss, int(summary.iterations));
  return summary.final_loss < 0.03 ? 0 : 1;
}
