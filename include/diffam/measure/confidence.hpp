// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How far to trust a fitted vertebra: the probability that its Dice is at least 0.8, by a logistic model of
// four things that a fit knows before its last stage (spine/surface/stage.hpp), which finds edges for any
// surface,
//
//     p = 1 / (1 + exp(-(b_0 + sum_k b_k x_k))).
//
// The probability is of the place and the shape. Whether the name is right it cannot tell.
#pragma once

#include <algorithm>

#include "diffam/image/window.hpp"
#include "diffam/measure/chain.hpp"
#include "diffam/mesh/smoothing.hpp"

namespace diffam::measure {

/// How `look_at_edges` reads the image.
struct edge_params {
  double low = -200, high = 700;  // HU; values beyond count as these
  double least = 27;              // HU; a smaller change is no edge
  double price = 6;               // HU a mm: how much stronger an edge farther off must be
};

/// The edges along the surface of one vertebra.
struct surface_edges {
  double falling =
      not_measured;              // share of the visible surface, by area, where the image gets darker outward
  double offset = not_measured;  // mean distance along the normal to the best falling edge within 3 mm, mm
  std::vector<float> drops;      // of each vertex: HU inside less HU outside; NaN outside the image
};

namespace detail {

/// Area that belongs to each vertex: a third of its faces.
inline std::vector<double> vertex_areas(const triangle_mesh<double>& mesh) {
  std::vector<double> area(mesh.vertices.size());
  for (const face& f : mesh.faces) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    const double third = norm(area_vector(at(0), at(1), at(2))) / 3;
    for (int k = 0; k < 3; ++k) area[static_cast<std::size_t>(f[k])] += third;
  }
  return area;
}

/// The image along a normal, at points half a millimetre apart.
class drops_along_normal {
 public:
  static constexpr int reach = 6, near = 2, far = 4;  // steps; drops are taken at 1 and 2 mm to both sides

  drops_along_normal(const windowed_image& image, const vec3<double>& p, const vec3<double>& normal) {
    for (int k = -half; k <= half; ++k) values_[k + half] = image(p + normal * (0.5 * k));
  }
  /// HU inside less HU outside of the place `at` steps outward; NaN where the image ends.
  double drop(int at) const {
    const double* v = values_ + half + at;
    return (v[-near] + v[-far] - v[near] - v[far]) / 2;
  }

 private:
  static constexpr int half = reach + far;
  double values_[2 * half + 1];
};

}  // namespace detail

/// Looks at the image on both sides of each vertex. `mesh`: world mm. `ct`: HU; may hold a part of the image.
inline surface_edges look_at_edges(const triangle_mesh<double>& mesh, const volume_view<float>& ct,
                                   const edge_params& p = {}) {
  using detail::drops_along_normal;
  surface_edges out;
  if (ct.kept.empty()) return out;
  const windowed_image image(ct, p.low, p.high);
  const std::vector<vec3<double>> normals = diffam::detail::unit_normals(mesh);
  const std::vector<double> area = detail::vertex_areas(mesh);
  double seen = 0, falling = 0, with_edge = 0, offset = 0;
  for (std::size_t i = 0; i < area.size(); ++i) {
    const drops_along_normal profile(image, mesh.vertices[i], normals[i]);
    const double here = profile.drop(0);
    out.drops.push_back(static_cast<float>(here));
    if (!std::isfinite(here)) continue;
    seen += area[i];
    if (here > p.least) falling += area[i];
    double best = p.least, away = not_measured;
    for (int at = -drops_along_normal::reach; at <= drops_along_normal::reach; ++at) {
      const double mm = 0.5 * std::abs(at), strength = profile.drop(at) - p.price * mm;
      if (strength > best) best = strength, away = mm;
    }
    if (std::isfinite(away)) with_edge += area[i], offset += away * area[i];
  }
  if (seen > 0) out.falling = falling / seen;
  if (with_edge > 0) out.offset = offset / with_edge;
  return out;
}

/// What the model knows of one vertebra.
struct fit_evidence {
  double falling = 0;      // share, as in `surface_edges`
  double offset = 0;       // mm, as in `surface_edges`
  double crush_ratio = 1;  // height against the neighbours; NaN counts as 1
  double moved = 0;        // mm from the given or found centre to that of the fit
};

/// Coefficients of the model.
struct confidence_model {
  double constant, falling, offset, crush, moved;
};

/// Fitted to 1326 vertebrae of nine scans by benchmarks/accuracy/confidence.py. docs/results.md has the data
/// and the reliability.
inline constexpr confidence_model calibrated{
    .constant = -7.559, .falling = 19.111, .offset = -3.557, .crush = -5.882, .moved = -1.392};

inline double confidence(const fit_evidence& e, const confidence_model& m = calibrated) {
  const double crush = std::isnan(e.crush_ratio) ? 0 : std::abs(std::log(e.crush_ratio));
  return 1 / (1 + std::exp(-(m.constant + m.falling * e.falling + m.offset * e.offset + m.crush * crush +
                             m.moved * std::log1p(e.moved))));
}

/// Fills confidence and evidence of one vertebra, whose crush ratio is known. `edges`: of its mesh before the
/// last stage. `moved`: mm from the given centre to that of the fit. A vertebra of which the image shows no
/// edge has a confidence of 0, one of which it shows nothing has none.
inline void measure_confidence(vertebra_measures& m, const surface_edges& edges, double moved) {
  m.moved = moved, m.falling_edges = edges.falling, m.edge_offset = edges.offset;
  if (edges.falling == 0)
    m.confidence = 0;
  else
    m.confidence = confidence({edges.falling, edges.offset, m.crush_ratio, moved});
}

}  // namespace diffam::measure
