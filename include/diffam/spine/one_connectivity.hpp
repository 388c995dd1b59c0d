// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Gives one connectivity to templates that have different faces. One mesh of the set is fitted to each of the
// others. Then vertex k is the same anatomical point in all of them, and one eigenbasis serves them all.
// Parts and landmarks are carried to other meshes in the same way (spine/template/carried_anatomy.hpp).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/template/carried_anatomy.hpp"
#include "diffam/spine/template/mask_shape.hpp"
#include "diffam/spine/template/set.hpp"

namespace diffam::spine {

/// Parameters of `with_one_connectivity`.
struct one_connectivity_params {
  double spacing_mm = 1;  // spacing of the grid on which shapes are compared
  detail::align_params align;
  fit_connectivity_params fit;
};

namespace detail {

/// The middle level among those whose mesh has the most common genus. A mesh of this genus can take the shape
/// of most others.
inline int middle_label(const template_set& set, const std::vector<int>& labels) {
  std::map<index_t, std::vector<int>> by_genus;
  for (const int l : labels) by_genus[check_mesh(set[l]).genus].push_back(l);
  const auto most = std::max_element(by_genus.begin(), by_genus.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  return most->second[most->second.size() / 2];
}

}  // namespace detail

/// The set's meshes for `labels` (or the nearest level that has a mesh), all with the faces of one of them.
/// `warnings` names that mesh, and the results in which faces intersect each other. A set that already has
/// one connectivity is returned unchanged. Takes seconds for each mesh.
template <exec::policy Host>
template_set with_one_connectivity(const Host& e, const template_set& set, const std::vector<int>& labels,
                                   std::vector<std::string>& warnings,
                                   const one_connectivity_params& p = {}) {
  if (set.one_connectivity()) return set;
  std::vector<int> sources;
  for (const int l : labels)
    if (std::find(sources.begin(), sources.end(), set.source(l)) == sources.end())
      sources.push_back(set.source(l));
  if (sources.empty())
    throw error("templates: expected at least one label to make them for, got none", error_kind::bad_data);
  std::sort(sources.begin(), sources.end(),
            [](int a, int b) { return anatomical_rank(a) < anatomical_rank(b); });
  const int reference = detail::middle_label(set, sources);
  std::map<int, triangle_mesh<double>> made;
  std::string carried;
  for (const int l : sources) {
    const triangle_mesh<double>& shape = set[l];
    if (shape.faces == set[reference].faces && shape.vertex_count() == set[reference].vertex_count()) {
      made.emplace(l, shape);
      continue;
    }
    if (!carried.empty()) carried += ' ';
    carried += label_name(l);
    std::vector<vec3<double>> both = set[reference].vertices;
    both.insert(both.end(), shape.vertices.begin(), shape.vertices.end());
    const volume<float> wanted =
        distance_volume(e, shape, detail::grid_around(both, p.spacing_mm, 10), {.reach = p.align.reach});
    triangle_mesh<double> fitted = detail::carried_onto(e, set[reference], wanted, p.align, p.fit);
    const std::size_t crossings = self_intersections(fitted).size();
    if (crossings > 0)
      warnings.push_back("templates: " + label_name(l) + " with the faces of " + label_name(reference) +
                         " has " + std::to_string(crossings) +
                         " pairs of faces that pass through one another");
    made.emplace(l, std::move(fitted));
  }
  if (!carried.empty())
    warnings.push_back("templates: their faces differ; the mesh of " + label_name(reference) +
                       " was fitted to those of " + carried);
  return template_set(std::move(made));
}

}  // namespace diffam::spine
