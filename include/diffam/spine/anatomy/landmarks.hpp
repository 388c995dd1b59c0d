// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Anatomical landmarks of a built-in vertebra, as points of its mesh. The faces stay the same in every
// patient, so the same points of a fitted mesh are the landmarks of the patient's vertebra.
#pragma once

#include <string>
#include <vector>

#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/sdf/formulas.hpp"
#include "diffam/spine/anatomy/processes.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine {

/// A point of a face, by its barycentric weights.
struct surface_point {
  stored_index face = 0;
  vec3<double> weights{};
};

inline vec3<double> position_of(const triangle_mesh<double>& mesh, const surface_point& p) {
  const face& f = mesh.faces[static_cast<std::size_t>(p.face)];
  vec3<double> sum{};
  for (int k = 0; k < 3; ++k) sum += mesh.vertices[static_cast<std::size_t>(f[k])] * p.weights[k];
  return sum;
}

/// A landmark: the mean of points of the surface.
struct landmark {
  std::string name;
  int number = 0;  // sub-region number of TPTBox (Location in vert_constants.py); 0: it has none
  std::vector<surface_point> points;
};

/// World mm where the vertices of the mesh are.
inline vec3<double> position_of(const triangle_mesh<double>& mesh, const landmark& l) {
  vec3<double> sum{};
  for (const surface_point& p : l.points) sum += position_of(mesh, p);
  return sum * (1 / static_cast<double>(l.points.size()));
}

/// The point of the mesh that is nearest to p. It tests all faces.
inline surface_point nearest_surface_point(const triangle_mesh<double>& mesh, const vec3<double>& p) {
  surface_point best;
  double least = 1e300;
  for (std::size_t i = 0; i < mesh.faces.size(); ++i) {
    const face& f = mesh.faces[i];
    const auto corner = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    const auto c = closest_on_triangle(p, corner(0), corner(1), corner(2));
    if (c.squared_distance < least) least = c.squared_distance, best = {static_cast<stored_index>(i), c.bary};
  }
  return best;
}

