// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The measures of a vertebra, from which its shape is built, in mm and radians. The frame is that of the
// body: origin at the body's centre, x to the right, y to the front, z to the head. The measures describe the
// right half; the left half mirrors it.
#pragma once

#include <cstring>

#include "diffam/core/vec.hpp"

namespace diffam::spine::anatomy {

/// The vertebral body.
struct body_measures {
  double upper_width, lower_width;  // of the end plates, from left to right
  double upper_depth, lower_depth;  // of the end plates, from front to back
  double height;                    // between the planes of the rims, at the centre
  double wedge;                     // angle between the end plates; positive where the front is lower
  double waist_width, waist_depth;  // narrowing at the waist, as a fraction of the plates' width and depth
  double squareness;  // exponent of the superellipse: 2 is an ellipse, more is closer to a rectangle
  double bend;        // how far the sides lie behind the middle; makes kidney and heart shapes
  double shear;       // forward shift of the outline for each mm of height
  double upper_hollow, lower_hollow;  // depth of the hollow in the end plates
  double uncus;                       // height of the raised sides of the upper plate
  double lip;                         // depth of the lower plate's front edge
  double centre_y;  // 0 except for the atlas, where the anterior arch takes the place of the body
};

/// The vertebral canal.
struct canal_measures {
  double width, depth;
  double centre_y;
  double tilt;   // forward shift for each mm of height
  double taper;  // change of the width from back to front; negative is wider in front
  double rim;    // radius by which the edges are rounded
};

/// The pedicle.
struct pedicle_measures {
  double x, z;         // where it leaves the body
  double radius;       // half of its width
  double stretch;      // height / width
  vec3<double> joint;  // where it meets the articular processes
  double joint_radius;
};

/// One articular process, from the joint to the middle of its facet.
struct articular_measures {
  vec3<double> tip;
  double radius;    // radius of the facet
  double flatness;  // thickness / width
  double turn;      // turn of the facet about z: 0 faces the front or the back, -pi/2 faces the midline
};

/// The lamina.
struct lamina_measures {
  double y, z;                        // where the two laminae meet
  double outer_radius, inner_radius;  // half the thickness
  double stretch;                     // height / thickness
};

/// The transverse process.
struct transverse_measures {
  vec3<double> root, tip;
  double root_radius, tip_radius;
  double stretch;  // height / thickness
};

/// The spinous process.
struct spinous_measures {
  double tip_y;
  double upper_root_z, upper_tip_z;  // upper edge, at the root and at the tip
  double lower_root_z, lower_tip_z;  // lower edge
  double root_half_thickness, tip_half_thickness;
};

/// A rod that points up from the body. A radius of 0 means that there is none.
struct dens_measures {
  double tip_z, radius, y;
};

/// All measures of a vertebra.
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
/// The inverse of `as_row`.
inline vertebra_measures from_row(const vec<double, measure_count>& row) {
  vertebra_measures m;
  std::memcpy(&m, &row, sizeof m);
  return m;
}

/// Linear interpolation (1 - t) a + t b; t outside [0, 1] extrapolates.
inline vertebra_measures between(const vertebra_measures& a, const vertebra_measures& b, double t) {
  return from_row(as_row(a) * (1 - t) + as_row(b) * t);
}

}  // namespace diffam::spine::anatomy
