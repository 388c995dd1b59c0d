// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Deforms a sphere by the modes of its Laplace-Beltrami operator until its signed distances are those of an
// ellipsoid, with L-BFGS.
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/lbfgs.hpp"
#include "diffam/sdf/distance_query.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/solve/minimize.hpp"

namespace d = diffam;
using exec = d::exec::threads;

int main() {
  const auto sphere = d::make_icosphere<double>(3, 1.0);
  auto ellipsoid = d::make_icosphere<double>(4, 1.0);
  for (auto& v : ellipsoid.vertices) v = {1.3 * v[0], 0.8 * v[1], v[2] + 0.1};

  const auto points = d::vertex_buffer<double>(d::make_icosphere<double>(3, 1.2));  // 642 x 3
  const auto wanted = d::signed_distance(ellipsoid, points.get()).distance;

  using target = d::fixed_target<double>;
  const target values{{wanted.data(), 642}};
  auto model =
      d::pipeline(d::spectral_shape<double, exec>(sphere, {.modes = 16}),    // unknowns -> vertices
                  d::mesh_distance<double, exec>(sphere, points.get()),      // -> signed distances
                  d::image_loss<double, exec, target, d::squared>(values));  // -> mean (d - target)^2
  const auto end = d::minimize(model, d::optim::lbfgs<double, exec>(), exec{},
                               {.iterations = 200, .converged = {.relative_change = 1e-6}});
  std::printf("%d evaluations, loss %.2e, %s\n", int(end.iterations), end.final_loss,
              to_string(end.reason).c_str());
  return end.final_loss < 1e-4 ? 0 : 1;
}
