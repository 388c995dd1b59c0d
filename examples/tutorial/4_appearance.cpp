// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 4: a network f_theta learns intensity as a function of the signed distance to the surface
// (Kim & Park 2024, section 2.1). Picture: f_theta on its way (the paper's Figure 3d).
#include <cmath>
#include <cstdio>

#include "diffam/component/pipeline.hpp"
#include "diffam/core/random.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/per_block.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/solve/minimize.hpp"
#include "draw.hpp"
#include "inputs.hpp"

namespace d = diffam;
using exec = d::exec::threads;

constexpr double unit = 64;  // mm: the fit's unit of length

/// What a CT shows across the surface of a bone, from 0 to 1: soft tissue outside (d > 0), 1.5 mm of dense
/// cortical bone, marrow; blurred by a scanner's point spread (sigma 0.8 mm).
double profile(double mm) {
  const auto step = [](double x) { return 0.5 * std::erfc(-x / (0.8 * std::sqrt(2.0))); };
  return 0.28 + 0.55 * (step(-mm) - step(-mm - 1.5)) + 0.16 * step(-mm - 1.5);
}

int main(int argc, char** argv) {
  const exec e;
  auto mesh = tutorial::vertebra();
  for (auto& v : mesh.vertices) v *= 1 / unit;
  const auto vertices = d::vertex_buffer<float>(mesh);

  // [samples]
  const d::surface_cloud<float, exec> cloud(mesh.faces, {.count = 4000, .sigma = 9.6 / unit});
  cloud.draw(e, vertices.get());  // uniform on the surface, plus noise
  // [/samples]
  const d::mesh_distance<float, exec> distance(mesh, cloud.points());
  d::planned memory(distance, vertices.get().extent());
  distance.forward(e, vertices.get(), memory.output, memory.workspace);
  d::buffer<float> intensity(4000);  // of the "CT" at the samples, with noise
  for (d::index_t i = 0; i < 4000; ++i) {
    const auto words = d::random_words(7, d::random_stream::phantom, 0, std::uint64_t(i));
    const auto normal = d::box_muller(d::unit_interval<double>(words[0]), d::unit_interval<double>(words[1]));
    intensity.get()[i] = float(profile(unit * memory.output[i]) + 0.03 * normal[0]);
  }

  // [model]
  auto model = d::pipeline(d::coefficients<float, exec>(vertices.get()),           // the surface, held
                           d::mesh_distance<float, exec>(mesh, cloud.points()),    // -> d
                           d::mlp<float, exec>({.frequencies = 16, .width = 32}),  // -> f_theta(d)
                           d::image_loss<float, exec>({intensity.get()}));         // -> mean |f_theta(d) - I|
  using adam = d::optim::adam<float, exec, d::optim::cosine<float>>;
  const d::optim::per_block rule(adam({.rate = 0}), adam({.rate = 0.01}));  // of the surface, of theta
  // [/model]

  const float range = float(12 / unit);
  std::vector<double> at;
  for (int i = 0; i <= 240; ++i) at.push_back(0.1 * i - 12);
  std::vector<tutorial::plot_line> lines{{"truth", {170, 174, 184}, {}}};
  for (const double mm : at) lines[0].y.push_back(profile(mm));
  const auto look = [&](std::uint64_t iteration, tutorial::colour c) {
    const auto curve = d::appearance_curve(model.second().second().first(), e, -range, range, 241);
    lines.push_back({"iteration " + std::to_string(iteration), c, {curve.begin(), curve.end()}});
  };
  const auto summary = d::minimize(model, rule, e, {.iterations = 300}, [&](const d::progress& p) {
    if (p.iteration == 5) look(5, {236, 190, 120});
    if (p.iteration == 20) look(20, {224, 120, 50});
    if (p.iteration == p.total) look(p.total, {28, 98, 178});
  });
  tutorial::save(
      draw_curves(at, lines,
                  {"f_theta learns the intensities across the surface of a bone",
                   "signed distance to the surface, mm (inside < 0)", "intensity (0: -200 HU, 1: 700 HU)"}),
      tutorial::folder(argc, argv) / "4_appearance.png");

  double error = 0;
  for (std::size_t i = 0; i < at.size(); ++i)
    error += std::abs(lines.back().y[i] - lines[0].y[i]) / double(at.size());
  std::printf("image loss %.3f -> %.3f; f_theta is %.3f from the truth on average\n", summary.initial_loss,
              summary.final_loss, error);
  return error < 0.03 ? 0 : 1;  // the noise
}
