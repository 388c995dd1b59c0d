// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The templates of all levels: one mesh for all, or one for each label. If the meshes share their faces
// (`one_connectivity`), vertex k is the same anatomical point along the whole spine.
#pragma once

#include <iterator>
#include <map>

#include "diffam/mesh/check.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine {

/// Closed meshes in mm, by label. The constructors throw `error` where a mesh is not closed or a label is not
/// a vertebra.
class template_set {
 public:
  /// One mesh for all levels.
  explicit template_set(triangle_mesh<double> shared) {
    require_closed_mesh(shared, "template");
    meshes_.emplace(0, std::move(shared));
  }

  /// One mesh per label.
  explicit template_set(std::map<int, triangle_mesh<double>> per_label) : meshes_(std::move(per_label)) {
    if (meshes_.empty()) throw error("templates: expected at least one mesh, got none");
    for (const auto& [label, mesh] : meshes_) {
      if (!is_vertebra_label(label))
        throw error("templates: expected vertebra labels 1 to 25 or 28, got " + std::to_string(label));
      require_closed_mesh(mesh, "template of " + label_name(label));
    }
  }

  bool shared() const { return meshes_.begin()->first == 0; }
  bool has(int label) const { return shared() || meshes_.count(label) > 0; }

  /// The mesh for a label. A level without a mesh takes that of the nearest level; of two equally near ones,
  /// the upper.
  const triangle_mesh<double>& operator[](int label) const { return meshes_.at(source(label)); }

  /// The label whose mesh `label` uses; 0 for a shared mesh.
  int source(int label) const {
    if (shared()) return 0;
    int best = meshes_.begin()->first;
    const auto distance = [&](int l) {
      const int d = anatomical_rank(l) - anatomical_rank(label);
      return d <= 0 ? -2 * d : 2 * d + 1;
    };
    for (const auto& entry : meshes_)
      if (distance(entry.first) < distance(best)) best = entry.first;
    return best;
  }

  /// The mean of all meshes, vertex by vertex: the "average shape" whose eigenbasis serves all levels (Kim &
  /// Park 2024, section 2.3). It is the mean of the whole set, not of the levels in one CT, so that
  /// coefficients of different CTs are comparable. Throws `error` where the meshes have different faces.
  triangle_mesh<double> average() const {
    if (!one_connectivity())
      throw error("templates: expected the same faces in all of them, got others", error_kind::bad_data);
    triangle_mesh<double> mean = meshes_.begin()->second;
    for (auto entry = std::next(meshes_.begin()); entry != meshes_.end(); ++entry)
      for (std::size_t v = 0; v < mean.vertices.size(); ++v) mean.vertices[v] += entry->second.vertices[v];
    for (auto& v : mean.vertices) v *= 1 / static_cast<double>(meshes_.size());
    return mean;
  }

  /// Whether all meshes have exactly the same faces.
  bool one_connectivity() const {
    const auto& first = meshes_.begin()->second;
    for (const auto& entry : meshes_)
      if (entry.second.vertex_count() != first.vertex_count() || entry.second.faces != first.faces)
        return false;
    return true;
  }

 private:
  std::map<int, triangle_mesh<double>> meshes_;  // by label; 0: shared by all
};

}  // namespace diffam::spine
