// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The implicit shape of a vertebra with given measures: the smooth union of body, pedicles, articular
// processes, laminae, transverse and spinous processes, minus the canal. The same measures always give the
// same numbers.
#pragma once

#include "diffam/spine/anatomy/parts.hpp"

namespace diffam::spine::anatomy {

/// An implicit function over the body's frame in mm: negative inside, about the distance near the surface.
class vertebra_shape {
 public:
  explicit vertebra_shape(const vertebra_measures& m)
      : body_{m.body},
        dens_{{0, m.dens.y, 0}, {0, m.dens.y, m.dens.tip_z}, m.dens.radius, m.dens.radius},
        pedicle_{{m.pedicle.x, m.body.centre_y - 0.25 * m.body.upper_depth, m.pedicle.z},
                 m.pedicle.joint,
                 m.pedicle.radius,
                 m.pedicle.radius,
                 1,
                 m.pedicle.stretch},
        upper_(articular(m.pedicle, m.upper)),
        lower_(articular(m.pedicle, m.lower)),
        lamina_{m.pedicle.joint + (m.lower.tip - m.pedicle.joint) * 0.35,
                {0, m.lamina.y, m.lamina.z},
                m.lamina.outer_radius,
                m.lamina.inner_radius,
                1,
                m.lamina.stretch},
        transverse_{
            m.transverse.root,   m.transverse.tip, m.transverse.root_radius, m.transverse.tip_radius, 1,
            m.transverse.stretch},
        spinous_{m.spinous, m.lamina.y + 2},
        canal_{m.canal} {}

  double operator()(const vec3<double>& p) const { return value(p); }

  /// Value and gradient at p.
  jet with_gradient(const vec3<double>& p) const {
    return value(vec3<jet>{jet(p[0], {1, 0, 0}), jet(p[1], {0, 1, 0}), jet(p[2], {0, 0, 1})});
  }
  vec3<double> gradient(const vec3<double>& p) const { return with_gradient(p).g; }

  /// The place on `to` that corresponds to point p of this surface. Each part maps p to its own counterpart;
  /// the weights of the parts fall with their distance to p.
  vec3<double> carried(const vec3<double>& p, const vertebra_shape& to) const {
    const double side = p[0] < 0 ? -1 : 1;
    const vec3<double> q{side * p[0], p[1], p[2]};
    vec3<double> sum{};
    double weights = 0;
    const auto add = [&](const auto& here, const auto& there) {
      const double d = here(q) / reach, w = std::exp(-d * d);
      sum += here.carried(q, there) * w;
      weights += w;
    };
    add(body_, to.body_);
    if (dens_.from_radius > 0) add(dens_, to.dens_);
    add(pedicle_, to.pedicle_), add(upper_, to.upper_), add(lower_, to.lower_);
    add(lamina_, to.lamina_), add(transverse_, to.transverse_), add(spinous_, to.spinous_);
    add(canal_, to.canal_);
    if (!(weights > 1e-3)) return p;
    sum *= 1 / weights;
    return {side * sum[0], sum[1], sum[2]};
  }

  /// The values of the parts at a point, mm; each is negative within its part. The canal is negative inside.
  struct part_values {
    double dens, pedicle, upper, lower, lamina, transverse, spinous, canal;
    body_part::bounds<double> body;
  };
  part_values parts_at(const vec3<double>& world) const {
    const vec3<double> p{std::abs(world[0]), world[1], world[2]};
    return {dens_.from_radius > 0 ? dens_(p) : 1e9,
            pedicle_(p),
            upper_(p),
            lower_(p),
            lamina_(p),
            transverse_(p),
            spinous_(p),
            canal_(p),
            body_.bounds_at(p)};
  }

 private:
  static rod_part articular(const pedicle_measures& p, const articular_measures& a) {
    return {p.joint, a.tip, p.joint_radius, a.radius, a.flatness, 1, {std::cos(a.turn), std::sin(a.turn)}};
  }

  template <class T>
  T value(const vec3<T>& world) const {
    using std::sqrt;
    const vec3<T> p{sqrt(world[0] * world[0] + 1e-4), world[1], world[2]};  // a smooth |x|
    T body = body_(p);
    if (dens_.from_radius > 0) body = smooth_union<T>(body, dens_(p), 3);
    const T sides = smooth_union<T>(pedicle_(p), transverse_(p), 4);
    const T joints = smooth_union<T>(upper_(p), lower_(p), 4);
    const T back = smooth_union<T>(lamina_(p), spinous_(p), 4);
    const T arch = smooth_union<T>(smooth_union<T>(sides, joints, 4), back, 4);
    return smooth_intersection<T>(smooth_union<T>(body, arch, 4), -canal_(p), canal_.m.rim);
  }

  static constexpr double reach = 2;  // mm, distance at which the weight of a part has fallen to 1/e

  body_part body_;
  rod_part dens_, pedicle_, upper_, lower_, lamina_, transverse_;
  spinous_part spinous_;
  canal_part canal_;
};

}  // namespace diffam::spine::anatomy
