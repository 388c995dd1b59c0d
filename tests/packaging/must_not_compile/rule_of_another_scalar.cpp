// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A rule in float cannot improve a model in double.
// expect: the model and the update rule need the same scalar type
#include "diffam/component/pipeline.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/solve/minimize.hpp"

using threads = diffam::exec::threads;
#ifdef DIFFAM_RIGHT
using scalar = float;
#else
using scalar = double;
#endif

void run(diffam::view<const scalar> start, diffam::view<const scalar> wanted) {
  auto model = diffam::pipeline(diffam::coefficients<scalar, threads>(start),
                                diffam::image_loss<scalar, threads>({wanted}));
  diffam::optim::adam rule({.rate = 0.02});  // in float, for all cores
  diffam::minimize(model, rule, threads(), {.iterations = 10});
}
