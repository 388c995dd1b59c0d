// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts of a vertebra as implicit functions: negative inside, and near the surface about the distance in
// mm. Each part also has a function `carried`: it maps a point of this part to the same place on a part with
// other measures (the tip to the tip, the rim to the rim). All points have x >= 0; the caller mirrors the
// left half.
#pragma once

#include "diffam/spine/anatomy/implicit.hpp"
#include "diffam/spine/anatomy/jet.hpp"
#include "diffam/spine/anatomy/measures.hpp"

namespace diffam::spine::anatomy {

using diffam::spine::detail::smooth_intersection;
using diffam::spine::detail::smooth_union;

/// The vertebral body: a superelliptic cylinder with a waist between two end plates.
struct body_part {
  body_measures m;

  template <class T>
  struct section {
    T half_width, half_depth, y;  // at the height of the point; y is measured from the middle of the outline
  };
  template <class T>
  section<T> at(const vec3<T>& p) const {
    const T t = p[2] * (2 / m.height), share = clamped<T>(0.5 + 0.5 * t, 0, 1);
    const T waist = t > -1 && t < 1 ? 1 - t * t : T(0);
    return {(m.lower_width + (m.upper_width - m.lower_width) * share) * 0.5 * (1 - m.waist_width * waist),
            (m.lower_depth + (m.upper_depth - m.lower_depth) * share) * 0.5 * (1 - m.waist_depth * waist),
            p[1] - m.centre_y - m.shear * p[2]};
  }

  /// The surfaces that bound the body: its wall, the upper and the lower end plate.
  template <class T>
  struct bounds {
    T wall, upper, lower;
  };
  template <class T>
  bounds<T> bounds_at(const vec3<T>& p) const {
    using std::abs, std::pow;
    const section<T> s = at(p);
    const T x = p[0] / s.half_width, side = clamped<T>(x, 0, 1.4), square = side * side;
    const T y = (s.y + m.bend * (square - 0.3)) / s.half_depth;
    constexpr double least = 1e-6;  // keeps the gradients of the powers finite
    const T q = pow(pow(x + least, m.squareness) + pow(abs(y) + least, m.squareness), 1 / m.squareness);
    const T side_wall = (q - 1) * (s.half_width < s.half_depth ? s.half_width : s.half_depth);

    const T forward = clamped<T>(s.y / s.half_depth, -1.4, 1.4), rim = 1 - square - forward * forward;
    const T hollow = rim > 0 ? rim * rim : T(0);
    const T raised = clamped<T>(square, 0, 1.3), front = clamped<T>(forward, 0, 1.2);
    const T top = 0.5 * m.height - 0.5 * m.wedge * s.y - m.upper_hollow * hollow + m.uncus * raised * raised;
    const T bottom = -0.5 * m.height + 0.5 * m.wedge * s.y + m.lower_hollow * hollow - m.lip * front * front;
    return {side_wall, p[2] - top, bottom - p[2]};
  }

  template <class T>
  T operator()(const vec3<T>& p) const {
    const bounds<T> b = bounds_at(p);
    return smooth_intersection<T>(smooth_intersection<T>(b.wall, b.upper, rounding), b.lower, rounding);
  }

  vec3<double> carried(const vec3<double>& p, const body_part& to) const {
    const double z = p[2] * to.m.height / m.height;
    const section<double> here = at(p), there = to.at(vec3<double>{0, 0, z});
    return {p[0] * there.half_width / here.half_width, here.y * there.half_depth / here.half_depth - there.y,
            z};
  }

  static constexpr double rounding = 3;  // mm
};

/// A capsule with one radius at each end. After a turn about z it is `stretch_y` and `stretch_z` times as
/// thick along y and z.
struct rod_part {
  vec3<double> from, to;
  double from_radius, to_radius;
  double stretch_y = 1, stretch_z = 1;
  vec<double, 2> turn{1, 0};  // cosine and sine

  template <class T>
  vec3<T> shrunk(const vec3<T>& q) const {
    return {turn[0] * q[0] + turn[1] * q[1], (turn[0] * q[1] - turn[1] * q[0]) / stretch_y, q[2] / stretch_z};
  }
  double radius(double t) const { return from_radius + (to_radius - from_radius) * t; }

