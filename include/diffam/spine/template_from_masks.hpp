// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes templates from segmentations as in the paper (Kim & Park 2024, section 3: the average of a data set's
// vertebrae). Masks become signed distances in the frame in which a fit starts. Similarities align them, they
// are averaged, and the surface of the mean is meshed evenly. The result is one mesh for all levels, or one
// for each label with one connectivity, so that vertex k is the same anatomical point along the spine.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "diffam/mesh/remesh.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/template/carried_onto.hpp"
#include "diffam/spine/template/mask_centres.hpp"
#include "diffam/spine/template/mask_vertebrae.hpp"
#include "diffam/spine/template/mean_shape.hpp"
#include "diffam/spine/template/set.hpp"

namespace diffam::spine {

/// Parameters of `shared_template` and `templates_per_label`.
struct template_from_masks_params : mask_vertebrae_params {
  index_t vertices = 2700;    // of each mesh, within about 1 %
  double spacing_mm = 1;      // spacing of the grid on which distances are averaged
  double smoothing_mm = 0.7;  // standard deviation of the blur of the mean distance
  int smoothing_rounds = 3;   // rounds of Taubin smoothing of the mesh
  detail::align_params align;
  fit_connectivity_params fit;
};

/// A template with its quality figures.
struct made_template {
  triangle_mesh<double> mesh;
  index_t genus = 0;
  int shapes = 0;                      // vertebrae in the mean; 0: interpolated between its neighbours
  double repaired_mm = 0;              // closing (positive) or opening (negative) that removed handles
  double distance_to_mean = 0;         // mm, mean distance of the vertices to the mean's surface
  std::size_t self_intersections = 0;  // pairs of faces that intersect
};

namespace detail {

/// Puts the shapes on one grid, aligns them, and computes the surface of their mean.
template <exec::policy Host>
mean_surface mean_of_bones(const Host& e, const std::vector<const triangle_mesh<double>*>& bones,
                           const template_from_masks_params& p) {
  std::vector<vec3<double>> all;
  for (const auto* b : bones) all.insert(all.end(), b->vertices.begin(), b->vertices.end());
  const grid g = grid_around(all, p.spacing_mm, 10);
  std::vector<volume<float>> distances;
  for (const auto* b : bones) distances.push_back(distance_volume(e, *b, g, {.reach = p.align.reach}));
  return surface_of_mean(e, mean_distance(distances, align(distances, p.align)), p.smoothing_mm,
                         p.align.reach);
}

/// Smooths a mesh that was fitted to a mean, and measures its quality.
inline made_template finished(triangle_mesh<double> mesh, const mean_surface& s, std::size_t shapes,
                              const template_from_masks_params& p) {
  mesh = taubin_smooth(std::move(mesh), {.rounds = p.smoothing_rounds});
  made_template t{std::move(mesh), 0, static_cast<int>(shapes), s.closed_mm, 0, 0};
  const mesh_report report = check_mesh(t.mesh);
  if (!report.ok())
    throw error("template: the mesh is not closed: " + describe_defects(report), error_kind::internal);
  t.genus = report.genus;
  t.self_intersections = self_intersections(t.mesh).size();
  const volume_function d(s.distance);
  for (const auto& v : t.mesh.vertices)
    t.distance_to_mean += std::abs(d(v)) / static_cast<double>(t.mesh.vertices.size());
  return t;
}

inline void require_vertebrae(const std::vector<mask_vertebra>& v) {
  if (v.empty())
    throw error("template: expected vertebrae that are whole in a mask, found none", error_kind::bad_data);
}

}  // namespace detail

/// One mesh for all levels: the mean of all vertebrae. Throws `error` where there are none.
template <exec::policy Host>
made_template shared_template(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                              const template_from_masks_params& p = {}) {
  detail::require_vertebrae(vertebrae);
  std::vector<const triangle_mesh<double>*> bones;
  for (const auto& v : vertebrae) bones.push_back(&v.bone);
  const detail::mean_surface mean = detail::mean_of_bones(e, bones, p);
  return detail::finished(remesh_to_count(volume_function(mean.distance), mean.fine, p.vertices), mean,
                          bones.size(), p);
}

namespace detail {

/// Adds the wanted levels without a mesh that lie between two levels with one. Vertex k is interpolated
/// linearly between the meshes above and below.
inline void fill_between(std::map<int, made_template>& made, const std::vector<int>& wanted) {
  std::vector<int> levels;  // from head to foot
  for (const auto& entry : made) levels.push_back(entry.first);
  sort_anatomically(levels);
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    const int upper = levels[i], lower = levels[i + 1], apart = levels_apart(upper, lower);
    if (upper == label::t13 || lower == label::t13) continue;
    for (int l = upper + 1; l < lower; ++l) {
      if (!wanted.empty() && std::count(wanted.begin(), wanted.end(), l) == 0) continue;
      const double share = static_cast<double>(l - upper) / apart;
      made_template t = made.at(upper);
      const auto& below = made.at(lower).mesh.vertices;
      for (std::size_t v = 0; v < below.size(); ++v)
        t.mesh.vertices[v] += (below[v] - t.mesh.vertices[v]) * share;
      t.shapes = 0;
      t.repaired_mm = t.distance_to_mean = 0;
      t.genus = check_mesh(t.mesh).genus;
      t.self_intersections = self_intersections(t.mesh).size();
      made.emplace(l, std::move(t));
    }
  }
}

}  // namespace detail

