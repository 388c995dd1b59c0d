// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Templates from segmentations, the paper's way (Kim & Park 2024, section 3: the average of a data set's
// vertebrae): masks become signed distances in the frame from which a fit starts, are aligned by
// similarities, averaged, and the mean's surface is meshed evenly. One mesh for all levels, or one per label
// in a single connectivity, so that vertex k stays one anatomical point along the spine.
//
// Frame: mm, origin at the centre of the body, x right, y anterior, z superior, for centres 34.3 mm apart;
// turned and scaled as the default preset starts a fit: along the chord of the neighbours' centres, or along
// the spine's bend at a lowest L4 or L5, and by the distances of the whole chain.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diffam/mesh/remesh.hpp"
#include "diffam/spine/detail/align_shapes.hpp"
#include "diffam/spine/detail/crushed_body.hpp"
#include "diffam/spine/detail/mask_shape.hpp"
#include "diffam/spine/detail/mean_shape.hpp"
#include "diffam/spine/fit_connectivity.hpp"
#include "diffam/spine/pose.hpp"

namespace diffam::spine {

struct template_from_masks_params {
  std::vector<int> levels;    // vertebrae to take; empty: all
  index_t vertices = 2700;    // of a mesh, to about 1 %
  double spacing_mm = 1;      // of the grid on which distances are averaged
  double smoothing_mm = 0.7;  // standard deviation of the blur of the mean
  int smoothing_rounds = 3;   // of Taubin's, on the mesh
  double template_spacing_mm = 34.3;
  bool keep_cut = false;      // also vertebrae that reach the border of their image
  bool keep_crushed = false;  // also those whose body has collapsed (detail/crushed_body.hpp)
  detail::align_params align;
  fit_connectivity_params fit;
};

/// One vertebra of one mask, in the template's frame.
struct mask_vertebra {
  int label = 0;
  std::string source;          // which mask
  triangle_mesh<double> bone;  // mm
};

struct made_template {
  triangle_mesh<double> mesh;
  index_t genus = 0;
  int shapes = 0;                      // vertebrae in the mean; 0: stands between its neighbours
  double repaired_mm = 0;              // closing (positive) or opening (negative) that its handles took
  double distance_to_mean = 0;         // mm: of the vertices to the mean's surface, mean
  std::size_t self_intersections = 0;  // pairs of faces
};

namespace detail {

/// Takes collapsed bodies out, and says so.
inline void leave_out_crushed(std::vector<mask_vertebra>& found, const std::string& source,
                              std::vector<std::string>& warnings) {
  std::map<int, const triangle_mesh<double>*> bones;
  for (const auto& v : found) bones[v.label] = &v.bone;
  const std::map<int, double> crushed = crushed_bodies(bones);
  if (crushed.empty()) return;
  std::string said;
  for (const auto& [l, left] : crushed)
    said.append(" ")
        .append(label_name(l))
        .append(" (")
        .append(std::to_string(std::lround(100 * left)))
        .append(" % of its height)");
  warnings.push_back(source + ": collapsed bodies, left out:" + said);
  std::erase_if(found, [&](const mask_vertebra& v) { return crushed.count(v.label) > 0; });
}

}  // namespace detail

/// The vertebrae of a mask. Centres: those given, else the bodies' (`detail::body_centre`). A vertebra that
/// reaches the border of the image is left out, so is one that has collapsed, which is no example of its
/// level, and so is one without a centre; all are said.
template <exec::policy Host>
std::vector<mask_vertebra> vertebrae_of_mask(const Host& e, const volume<std::uint8_t>& labels,
                                             const std::string& source, centroid_list centres,
                                             const template_from_masks_params& p,
                                             std::vector<std::string>& warnings) {
  const auto boxes = label_boxes(labels);
  const bool given = !centres.empty();
  std::map<int, triangle_mesh<double>> bones;
  std::string cut, bare;
  for (int l = 1; l < 256; ++l) {
    const auto& box = boxes[static_cast<std::size_t>(l)];
    if (!is_vertebra_label(l) || box.voxels < 100) continue;
    const bool wanted = p.levels.empty() || std::count(p.levels.begin(), p.levels.end(), l) > 0;
    const bool usable = p.keep_cut || !box.is_cut(labels.geometry.size);
    const bool known = std::any_of(centres.begin(), centres.end(), [&](auto& c) { return c.label == l; });
    if (wanted && !usable) cut += (cut.empty() ? "" : " ") + label_name(l);
    if (wanted && usable && given && !known) bare += (bare.empty() ? "" : " ") + label_name(l);
    if (!usable || (given && !(wanted && known))) continue;  // half a bone has no centre
    triangle_mesh<double> bone = detail::smooth_label_surface(e, labels, l, box);
    if (!check_mesh(bone).ok()) continue;
    if (!given) centres.push_back({l, detail::body_centre(e, bone)});
    if (wanted) bones.emplace(l, std::move(bone));
  }
  if (!cut.empty()) warnings.push_back(source + ": at the border of the image, left out: " + cut);
  if (!bare.empty()) warnings.push_back(source + ": without a centre, left out: " + bare);
  if (bones.empty()) return {};
  sort_anatomically(centres);
  std::vector<std::string> said;
  const auto poses = start_poses(
      centres, {.template_spacing = p.template_spacing_mm, .chain_scale = true, .lordotic_end = true}, said);
  for (const auto& s : said) warnings.push_back(source + ": " + s);
  std::vector<mask_vertebra> out;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const auto found = bones.find(centres[i].label);
    if (found == bones.end()) continue;
    const mat3<double> back = inverse(poses[i].basis);
    for (auto& v : found->second.vertices) v = (v - poses[i].translation) * back;
    out.push_back({centres[i].label, source, std::move(found->second)});
  }
  if (!p.keep_crushed) detail::leave_out_crushed(out, source, warnings);
  return out;
}

