// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The built-in vertebrae: one mesh for every level, made by code. One mesh is generated for the eleventh
// thoracic vertebra and deformed from level to level (carry.hpp). All levels have the same faces, and vertex
// k is the same anatomical place in all of them. The same parameters give the same bytes every time.
#pragma once

#include <map>
#include <span>
#include <string>

#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/remesh.hpp"
#include "diffam/spine/anatomy/carry.hpp"
#include "diffam/spine/anatomy/levels.hpp"
#include "diffam/spine/anatomy/morphometry.hpp"
#include "diffam/spine/anatomy/placement.hpp"

namespace diffam::spine {

enum class body_sex { mean_of_both, female, male };

/// Parameters of `make_vertebrae`.
struct family_params {
  double edge_length = 2.1;  // mm at T11; 1.5 gives 5,000 vertices, 3 gives 1,250, the default about 2,500
  double size = 1;           // factor on the whole vertebra; 1 is an adult of middle size
  double height = 1;         // further factor along the spine
  body_sex sex = body_sex::mean_of_both;
  double spacing_mm = 34.3;  // every level is scaled to this distance between centres; 0: natural size
  bool along_chord = true;   // z is the chord to the neighbours, as in a start pose; else the body's axis
};

namespace anatomy {

/// The measures of one level. T13 is the mean of its neighbours; L6 extrapolates from L4 and L5 by half a
/// step.
inline vertebra_measures measures_of(int label, body_sex sex = body_sex::mean_of_both) {
  if (label == label::t13) return between(measures_of(label::t12, sex), measures_of(label::l1, sex), 0.5);
  if (label == label::l6) return between(measures_of(label::l5 - 1, sex), measures_of(label::l5, sex), 1.5);
  const int i = label - label::c1;
  vertebra_measures m{body_of[i],   canal_of[i],      pedicle_of[i], upper_of[i], lower_of[i],
                      lamina_of[i], transverse_of[i], spinous_of[i], dens_of[i]};
  if (sex != body_sex::mean_of_both)
    for (const auto& w : published_wedge)
      if (w.label == label)
        m.body.wedge += (sex == body_sex::female ? w.women - w.men : w.men - w.women) / 2 * degree;
  return m;
}

inline constexpr int first_drawn = label::t12 - 1;  // the level whose mesh is generated

/// The mesh from which all others are deformed: closed, of genus 1, with even triangles.
inline triangle_mesh<double> drawn_mesh(const vertebra_measures& m, double edge_length) {
  const double cell = 0.7 * edge_length;
  const vec3<double> low{-46, -78, -46}, high{46, 28, 34};
  grid g;
  for (int a = 0; a < 3; ++a) {
    g.size[a] = static_cast<index_t>((high[a] - low[a]) / cell) + 2;
    g.axes(a, a) = cell;
    g.origin[a] = low[a] + 0.3 * cell;  // not on the shape's plane of symmetry
  }
  const vertebra_shape shape(m);
  return remesh(shape, marching_tetrahedra(shape, g), {.edge_length = edge_length, .rounds = 8});
}

/// How `make_vertebrae` scales and tilts a mesh that is given in mm along the body's axes.
struct placing {
  vec3<double> factors;  // along x, y, z; before the turn
  double cosine, sine;   // of the turn about x

  placing(int label, const family_params& p) {
    const double wide = p.sex == body_sex::female ? female_width : p.sex == body_sex::male ? male_width : 1;
    const double high = p.sex == body_sex::female ? female_height : p.sex == body_sex::male ? male_height : 1;
    const double scale = p.size * (p.spacing_mm > 0 ? p.spacing_mm / natural_spacing_mm(label) : 1);
    const double tilt = p.along_chord ? chord_tilt(label) : 0;
    factors = {scale * wide, scale * wide, scale * high * p.height};
    cosine = std::cos(tilt), sine = std::sin(tilt);
  }

  vec3<double> operator()(vec3<double> v) const {
    v = {v[0] * factors[0], v[1] * factors[1], v[2] * factors[2]};
    return {v[0], cosine * v[1] - sine * v[2], sine * v[1] + cosine * v[2]};
  }
  vec3<double> inverse(const vec3<double>& v) const {
    const vec3<double> q{v[0], cosine * v[1] + sine * v[2], cosine * v[2] - sine * v[1]};
    return {q[0] / factors[0], q[1] / factors[1], q[2] / factors[2]};
  }
};

inline triangle_mesh<double> placed(triangle_mesh<double> mesh, int label, const family_params& p) {
  const placing place(label, p);
  for (auto& v : mesh.vertices) v = place(v);
  return mesh;
}

}  // namespace anatomy

/// Meshes of the wanted levels, by label, in mm. The origin is the centre of the body (for the atlas: of the
/// ring); x points to the right, y to the front, z to the head. Throws `error` where a parameter is out of
/// range or a label is not a vertebra.
inline std::map<int, triangle_mesh<double>> make_vertebrae(std::span<const int> labels,
                                                           const family_params& p = {}) {
  const auto fail = [](const std::string& what) { throw error("vertebrae: expected " + what); };
  if (!(p.edge_length >= 1.5 && p.edge_length <= 3))
    fail("an edge length from 1.5 to 3 mm, got " + std::to_string(p.edge_length));
  if (!(p.size > 0.3 && p.size < 3 && p.height > 0.5 && p.height < 2))
    fail("a size of 0.3 to 3, a height of 0.5 to 2");
  if (!(p.spacing_mm >= 0 && p.spacing_mm < 200)) fail("a spacing from 0 to 200 mm");
  int top = anatomical_rank(anatomy::first_drawn), bottom = top;
  for (const int l : labels) {
    if (!is_vertebra_label(l)) fail("labels of vertebrae, got " + std::to_string(l));
    top = std::min(top, anatomical_rank(l)), bottom = std::max(bottom, anatomical_rank(l));
  }
  std::map<int, triangle_mesh<double>> made;
  const auto take = [&](int l, const triangle_mesh<double>& mesh) {
    if (std::find(labels.begin(), labels.end(), l) != labels.end())
      made.emplace(l, anatomy::placed(mesh, l, p));
  };
  const triangle_mesh<double> drawn =
      anatomy::drawn_mesh(anatomy::measures_of(anatomy::first_drawn), p.edge_length);
  for (const int way : {-1, 1}) {
    anatomy::mesh_carrier carrier(drawn);
    auto here = anatomy::measures_of(anatomy::first_drawn);
    const int last = way < 0 ? top : bottom;
    for (int rank = anatomical_rank(anatomy::first_drawn); rank != last + way; rank += way) {
      const int l = anatomy::label_of_rank(rank);
      const auto there = anatomy::measures_of(l, p.sex);
      carrier.carry(here, there);
      here = there;
      if (way < 0 || l != anatomy::first_drawn) take(l, carrier.mesh());
    }
  }
  return made;
}

}  // namespace diffam::spine
