// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 6: two vertebrae that start too near to each other, with and without the losses that keep a spine
// in order: overlap, variance, edge (Kim & Park 2024, section 2.4). Picture: start, without, with.
#include <cstdio>

#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/overlap.hpp"
#include "diffam/loss/variance.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/solver.hpp"
#include "draw.hpp"
#include "inputs.hpp"

namespace d = diffam;
using exec = d::exec::threads;
using cloud = d::surface_cloud<float, exec>;
using tutorial::l3, tutorial::l4;

struct result {
  std::vector<d::triangle_mesh<double>> start, end;  // mm, in the world
  double overlap = 0;                                // loss L_O in iteration 20
};

/// 200 iterations with these weights of the variance, edge and overlap losses.
result fit(const tutorial::generated_ct& made, float variance, float edge, float overlap) {
  const exec e;
  const std::vector<d::triangle_mesh<double>> meshes{tutorial::in_units(tutorial::vertebra(l3)),
                                                     tutorial::in_units(tutorial::vertebra(l4))};
  const d::mesh_stack stack = d::stack_meshes(meshes);
  const d::vec3<double> a = made.centres[0].position, b = made.centres[1].position, origin = (a + b) * 0.5;
  const auto basis = d::compute_eigenbasis(meshes[0], {.modes = 100});
  d::shape_projections shapes;  // both in one basis
  for (const auto& m : meshes) shapes.push_back(d::project_shape(basis, m.vertices));
  const d::vec3<double> near = (a - b) * (0.5 / 2 / 64);  // at half of their distance
  const auto none = d::mat3<double>::identity();
  const auto start = d::initial_coefficients(shapes, {none, none}, {near, -near});

  d::iteration_clock<exec> clock(200);
  const auto around = tutorial::in_world(stack, d::stacked_vertices<float>(meshes).get(), origin);
  const d::scale_space<float, exec> image(e, tutorial::image_around(made.ct, around, origin),
                                          {.sigma = 2.56});
  // [model]
  d::scene_distance<float, exec, d::barnes_hut_winding, cloud> distance(  // -> N x 2: distance, overlap
      stack, cloud(stack.faces, {.count = 6000, .clock = clock.state()}));
  const d::sampled_target<float> target{distance.points(), image.sampler(clock.state())};
  auto appearance = d::pipeline(d::mlp<float, exec>(), d::make_image_loss<exec>(target));
  auto of_distances =
      d::sum(d::weighted(1, std::move(appearance)), d::weighted(overlap, d::overlap_loss<float, exec>()));
  auto of_vertices = d::sum(d::weighted(edge, d::edge_loss<float, exec>(stack.faces, stack.vertex_count())),
                            d::weighted(1, d::pipeline(std::move(distance), std::move(of_distances))));
  d::spectral_map<float, exec> map(basis.phi.get(), d::stack_residuals(shapes, 2).get());
  auto of_unknowns = d::sum(d::weighted(variance, d::variance_loss<float, exec>(basis.lambda, 2, {{0, 1}})),
                            d::weighted(1, d::pipeline(std::move(map), std::move(of_vertices))));
  auto model = d::pipeline(d::coefficients<float, exec>(start.get()), std::move(of_unknowns));
  // [/model]

  const d::optim::cosine<float> decay{1, 0.05f};
  const d::spectral_steps<float> size(basis.lambda, 2, {.spectral_rate = 5});
  const d::optim::per_block rule(
      d::optim::vector_adam<float, exec, d::optim::cosine<float>, d::optim::row_steps<float>>(
          {.rate = 0.01, .schedule = decay}, {size.base.get(), size.log_ratio.get()}),
      d::optim::adam<float, exec, d::optim::cosine<float>>({.rate = 0.01, .schedule = decay}));
  d::solver solver(model, rule, e, clock);
  const auto& shape = std::get<1>(solver.workspace().second.parts);  // of the spectral map and what follows
  solver.evaluate();
  result r{tutorial::in_world(stack, shape.middle, origin), {}};
  const auto samples = std::get<1>(shape.second.parts).middle;  // N x 2
  while (!solver.done()) {
    solver.step();
    if (solver.iteration() == 20)
      for (d::index_t i = 0; i < samples.rows; ++i) r.overlap += double(samples(i, 1));
  }
  solver.evaluate();
  r.end = tutorial::in_world(stack, shape.middle, origin);
  return r;
}

int main(int argc, char** argv) {
  const tutorial::generated_ct made = tutorial::make_ct({l3, l4});
  const result without = fit(made, 0, 0, 0), with = fit(made, 0.02f, 0.02f, 1);  // the paper's weights

  const auto middle = (made.centres[0].position + made.centres[1].position) * 0.5;
  const auto plane = tutorial::plane_through(tutorial::section_kind::sagittal,
                                             middle - d::vec3<double>{0, 18, 0}, 110, 110, 3);
  std::vector<tutorial::panel> panels;
  const auto show = [&](const char* title, const std::vector<d::triangle_mesh<double>>& meshes) {
    panels.push_back({title, plane.picture(made.ct, {})});
    plane.contour(panels.back().picture, meshes[0], 2, {255, 120, 40});
    plane.contour(panels.back().picture, meshes[1], 2, {90, 170, 255});
    tutorial::draw_scale_bar(panels.back().picture, 3);
  };
  show("start", with.start);
  show("image loss alone", without.end);
  show("+ overlap, variance, edge", with.end);
  tutorial::save(tutorial::sheet("Two vertebrae in a generated CT", panels, 3),
                 tutorial::folder(argc, argv) / "6_two_vertebrae.png");

  const auto mean_dice = [&](const result& r) {
    const auto dice = tutorial::dice(r.end, {l3, l4}, made.truth);
    return (dice[0] + dice[1]) / 2;
  };
  const double dice_without = mean_dice(without), dice_with = mean_dice(with);
  std::printf("image loss alone: overlap %.4f in iteration 20, Dice %.3f at the end; with all: %.4f, %.3f\n",
              without.overlap, dice_without, with.overlap, dice_with);
  return with.overlap < 0.1 * without.overlap && dice_with > 0.9 && dice_with > dice_without + 0.05 ? 0 : 1;
}
