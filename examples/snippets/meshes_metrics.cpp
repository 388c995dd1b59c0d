// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/components/meshes.md and docs/components/metrics.md.
#include <cmath>
#include <utility>
#include <vector>

#include "diffam/exec/threads.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/area_sampling.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/normals.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/remesh.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/metrics/evaluation.hpp"
#include "snippets.hpp"

namespace d = diffam;
using exec = d::exec::threads;

void meshes() {
  const exec e;
  auto mesh = d::make_torus<double>(30, 10, 48, 24);

  // [check]
  const d::mesh_report report = d::check_mesh(mesh);  // never throws
  if (!report.ok()) throw d::error(d::describe_defects(report));
  const auto crossing = d::self_intersections(mesh);    // pairs of faces, exact
  const double worst = d::measure_quality(mesh).least;  // 1: equilateral, 0: no area
  // [/check]
  expect(report.genus == 1 && crossing.empty() && worst > 0.5, "a torus has a hole and no crossing faces");

  // [flip]
  for (auto& f : mesh.faces) std::swap(f[1], f[2]);  // now every face points inward
  d::flip_if_inside_out(mesh);                       // and outward again
  // [/flip]
  expect(d::check_mesh(mesh).ok(), "flipped faces are turned round");

  // [normals]
  const auto vertices = d::vertex_buffer<float>(mesh);
  const d::vertex_normals<float, exec> normals(mesh.faces, mesh.vertex_count());
  d::planned memory(normals, vertices.get().extent());
  normals.forward(e, vertices.get(), memory.output, memory.workspace);  // V x 3, unit length, outward
  // [/normals]
  expect(memory.output(0, 0) > 0.99f, "the outermost vertex's normal points outward");

  // [sample]
  const d::index_t n = 5000;
  d::buffer<d::stored_index> face(n);
  d::buffer<float> bary(n, 3);
  d::iteration_clock<exec> clock(1);
  const d::surface_sampler<float, exec> sampler(mesh.faces, {.seed = 7});
  sampler.draw(e, vertices.get(), clock.state(), {face.get(), bary.get()});  // uniform by area
  // [/sample]
  double outer = 0;
  for (d::index_t i = 0; i < n; ++i) {
    const auto p = d::surface_point(d::view<const float>(vertices.get()),
                                    mesh.faces[std::size_t(face.get()[i])], d::load3(bary.get(), i));
    outer += std::hypot(p[0], p[1]) > 30 ? 1.0 / double(n) : 0;
  }
  expect(std::abs(outer - (0.5 + 10 / (30 * 3.14159265))) < 0.02, "the outer half has its share of the area");

  // [implicit]
  const auto egg = [](const d::vec3<double>& p) {  // mm; negative inside
    return d::norm(d::vec3<double>{p[0], p[1], p[2] / 1.5}) - 10;
  };
  d::grid g;
  g.size = {31, 31, 41};
  g.origin = {-15, -15, -20};
  const auto fine = d::marching_tetrahedra(egg, g);              // closed, uneven triangles
  const auto even = d::remesh(egg, fine, {.edge_length = 2.5});  // even ones
  // [/implicit]
  expect(d::check_mesh(even).ok() && even.vertex_count() < fine.vertex_count(), "the egg is a closed mesh");
  expect(d::measure_quality(even).mean > d::measure_quality(fine).mean, "remeshing evens the triangles");
}

void metrics() {
  const exec e;
  d::grid g;
  g.size = {40, 40, 40};
  const auto box = [&](d::index_t first) {  // a box of label 20 (L1), 20 voxels wide
    d::volume<std::uint8_t> labels(g);
    for (d::index_t k = 10; k < 30; ++k)
      for (d::index_t j = 10; j < 30; ++j)
        for (d::index_t i = first; i < first + 20; ++i) labels.at(i, j, k) = 20;
    return labels;
  };
  const auto truth = box(10), prediction = box(12);

  // [metrics]
  const double overlap = d::metrics::dice(prediction, truth, 20);  // one label, 0 to 1
  const d::metrics::evaluation all = d::metrics::evaluate(e, prediction, truth);
  for (const auto& score : all.labels)
    std::printf("label %d: Dice %.3f, HD95 %.2f mm, mean %.2f mm\n", score.label, score.dice,
                score.surface.hd95, score.surface.mean);
  const double mean_lumbar = all.lumbar.dice;
  // [/metrics]
  expect(std::abs(overlap - 0.9) < 1e-12 && mean_lumbar == overlap, "18 of 20 slices overlap");

  const auto a = d::make_icosphere<double>(4, 10.0), b = d::make_icosphere<double>(4, 11.0);
  // [mesh_metrics]
  const auto apart = d::metrics::mesh_surface_distances(e, a, b);  // mm: mean, hd95, hausdorff
  // [/mesh_metrics]
  expect(std::abs(apart.mean - 1) < 0.01 && apart.hausdorff < 1.02, "the spheres are 1 mm apart");
}
