// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Places the generated bones: a curve with kyphosis and lordosis, distances that leave room for the discs,
// and the atlas around the dens.
#pragma once

#include "diffam/spine/phantom/bone.hpp"

namespace diffam::spine::detail {

/// Piecewise linear interpolation between (rank, value) pairs, which are in rising order of rank.
template <std::size_t N>
double along_the_spine(const vec<double, 2> (&table)[N], double rank) {
  if (rank <= table[0][0]) return table[0][1];
  for (std::size_t i = 1; i < N; ++i)
    if (rank <= table[i][0]) {
      const double t = (rank - table[i - 1][0]) / (table[i][0] - table[i - 1][0]);
      return table[i - 1][1] + (table[i][1] - table[i - 1][1]) * t;
    }
  return table[N - 1][1];
}

/// How far the curve through the centres leans forward at a level, radians.
inline double phantom_lean(double rank) {
  constexpr vec<double, 2> table[] = {{1, -5},   {8, 22}, {14, 5},  {19, -9},
                                      {21, -10}, {23, 2}, {25, 16}, {26, 24}};
  return along_the_spine(table, rank) * degree;
}

/// Rows right, anterior, superior: turned by `lean` about right, then a little about the other two.
inline mat3<double> phantom_axes(double lean, double roll, double turn) {
  const vec3<double> up = normalized(vec3<double>{std::sin(roll), std::sin(lean), std::cos(lean)});
  const vec3<double> aside{std::cos(turn), std::sin(turn), 0};
  const vec3<double> right = normalized(aside - up * dot(aside, up));
  return {{right, cross(up, right), up}};
}

/// Half axes of a body; the atlas has none.
inline vec3<double> half_body(const anatomy::body_measures& b) {
  return {(b.upper_width + b.lower_width) / 4, (b.upper_depth + b.lower_depth) / 4, b.height / 2};
}

/// The atlas, placed in the frame of the axis: 16 mm above its centre and tilted back by 16 degrees (means of
/// two VerSe masks), with 1.5 mm between its anterior arch and the dens.
inline phantom_pose atlas_pose(const phantom_pose& axis, std::uint64_t seed) {
  constexpr double tilt = -16 * degree, up = 16, joint = 1.5;
  const anatomy::vertebra_measures atlas = phantom_measures(label::c1, seed),
                                   below = phantom_measures(label::c1 + 1, seed);
  const auto vary = [&](int slot) { return 0.04 * phantom_variation(seed, label::c1, slot); };
  const double inner = atlas.body.centre_y - atlas.body.upper_depth / 2 + 0.3 * atlas.body.bend;
  const double y = below.dens.y + below.dens.radius + joint - inner * std::cos(tilt);
  const double higher = below.body.height / anatomy::measures_of(label::c1 + 1).body.height;
  return {label::c1, axis.world({0, y, up * higher}),
          phantom_axes(tilt + vary(1), vary(2), vary(3)) * axis.axes, axis.size, half_body(atlas.body)};
}

/// One pose a label, from head to foot. The first is at the origin; where it is the atlas, the second is. The
/// spaces between the bodies are those of the built-in family, within 15 %.
inline std::vector<phantom_pose> phantom_chain(const std::vector<int>& labels, std::uint64_t seed) {
  static constexpr vec3<double> sacrum{26, 17.5, 14};
  const auto disc_of = [](int l) {  // half of the space between two bodies, mm
    return (natural_spacing_mm(l == label::sacrum ? label::l5 : l) -
            2 * (l == label::sacrum ? sacrum[2] : anatomy::measures_of(l).body.height / 2)) /
           2;
  };
  const bool with_atlas = labels.size() > 1 && labels[0] == label::c1;
  std::vector<phantom_pose> chain;
  vec3<double> up_before{};
  for (std::size_t i = with_atlas ? 1 : 0; i < labels.size(); ++i) {
    const int l = labels[i], rank = anatomical_rank(l);
    const auto vary = [&](int slot, double by) { return by * phantom_variation(seed, rank, slot); };
    phantom_pose p{rank, {}, {}, phantom_size(seed), sacrum};
    double lean = phantom_lean(rank);
    const vec3<double> up{0, std::sin(lean), std::cos(lean)};  // along the curve
    if (l == label::sacrum) {
      lean += 20 * degree;
    } else {
      p.body = half_body(phantom_measures(l, seed).body);
      lean -= anatomy::chord_tilt(l);
    }
    p.axes = phantom_axes(lean + vary(1, 0.04), vary(2, 0.04), vary(3, 0.04));
    if (!chain.empty()) {
      const phantom_pose& above = chain.back();
      const double disc = (disc_of(labels[i - 1]) + disc_of(l)) * (1 + vary(4, 0.15));
      p.centre = above.centre - normalized(up + up_before) * ((above.body[2] + disc + p.body[2]) * p.size);
      p.centre[0] += vary(12, 0.8);
    }
    up_before = up;
    chain.push_back(p);
  }
  if (with_atlas) chain.insert(chain.begin(), atlas_pose(chain.front(), seed));
  return chain;
}

}  // namespace diffam::spine::detail