namespace detail {

/// Shapes on one grid, aligned, and their mean.
struct shape_mean {
  std::vector<similarity> to_shape;
  mean_surface surface;
};

template <exec::policy Host>
shape_mean mean_of_bones(const Host& e, const std::vector<const triangle_mesh<double>*>& bones,
                         const template_from_masks_params& p) {
  std::vector<vec3<double>> all;
  for (const auto* b : bones) all.insert(all.end(), b->vertices.begin(), b->vertices.end());
  const grid g = grid_around(all, p.spacing_mm, 10);
  std::vector<volume<float>> distances;
  for (const auto* b : bones) distances.push_back(distance_volume(e, *b, g));
  shape_mean m;
  m.to_shape = align(distances, p.align);
  m.surface = surface_of_mean(e, mean_distance(distances, m.to_shape), p.smoothing_mm);
  return m;
}

template <exec::policy Host>
made_template finished(const Host&, triangle_mesh<double> mesh, const mean_surface& s, std::size_t shapes,
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

/// One mesh, the mean of all.
template <exec::policy Host>
made_template shared_template(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                              const template_from_masks_params& p = {}) {
  detail::require_vertebrae(vertebrae);
  std::vector<const triangle_mesh<double>*> bones;
  for (const auto& v : vertebrae) bones.push_back(&v.bone);
  const detail::shape_mean mean = detail::mean_of_bones(e, bones, p);
  return detail::finished(
      e, remesh_to_count(volume_function(mean.surface.distance), mean.surface.fine, p.vertices), mean.surface,
      bones.size(), p);
}

namespace detail {

/// Meshes for the levels between the first and the last that have none, if they are wanted: vertex k on the
/// line from the upper neighbour's to the lower one's.
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

/// One mesh per label, all with the faces of `connectivity` (a template of the same frame), or of the mean of
/// the labels' means where it has none. A level between others of which no vertebra is there (`shapes` is 0)
/// stands between its neighbours.
template <exec::policy Host>
std::map<int, made_template> templates_per_label(const Host& e, const std::vector<mask_vertebra>& vertebrae,
                                                 const template_from_masks_params& p = {},
                                                 triangle_mesh<double> connectivity = {}) {
  detail::require_vertebrae(vertebrae);
  std::map<int, std::vector<const triangle_mesh<double>*>> groups;
  for (const auto& v : vertebrae) groups[v.label].push_back(&v.bone);
  std::map<int, detail::mean_surface> means;
  for (const auto& [label, bones] : groups) means.emplace(label, detail::mean_of_bones(e, bones, p).surface);

  std::vector<const triangle_mesh<double>*> surfaces;
  for (const auto& [label, mean] : means) surfaces.push_back(&mean.fine);
  if (!connectivity.faces.empty()) surfaces.push_back(&connectivity);
  const detail::shape_mean common = detail::mean_of_bones(e, surfaces, p);
  if (connectivity.faces.empty()) {
    connectivity = remesh_to_count(volume_function(common.surface.distance), common.surface.fine, p.vertices);
  } else {
    const detail::similarity back = common.to_shape.back();
    for (auto& v : connectivity.vertices) v = back.inverse(v);
  }
  std::map<int, made_template> out;
  std::size_t i = 0;
  for (const auto& [label, mean] : means) {
    triangle_mesh<double> start = connectivity;
    for (auto& v : start.vertices) v = common.to_shape[i](v);
    ++i;
    out.emplace(label, detail::finished(e, fit_connectivity(e, start, mean.distance, p.fit), mean,
                                        groups[label].size(), p));
  }
  detail::fill_between(out, p.levels);
  return out;
}

}  // namespace diffam::spine
