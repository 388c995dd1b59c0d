// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Distances between two surfaces A and B, in mm. These measures have no single definition. Here each triangle
// is divided into equal parts with a sample point in each (less than `sample_spacing` apart), and d is the
// exact distance of a sample point to the triangles of the other surface:
//
//     mean      = (int_A d + int_B d) / (area A + area B)                (ASSD)
//     hd95      = larger of the 95th percentiles by area, A to B, B to A (HD95)
//     hausdorff = max of d over all points
//
// Between two voxel surfaces all three are too small by a fraction of a voxel, because the nearest point is
// often on a step of one surface towards the other. If one surface is empty, all
// three are infinite. If both are empty, they are 0. The surface of a label is `label_surface`.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "diffam/exec/policy.hpp"
#include "diffam/metrics/label_surface.hpp"
#include "diffam/sdf/closest.hpp"
#include "diffam/sdf/fitted_mesh.hpp"

namespace diffam::metrics {

/// Mean, 95th percentile and maximum of the distance.
struct surface_distances {
  double mean = 0;       // mm
  double hd95 = 0;       // mm
  double hausdorff = 0;  // mm
};

/// Distances of sample points, with weights, and their statistics.
struct weighted_distances {
  std::vector<double> distance;  // mm
  std::vector<double> weight;    // mm^2 of surface

  double total_weight() const { return std::accumulate(weight.begin(), weight.end(), 0.0); }
  double integral() const { return std::inner_product(weight.begin(), weight.end(), distance.begin(), 0.0); }
  double largest() const {
    return distance.empty() ? 0 : *std::max_element(distance.begin(), distance.end());
  }

  /// The weighted percentile: the smallest distance d such that points with a distance <= d have `share` of
  /// the weight.
  double percentile(double share) const {
    std::vector<std::size_t> order(distance.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return distance[a] != distance[b] ? distance[a] < distance[b] : a < b;
    });
    const double wanted = share * total_weight();
    double sum = 0;
    for (const std::size_t i : order)
      if ((sum += weight[i]) >= wanted) return distance[i];
    return largest();
  }
};

namespace detail {

/// Distance of point i to a surface.
struct surface_distance_kernel {
  tree_view<double> surface;
  const vec3<double>* points;
  double* distance;
  void operator()(index_t i) const {
    distance[i] = std::sqrt(nearest_in_mesh(surface, stored_index{0}, points[i]).squared_distance);
  }
};

/// Writes the distance of each point to the mesh. `distance` has the size of `points`; the mesh has at least
/// one face.
template <exec::policy Exec>
void distances_to(const Exec& e, const triangle_mesh<double>& mesh, const std::vector<vec3<double>>& points,
                  std::vector<double>& distance) {
  const fitted_mesh<double, Exec> surface(e, mesh, {.dipoles = false});
  e.for_each_index(static_cast<index_t>(points.size()),
                   surface_distance_kernel{surface.queries(), points.data(), distance.data()});
}

}  // namespace detail

/// Distances of sample points on `from` to the surface `to`. Neither may be empty. Throws `error` (bad_data)
/// if a vertex is not finite, and `error` if the spacing is not positive.
template <exec::policy Exec>
weighted_distances directed_distances(const Exec& e, const triangle_mesh<double>& from,
                                      const triangle_mesh<double>& to, double sample_spacing = 1) {
  if (!(sample_spacing > 0)) throw error("surface distance: expected a positive sample spacing");
  for (const auto* mesh : {&from, &to})
    for (const auto& v : mesh->vertices)
      if (!is_finite(v))
        throw error("surface distance: expected finite vertices, got others", error_kind::bad_data);
  weighted_distances out;
  std::vector<vec3<double>> points;
  for (const face& f : from.faces) {
    const auto at = [&](int k) { return from.vertices[static_cast<std::size_t>(f[k])]; };
    const vec3<double> a = at(0), u = at(1) - a, v = at(2) - a;
    const double longest = std::max({norm(u), norm(v), norm(v - u)});
    const int n = static_cast<int>(std::min(std::ceil(longest / sample_spacing), 64.0));  // n^2 parts
    const double area = norm(cross(u, v)) / 2 / (n * n);
    const auto add = [&](double s, double t) {
      points.push_back(a + u * (s / (3 * n)) + v * (t / (3 * n)));
      out.weight.push_back(area);
    };
    for (int i = 0; i < n; ++i)
      for (int j = 0; i + j < n; ++j) {
        add(3 * i + 1, 3 * j + 1);                     // centroid of an upright part
        if (i + j + 1 < n) add(3 * i + 2, 3 * j + 2);  // centroid of the inverted part beside it
      }
  }
  out.distance.resize(points.size());
  detail::distances_to(e, to, points, out.distance);
  return out;
}

/// Distances between two meshes in mm.
template <exec::policy Exec>
surface_distances mesh_surface_distances(const Exec& e, const triangle_mesh<double>& a,
                                         const triangle_mesh<double>& b, double sample_spacing = 1) {
  if (a.faces.empty() && b.faces.empty()) return {};
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (a.faces.empty() || b.faces.empty()) return {infinite, infinite, infinite};
  const weighted_distances ab = directed_distances(e, a, b, sample_spacing);
  const weighted_distances ba = directed_distances(e, b, a, sample_spacing);
  return {(ab.integral() + ba.integral()) / (ab.total_weight() + ba.total_weight()),
          std::max(ab.percentile(0.95), ba.percentile(0.95)), std::max(ab.largest(), ba.largest())};
}

/// Distances between the surfaces of a label in two volumes, whose grids may differ.
template <exec::policy Exec>
surface_distances label_surface_distances(const Exec& e, const volume<std::uint8_t>& prediction,
                                          const volume<std::uint8_t>& truth, int label,
                                          double sample_spacing = 1) {
  return mesh_surface_distances(e, label_surface(prediction, label), label_surface(truth, label),
                                sample_spacing);
}

}  // namespace diffam::metrics
