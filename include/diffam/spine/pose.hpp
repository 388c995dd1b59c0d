// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Start poses of the templates, from the centres alone (the paper starts from the given centres and does not
// describe how). The template's z axis follows the chord between the neighbours' centres. Its x axis is the
// patient's right, made orthogonal to that chord. Its size follows the local spacing of the centres:
//
//     V = X B + t,   B = s [x; y; z]   (rows: world images of the template's axes)
#pragma once

#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/anatomy/placement.hpp"
#include "diffam/spine/checks/chain_review.hpp"

namespace diffam::spine {

/// A similarity from the template's frame (x right, y anterior, z superior, mm) to the world.
struct pose {
  mat3<double> basis = mat3<double>::identity();  // rows: world images of the template's axes, scaled
  vec3<double> translation{};                     // world image of the template's origin, mm
  double scale = 1;                               // length of each row of `basis`

  vec3<double> operator()(const vec3<double>& x) const { return x * basis + translation; }
};

/// Parameters of `start_poses`.
struct pose_params {
  double template_spacing = 34.3;  // mm between the centres of two neighbours at the template's size
  double single_scale = 1;         // scale of a vertebra without neighbours
  bool chain_scale = false;   // sizes follow from all distances of the chain, not only from a level's own
  bool lordotic_end = false;  // an L4 or L5 at the end of the chain follows the spine's bend, not its chord
  mat3<double> patient =
      mat3<double>::identity();  // rows: the patient's right, anterior, superior in the world
};

/// The mesh at pose p.
template <real T>
triangle_mesh<T> transformed(const pose& p, triangle_mesh<T> mesh) {
  for (auto& v : mesh.vertices) {
    const vec3<double> w =
        p({static_cast<double>(v[0]), static_cast<double>(v[1]), static_cast<double>(v[2])});
    for (int k = 0; k < 3; ++k) v[k] = static_cast<T>(w[k]);
  }
  return mesh;
}

namespace detail {

inline constexpr double least_sine_to_left_right = 0.342;  // 20 degrees

[[noreturn]] inline void fail_poses(const std::string& what) {
  throw error("centres: " + what, error_kind::bad_data);
}

inline void require_a_spine(const centroid_list& c, const vec3<double>& superior) {
  if (const auto p = find_chain_problem(c, superior))
    fail_poses(p->field + ": expected " + p->expected + ", found " + p->found);
}

/// Throws `error` where the chain is refused; adds all other findings to `warnings`.
inline void take_findings(const centroid_list& c, std::vector<std::string>& warnings) {
  for (const chain_finding& f : review_chain(c)) {
    if (f.fatal) fail_poses(f.text);
    warnings.push_back("centres: " + f.text);
  }
}

/// Distance in mm for each level between each centre and the next one; missing levels share the gap equally.
/// An impossible step tells nothing about sizes; the expected distance takes its place. With `share`, each
/// distance is pulled towards the expected one: a clicked centre has an error of about 3 mm, and spines
/// deviate from the table by 0.037 (logarithm); then the distance's own weight is a sixth.
inline std::vector<double> level_spacings(const centroid_list& c, bool share) {
  constexpr double own_weight = 1.0 / 6;
  std::vector<double> gap;
  for (const chain_step& s : chain_steps(c)) {
    const double own = s.impossible ? 0 : share && s.expected > 0 ? own_weight : 1;
    gap.push_back((own < 1 ? s.expected * std::exp(own * s.deviation) : s.distance) / s.levels);
  }
  return gap;
}

/// The chord that the lowest vertebra `c[2]` would have with a neighbour below it, estimated from the two
/// vertebrae above. The lordosis bends most at this place: see `lumbar_end`.
inline vec3<double> lordotic_chord(const vec3<double> (&c)[3], const vec3<double>& right, int label) {
  const anatomy::lumbar_end e = label < label::l5 ? anatomy::end_at_l4 : anatomy::end_at_l5;
  const vec3<double> mixed =
      normalized(normalized(c[1] - c[2]) * e.near_share + normalized(c[0] - c[1]) * (1 - e.near_share));
  const vec3<double> x = normalized(right - mixed * dot(right, mixed)), forward = cross(mixed, x);
  const double angle = e.lean * degree;
  return mixed * std::cos(angle) + forward * std::sin(angle);
}

/// The axes (rows): x is `right` made orthogonal to z, and y = z x x.
inline mat3<double> axes_along(const vec3<double>& z, const pose_params& p, int label) {
  const vec3<double>& right = p.patient.row[0];
  const vec3<double> x = right - z * dot(right, z);
  if (norm(x) < least_sine_to_left_right)
    fail_poses("the spine runs along the patient's left-right axis at " + label_name(label));
  const vec3<double> unit = normalized(x);
  return {{unit, cross(z, unit), z}};
}

}  // namespace detail

/// One pose for each centre, from head to foot (the order of `sort_anatomically`). Throws `error` (bad_data)
/// where the centres cannot be a spine: a label occurs twice, two centres are in one place, or the order is
/// not anatomical, and where `review_chain` has a fatal finding. Adds its other findings to `warnings`.
inline std::vector<pose> start_poses(centroid_list centres, const pose_params& p,
                                     std::vector<std::string>& warnings) {
  sort_anatomically(centres);
  detail::require_a_spine(centres, p.patient.row[2]);
  const std::size_t n = centres.size();
  detail::take_findings(centres, warnings);
  const std::vector<double> gap = detail::level_spacings(centres, p.chain_scale);  // between i and i + 1
  std::vector<pose> poses(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t above = i > 0 ? i - 1 : 0, below = i + 1 < n ? i + 1 : n - 1;
    mat3<double> axes = p.patient;
    poses[i].scale = p.single_scale;
    if (n > 1) {
      vec3<double> chord = normalized(centres[above].position - centres[below].position);
      const int l = centres[i].label;
      if (p.lordotic_end && i + 1 == n && n > 2 && l >= label::l5 - 1 && l <= label::l6)
        chord = detail::lordotic_chord(
            {centres[n - 3].position, centres[n - 2].position, centres[n - 1].position}, p.patient.row[0], l);
      axes = detail::axes_along(chord, p, centres[i].label);
      poses[i].scale = (gap[above] + gap[below - 1]) / 2 / p.template_spacing;
    }
    poses[i].translation = centres[i].position;
    for (int k = 0; k < 3; ++k) poses[i].basis.row[k] = axes.row[k] * poses[i].scale;
  }
  return poses;
}

}  // namespace diffam::spine