namespace detail {

/// The mean of the vertebrae of one label.
struct label_mean {
  mean_surface surface;
  std::size_t shapes = 0;
};

/// The mean of each label.
template <exec::policy Host>
std::map<int, label_mean> means_of_labels(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                                          const template_from_masks_params& p) {
  require_vertebrae(vertebrae);
  std::map<int, std::vector<const triangle_mesh<double>*>> groups;
  for (const auto& v : vertebrae) groups[v.label].push_back(&v.bone);
  std::map<int, label_mean> means;
  for (const auto& [label, bones] : groups)
    means.emplace(label, label_mean{mean_of_bones(e, bones, p), bones.size()});
  return means;
}

/// The order of fitting: from the middle to the head, then from the middle to the foot. Each level is paired
/// with the level fitted before it in that direction; the middle level is paired with itself.
inline std::vector<std::pair<int, int>> outward(const std::map<int, label_mean>& means) {
  std::vector<int> chain;
  for (const auto& entry : means) chain.push_back(entry.first);
  sort_anatomically(chain);
  const std::size_t middle = chain.size() / 2;
  std::vector<std::pair<int, int>> order = {{chain[middle], chain[middle]}};
  for (std::size_t i = middle; i-- > 0;) order.emplace_back(chain[i], chain[i + 1]);
  for (std::size_t i = middle + 1; i < chain.size(); ++i) order.emplace_back(chain[i], chain[i - 1]);
  return order;
}

/// Fits a mesh to the mean of each label, each from its mesh in `starts`.
template <exec::policy Host>
std::map<int, made_template> fitted_to_means(const Host& e, const std::map<int, label_mean>& means,
                                             const template_from_masks_params& p,
                                             const template_set& starts) {
  if (!starts.one_connectivity())
    throw error("template: expected one connectivity to start from, got meshes of different faces",
                error_kind::bad_data);
  std::map<int, made_template> made;
  for (const auto& [label, neighbour] : outward(means)) {
    const label_mean& mean = means.at(label);
    const auto fitted = [&](const triangle_mesh<double>& start) {
      return finished(carried_onto(e, start, mean.surface.distance, p.align, p.fit), mean.surface,
                      mean.shapes, p);
    };
    made_template best = fitted(starts[label]);
    const bool sound = best.self_intersections == 0 && best.distance_to_mean < p.spacing_mm / 2;
    if (!sound && neighbour != label) {
      made_template again = fitted(made.at(neighbour).mesh);
      if (std::pair(again.self_intersections, again.distance_to_mean) <
          std::pair(best.self_intersections, best.distance_to_mean))
        best = std::move(again);
    }
    made.emplace(label, std::move(best));
  }
  fill_between(made, p.levels);
  return made;
}

}  // namespace detail

/// One mesh for each label, all with the faces of `starts` (templates of one connectivity in the same frame:
/// one mesh for all, or one for each level). Where a fit leaves intersecting faces or a large distance to the
/// label's mean, it is tried again from the neighbour's mesh. A wanted level between others that has no
/// vertebrae of its own (`shapes` is 0) is interpolated between its neighbours. Throws `error` where there
/// are no vertebrae, or where the faces of `starts` differ.
template <exec::policy Host>
std::map<int, made_template> templates_per_label(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                                                 const template_from_masks_params& p,
                                                 const template_set& starts) {
  return detail::fitted_to_means(e, detail::means_of_labels(e, vertebrae, p), p, starts);
}

/// The same, with the faces of a mesh made from the mean of the labels' means.
template <exec::policy Host>
std::map<int, made_template> templates_per_label(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                                                 const template_from_masks_params& p = {}) {
  const auto means = detail::means_of_labels(e, vertebrae, p);
  std::vector<const triangle_mesh<double>*> surfaces;
  for (const auto& [label, mean] : means) surfaces.push_back(&mean.surface.fine);
  const detail::mean_surface common = detail::mean_of_bones(e, surfaces, p);
  return detail::fitted_to_means(
      e, means, p, template_set(remesh_to_count(volume_function(common.distance), common.fine, p.vertices)));
}

}  // namespace diffam::spine