namespace anatomy {

/// A landmark of the measures: its position is the mean of the surface points nearest to `near`, in the frame
/// of the body (origin at its centre, x right, y front, z up; mm).
struct landmark_target {
  std::string name;
  int number;
  std::vector<vec3<double>> near;
};

/// Corners and middles of the body in its median plane and at its sides, as a radiograph shows them.
inline void add_body_targets(std::vector<landmark_target>& out, const body_measures& m) {
  const double upper_half = m.upper_depth / 2, lower_half = m.lower_depth / 2, push = 0.3 * m.bend;
  const double middle_half = (upper_half + lower_half) / 2 * (1 - m.waist_depth);
  const auto upper = [&](double forward) {  // share of the half depth, from the middle of the outline
    const double y = forward * upper_half + push;
    return vec3<double>{0, m.centre_y + m.shear * m.height / 2 + y, m.height / 2 - m.wedge / 2 * y};
  };
  const auto lower = [&](double forward) {
    const double y = forward * lower_half + push;
    return vec3<double>{0, m.centre_y - m.shear * m.height / 2 + y, -m.height / 2 + m.wedge / 2 * y};
  };
  const auto aside = [](vec3<double> p, double x) { return vec3<double>{x, p[1], p[2]}; };
  out.push_back({"upper_front_corner", 101, {upper(1)}});
  out.push_back({"upper_back_corner", 102, {upper(-1)}});
  out.push_back({"lower_front_corner", 103, {lower(1)}});
  out.push_back({"lower_back_corner", 104, {lower(-1)}});
  const double inside = 1 - 3 * 4 / (m.upper_depth + m.lower_depth);  // 3 mm inside the rims
  out.push_back({"upper_front", 0, {upper(inside)}});
  out.push_back({"upper_back", 0, {upper(-inside)}});
  out.push_back({"lower_front", 0, {lower(inside)}});
  out.push_back({"lower_back", 0, {lower(-inside)}});
  out.push_back({"upper_middle", 105, {upper(0)}});
  out.push_back({"back_middle", 106, {{0, m.centre_y - middle_half + push, 0}}});
  out.push_back({"lower_middle", 107, {lower(0)}});
  out.push_back({"front_middle", 108, {{0, m.centre_y + middle_half + push, 0}}});
  const double waist = (m.upper_width + m.lower_width) / 4 * (1 - m.waist_width);
  for (const double s : {-1.0, 1.0}) {
    const std::string side = s < 0 ? "_left" : "_right";
    out.push_back({"body" + side, 0, {{s * waist, m.centre_y, 0}}});
    out.push_back({"upper_plate" + side, 0, {aside(upper(0), s * m.upper_width / 2)}});
    out.push_back({"lower_plate" + side, 0, {aside(lower(0), s * m.lower_width / 2)}});
  }
}

/// Two rings of four points around each pedicle, at a quarter and at three quarters of its free length.
inline void add_pedicle_targets(std::vector<landmark_target>& out, const vertebra_measures& m) {
  const vec3<double> from{m.pedicle.x, m.body.centre_y - 0.25 * m.body.upper_depth, m.pedicle.z},
      to = m.pedicle.joint;
  const double free_from = m.body.centre_y - 0.5 * m.body.upper_depth;
  const double first = std::clamp((free_from - from[1]) / (to[1] - from[1]), 0.0, 0.8);
  const vec3<double> along = (to - from) * (1 / norm(to - from));
  const vec3<double> wide{along[1], -along[0], 0};  // to the right of the axis, in the axial plane
  const double high = m.pedicle.radius * m.pedicle.stretch;
  for (const double s : {-1.0, 1.0}) {
    const std::string side = s < 0 ? "_left" : "_right";
    std::vector<vec3<double>> all;
    for (const double share : {0.25, 0.75}) {
      const vec3<double> c = from + (to - from) * (first + (1 - first) * share);
      const std::string ring = share < 0.5 ? "pedicle_front" : "pedicle_back";
      const vec3<double> w = wide * (m.pedicle.radius / norm(wide));
      const vec3<double> four[] = {c + w, c - w, c + vec3<double>{0, 0, high}, c - vec3<double>{0, 0, high}};
      const char* names[] = {"_outer", "_inner", "_upper", "_lower"};
      const bool outward = w[0] > 0;
      for (int k = 0; k < 4; ++k) {
        const vec3<double> p{s * four[k][0], four[k][1], four[k][2]};
        const int name = k < 2 && !outward ? 1 - k : k;
        out.push_back({ring + names[name] + side, 0, {p}});
        all.push_back(p);
      }
    }
    out.push_back({"pedicle" + side, 0, all});
  }
}

inline std::vector<landmark_target> landmark_targets(int label, const vertebra_measures& m) {
  std::vector<landmark_target> out;
  add_body_targets(out, m.body);
  const auto near = [&](const char* name) {
    return std::find_if(out.begin(), out.end(), [&](const auto& t) { return t.name == name; })->near[0];
  };
  out.push_back({"body_centre", 50, {near("upper_middle"), near("lower_middle")}});
  const canal_measures& c = m.canal;
  const vec3<double> front{0, c.centre_y + c.depth / 2, 0};
  const vec3<double> back{0, c.centre_y + c.tilt * m.lamina.z - c.depth / 2, m.lamina.z};
  out.push_back({"canal_front", 0, {front}});
  out.push_back({"canal_back", 0, {back}});
  out.push_back({"canal_centre", 61, {front, back}});
  add_pedicle_targets(out, m);
  out.push_back(
      {"spinous_tip", 81, {{0, m.spinous.tip_y, (m.spinous.upper_tip_z + m.spinous.lower_tip_z) / 2}}});
  const process_points points = points_of_processes(label, m);
  for (const double s : {-1.0, 1.0}) {
    const std::string side = s < 0 ? "_left" : "_right";
    const auto mirrored = [s](const vec3<double>& p) { return vec3<double>{s * p[0], p[1], p[2]}; };
    out.push_back({"transverse_tip" + side, s < 0 ? 83 : 82, {mirrored(points.transverse_tip)}});
    out.push_back({"upper_facet" + side, s < 0 ? 88 : 89, {mirrored(points.upper_facet)}});
    out.push_back({"lower_facet" + side, s < 0 ? 86 : 87, {mirrored(points.lower_facet)}});
  }
  return out;
}

}  // namespace anatomy
}  // namespace diffam::spine
