// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 7: the whole objective of the paper (Kim & Park 2024, section 2.4), put together by hand, on a
// generated CT of four levels. Picture: the fit from start to end.
#include <cstdio>

#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
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

int main(int argc, char** argv) {
  const exec e;
  const std::vector<int> levels{tutorial::l1, tutorial::l2, tutorial::l3, tutorial::l4};
  const tutorial::generated_ct made = tutorial::make_ct(levels);
  const auto count = static_cast<d::index_t>(levels.size());
  const d::vec3<double> origin = (made.centres.front().position + made.centres.back().position) * 0.5;

  // [unknowns]
  std::vector<d::triangle_mesh<double>> templates;  // one a level, in units of 64 mm
  for (const int level : levels) templates.push_back(tutorial::in_units(tutorial::vertebra(level)));
  const d::mesh_stack stack = d::stack_meshes(templates);
  const auto basis = d::compute_eigenbasis(templates[1], {.modes = 100});  // one for all
  d::shape_projections shapes;
  for (const auto& m : templates) shapes.push_back(d::project_shape(basis, m.vertices));
  std::vector<d::mat3<double>> axes;    // z along the chord between the neighbours' centres
  std::vector<d::vec3<double>> shifts;  // to the centres that are given
  for (std::size_t m = 0; m < levels.size(); ++m) {
    const auto& above = made.centres[m > 0 ? m - 1 : 0].position;
    const auto& below = made.centres[std::min(m + 1, levels.size() - 1)].position;
    const d::vec3<double> z = normalized(above - below), x = normalized(d::vec3<double>{1, 0, 0} - z * z[0]);
    axes.push_back({{x, cross(z, x), z}});
    shifts.push_back((made.centres[m].position - origin) * (1 / d::unit_length_mm));
  }
  const auto start = d::initial_coefficients(shapes, axes, shifts);  // (K + 4) M x 3
  // [/unknowns]

  d::iteration_clock<exec> clock(200);
  std::vector<d::triangle_mesh<double>> around;
  for (std::size_t m = 0; m < levels.size(); ++m) {
    around.push_back(tutorial::vertebra(levels[m]));
    for (auto& v : around[m].vertices) v += made.centres[m].position;
  }
  const d::scale_space<float, exec> image(e, tutorial::image_around(made.ct, around, origin),
                                          {.sigma = 2.56});
  const auto sampler = image.sampler(clock.state());

  // [model]
  const d::index_t vertices = stack.vertex_count();
  d::scene_distance<float, exec, d::barnes_hut_winding, cloud> distance(
      stack, cloud(stack.faces, {.count = 6000, .clock = clock.state()}));
  const d::sampled_target<float> target{distance.points(), sampler};
  d::normal_loss<float, exec> normal(stack.faces, vertices, {stack.faces, clock.state(), {.count = 6000}},
                                     sampler);
  std::vector<d::vertebra_pair> neighbours;
  for (int m = 0; m + 1 < int(count); ++m) neighbours.push_back({m, m + 1});

  auto of_distances =  // N x 2: the least signed distance, the overlap
      d::sum(d::weighted(1, d::pipeline(d::mlp<float, exec>(), d::make_image_loss<exec>(target))),
             d::weighted(1, d::overlap_loss<float, exec>()));
  auto of_vertices =  // M V x 3
      d::sum(d::weighted(0.02f, d::edge_loss<float, exec>(stack.faces, vertices)),
             d::weighted(0.1f, std::move(normal)),
             d::weighted(1, d::pipeline(std::move(distance), std::move(of_distances))));
  d::spectral_map<float, exec> map(basis.phi.get(), d::stack_residuals(shapes, count).get());
  auto of_unknowns =  // (K + 4) M x 3: U, B, t of each vertebra
      d::sum(d::weighted(0.02f, d::variance_loss<float, exec>(basis.lambda, count, neighbours, start.get())),
             d::weighted(1, d::pipeline(std::move(map), std::move(of_vertices))));
  auto model = d::pipeline(d::coefficients<float, exec>(start.get()), std::move(of_unknowns));
  // [/model]

  const d::optim::cosine<float> decay{1, 0.05f};
  const d::spectral_steps<float> size(basis.lambda, count, {.spectral_rate = 5});
  const d::optim::per_block rule(
      d::optim::vector_adam<float, exec, d::optim::cosine<float>, d::optim::row_steps<float>>(
          {.rate = 0.01, .schedule = decay}, {size.base.get(), size.log_ratio.get()}),
      d::optim::adam<float, exec, d::optim::cosine<float>>({.rate = 0.01, .schedule = decay}));
  d::solver solver(model, rule, e, clock);

  const auto plane = tutorial::plane_through(tutorial::section_kind::sagittal,
                                             origin - d::vec3<double>{0, 15, 0}, 110, 175, 2);
  std::vector<tutorial::panel> panels;
  std::vector<double> first, last;
  while (true) {
    const std::uint64_t n = solver.iteration();
    if (n == 0 || n == 10 || n == 30 || n == 80 || solver.done()) {
      solver.evaluate();
      const auto meshes =
          tutorial::in_world(stack, std::get<1>(solver.workspace().second.parts).middle, origin);
      last = tutorial::dice(meshes, levels, made.truth);
      if (first.empty()) first = last;
      panels.push_back({"iteration " + std::to_string(n), plane.picture(made.ct, {})});
      for (std::size_t m = 0; m < meshes.size(); ++m)
        plane.contour(panels.back().picture, meshes[m], 2, tutorial::label_colour(levels[m]));
      tutorial::draw_scale_bar(panels.back().picture, 2);
    }
    if (solver.done()) break;
    solver.step();
  }
  tutorial::save(tutorial::sheet("Four vertebrae in a generated CT (sagittal), from start to end", panels, 5),
                 tutorial::folder(argc, argv) / "7_spine.png");
  bool better = true;
  for (std::size_t m = 0; m < levels.size(); ++m) {
    std::printf("L%d %.3f -> %.3f%s", int(m) + 1, first[m], last[m],
                m + 1 < levels.size() ? ", " : " (Dice)\n");
    better = better && last[m] > first[m] && last[m] > 0.85;
  }
  return better ? 0 : 1;
}
