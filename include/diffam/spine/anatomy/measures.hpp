// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a vertebra of the family is made from: the measures of its parts in mm and radians, in the body's
// frame (origin at the body's centre, x right, y anterior, z superior). The right half; the left one mirrors
// it.
#pragma once

#include <cstring>

#include "diffam/core/vec.hpp"

namespace diffam::spine::anatomy {

struct body_measures {
  double upper_width, lower_width;    // of the end plates, left to right
  double upper_depth, lower_depth;    // front to back
  double height;                      // between the rims' planes, at the centre
  double wedge;                       // angle between the end plates; positive: lower in front
  double waist_width, waist_depth;    // what the waist lacks of the plates' width and depth
  double squareness;                  // exponent of the outline: 2 an ellipse, more a rectangle
  double bend;                        // how far the sides lie behind the middle: kidney and heart shapes
  double shear;                       // forward shift of the outline a mm of height
  double upper_hollow, lower_hollow;  // depth of the end plates
  double uncus;                       // height of the upper plate's sides
  double lip;                         // depth of the lower plate's front edge
  double centre_y;                    // 0 but for the atlas, whose anterior arch stands for the body
};

struct canal_measures {
  double width, depth;
  double centre_y;
  double tilt;   // forward shift a mm of height
  double taper;  // of the width from back to front: negative is wider in front
  double rim;    // rounding of its edges
};

struct pedicle_measures {
  double x, z;         // where it leaves the body
  double radius;       // half its width
  double stretch;      // height / width
  vec3<double> joint;  // where it meets the articular processes
  double joint_radius;
};

/// An articular process from the joint to the middle of its facet.
struct articular_measures {
  vec3<double> tip;
  double radius;    // of the facet
  double flatness;  // thickness / width
  double turn;      // of the facet about z: 0 faces front or back, -pi/2 the midline
};

struct lamina_measures {
  double y, z;                        // where both meet
  double outer_radius, inner_radius;  // half the thickness
  double stretch;                     // height / thickness
};

struct transverse_measures {
  vec3<double> root, tip;
  double root_radius, tip_radius;
  double stretch;  // height / thickness
};

struct spinous_measures {
  double tip_y;
  double upper_root_z, upper_tip_z;  // its upper edge, root to tip
  double lower_root_z, lower_tip_z;  // its lower edge
  double root_half_thickness, tip_half_thickness;
};

/// A rod up from the body; none where the radius is 0.
struct dens_measures {
  double tip_z, radius, y;
};

struct vertebra_measures {
  body_measures body;
  canal_measures canal;
  pedicle_measures pedicle;
  articular_measures upper, lower;
  lamina_measures lamina;
  transverse_measures transverse;
  spinous_measures spinous;
  dens_measures dens;
};

inline constexpr int measure_count = static_cast<int>(sizeof(vertebra_measures) / sizeof(double));

/// All measures as one row of numbers, in the order of their declaration.
inline vec<double, measure_count> as_row(const vertebra_measures& m) {
  vec<double, measure_count> row{};
  static_assert(sizeof row == sizeof m);
  std::memcpy(&row, &m, sizeof m);
  return row;
}
inline vertebra_measures from_row(const vec<double, measure_count>& row) {
  vertebra_measures m;
  std::memcpy(&m, &row, sizeof m);
  return m;
}

/// (1 - t) a + t b.
inline vertebra_measures between(const vertebra_measures& a, const vertebra_measures& b, double t) {
  return from_row(as_row(a) * (1 - t) + as_row(b) * t);
}

}  // namespace diffam::spine::anatomy