  /// Parameter of the closest point on the axis: 0 at `from`, 1 at `to`.
  template <class T>
  T place(const vec3<T>& q, const vec3<double>& axis) const {
    const double squared = squared_norm(axis) + 1e-6;
    return clamped<T>((q[0] * axis[0] + q[1] * axis[1] + q[2] * axis[2]) / squared, 0, 1);
  }

  template <class T>
  T operator()(const vec3<T>& p) const {
    using std::sqrt;
    const vec3<double> axis = shrunk(to - from);
    const vec3<T> q = shrunk(vec3<T>{p[0] - from[0], p[1] - from[1], p[2] - from[2]});
    const T t = place(q, axis);
    const vec3<T> off{q[0] - axis[0] * t, q[1] - axis[1] * t, q[2] - axis[2] * t};
    return sqrt(off[0] * off[0] + off[1] * off[1] + off[2] * off[2] + 1e-8) -
           (from_radius + (to_radius - from_radius) * t);
  }

  vec3<double> carried(const vec3<double>& p, const rod_part& other) const {
    const double t = place(shrunk(p - from), shrunk(to - from));
    const vec3<double> off = p - (from + (to - from) * t);
    return other.from + (other.to - other.from) * t + off * (other.radius(t) / radius(t));
  }
};

/// The spinous process: a plate in the midsagittal plane between an upper and a lower edge, from the laminae
/// back to its tip.
struct spinous_part {
  spinous_measures m;
  double root_y;  // a little inside the laminae

  template <class T>
  T operator()(const vec3<T>& p) const {
    const T t = clamped<T>((root_y - p[1]) / (root_y - m.tip_y), -0.3, 1.3);
    const double length = root_y - m.tip_y, rise = (m.upper_tip_z - m.upper_root_z) / length,
                 fall = (m.lower_tip_z - m.lower_root_z) / length;
    const T above =
        (p[2] - (m.upper_root_z + (m.upper_tip_z - m.upper_root_z) * t)) / std::sqrt(1 + rise * rise);
    const T below =
        (m.lower_root_z + (m.lower_tip_z - m.lower_root_z) * t - p[2]) / std::sqrt(1 + fall * fall);
    const T aside = p[0] - (m.root_half_thickness + (m.tip_half_thickness - m.root_half_thickness) * t);
    const T ends = smooth_intersection<T>(m.tip_y - p[1], p[1] - root_y, rounding);
    return smooth_intersection<T>(
        smooth_intersection<T>(aside, smooth_intersection<T>(above, below, rounding), rounding), ends,
        rounding);
  }

  vec3<double> carried(const vec3<double>& p, const spinous_part& to) const {
    const double t = (root_y - p[1]) / (root_y - m.tip_y);
    const auto edge = [t](double root, double tip) { return root + (tip - root) * t; };
    const double low = edge(m.lower_root_z, m.lower_tip_z), high = edge(m.upper_root_z, m.upper_tip_z);
    const double to_low = edge(to.m.lower_root_z, to.m.lower_tip_z),
                 to_high = edge(to.m.upper_root_z, to.m.upper_tip_z);
    const double thickness = edge(m.root_half_thickness, m.tip_half_thickness),
                 to_thickness = edge(to.m.root_half_thickness, to.m.tip_half_thickness);
    return {p[0] * to_thickness / thickness, to.root_y + (to.m.tip_y - to.root_y) * t,
            to_low + (p[2] - low) * (to_high - to_low) / (high - low)};
  }

  static constexpr double rounding = 3;  // mm
};

/// The vertebral canal: a hole with an elliptic section, whose width changes from front to back.
struct canal_part {
  canal_measures m;

  template <class T>
  T operator()(const vec3<T>& p) const {
    using std::sqrt;
    const double half_depth = m.depth / 2;
    const T y = (p[1] - m.centre_y - m.tilt * p[2]) / half_depth;
    const T half_width = 0.5 * m.width * clamped<T>(1 + m.taper * y, 0.35, 1.65), x = p[0] / half_width;
    return (sqrt(x * x + y * y + 1e-8) - 1) * (half_width < half_depth ? half_width : T(half_depth));
  }

  vec3<double> carried(const vec3<double>& p, const canal_part& to) const {
    const double y = p[1] - m.centre_y - m.tilt * p[2];
    return {p[0] * to.m.width / m.width, to.m.centre_y + to.m.tilt * p[2] + y * to.m.depth / m.depth, p[2]};
  }
};

}  // namespace diffam::spine::anatomy
