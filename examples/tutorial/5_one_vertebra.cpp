// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 5: one vertebra is fitted to a generated CT by the image loss and the normal loss (Kim & Park
// 2024, sections 2.4 and 2.5), from a start that is turned and shifted. Picture: start and end on the CT.
#include <cmath>
#include <cstdio>

#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/optim/per_block.hpp"
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

int main(int argc, char** argv) {
  const exec e;
  const tutorial::generated_ct made = tutorial::make_ct({tutorial::l3});
  const d::vec3<double> origin = made.centres[0].position;
  const auto mesh = tutorial::in_units(tutorial::vertebra(tutorial::l3));  // of 64 mm
  const d::mesh_stack stack = d::stack_meshes(std::vector{mesh});

  // [start]
  const double c = std::cos(15 * d::degree), s = std::sin(15 * d::degree);
  const d::mat3<double> turned{{{1, 0, 0}, {0, c, s}, {0, -s, c}}};       // forward by 15 degrees
  const d::vec3<double> shifted = d::vec3<double>{3, 4, 0} * (1.0 / 64);  // by 5 mm
  const auto basis = d::compute_eigenbasis(mesh, {.modes = 100});
  d::shape_projections shape;
  shape.push_back(d::project_shape(basis, mesh.vertices));
  const auto start = d::initial_coefficients(shape, {turned}, {shifted});  // rows of U, B and t
  // [/start]
  const auto in_ct = [&](d::view<const float> vertices) {
    return tutorial::in_world(stack, vertices, origin);
  };
  const auto around = in_ct(d::vertex_buffer<float>(mesh).get());

  // [image]
  d::iteration_clock<exec> clock(200);
  const d::scale_space<float, exec> image(e, tutorial::image_around(made.ct, around, origin),
                                          {.sigma = 2.56});
  const auto sampler = image.sampler(clock.state());  // less and less blurred, as the clock runs
  // [/image]

  // [model]
  d::scene_distance<float, exec, d::barnes_hut_winding, cloud> distance(
      stack, cloud(mesh.faces, {.count = 4000, .clock = clock.state()}));
  const d::sampled_target<float> target{distance.points(), sampler};
  const d::edge_response falling{.contrast = 4, .rising = 0};  // bone is brighter than what lies around it
  d::normal_loss<float, exec> normal(mesh.faces, mesh.vertex_count(),
                                     {mesh.faces, clock.state(), {.count = 4000}}, sampler, {falling});
  auto appearance = d::pipeline(std::move(distance), d::mlp<float, exec>(), d::make_image_loss<exec>(target));
  auto model =
      d::pipeline(d::coefficients<float, exec>(start.get()),
                  d::spectral_map<float, exec>(basis.phi.get(), d::stack_residuals(shape, 1).get()),
                  d::sum(d::weighted(1, std::move(appearance)), d::weighted(0.2f, std::move(normal))));
  // [/model]

  // [run]
  const d::optim::cosine<float> decay{1, 0.05f};
  const d::spectral_steps<float> size(basis.lambda, 1, {.spectral_rate = 5});
  const d::optim::per_block rule(
      d::optim::vector_adam<float, exec, d::optim::cosine<float>, d::optim::row_steps<float>>(
          {.rate = 0.01, .schedule = decay}, {size.base.get(), size.log_ratio.get()}),
      d::optim::adam<float, exec, d::optim::cosine<float>>({.rate = 0.01, .schedule = decay}));
  d::solver solver(model, rule, e, clock);
  solver.evaluate();
  const auto before = in_ct(solver.workspace().second.middle);  // the vertices
  while (!solver.done()) solver.step();
  solver.evaluate();
  const auto after = in_ct(solver.workspace().second.middle);
  // [/run]

  std::vector<tutorial::panel> panels;
  for (const auto kind : {tutorial::section_kind::sagittal, tutorial::section_kind::coronal})
    for (const auto* meshes : {&before, &after}) {
      const auto plane = tutorial::plane_through(
          kind, origin - d::vec3<double>{0, kind == tutorial::section_kind::sagittal ? 18.0 : 0.0, 0}, 110,
          80, 3);
      panels.push_back({meshes == &before ? "start" : "after 200 iterations", plane.picture(made.ct, {})});
      plane.contour(panels.back().picture, meshes->front(), 2, {255, 120, 40});
      tutorial::draw_scale_bar(panels.back().picture, 3);
    }
  tutorial::save(tutorial::sheet("One vertebra in a generated CT: sagittal, coronal", panels, 2),
                 tutorial::folder(argc, argv) / "5_one_vertebra.png");
  const double dice_before = tutorial::dice(before, {tutorial::l3}, made.truth)[0];
  const double dice_after = tutorial::dice(after, {tutorial::l3}, made.truth)[0];
  std::printf("Dice %.3f at the start, %.3f after %d iterations\n", dice_before, dice_after,
              int(solver.iteration()));
  return dice_before < 0.6 && dice_after > 0.9 ? 0 : 1;
}
