// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which rod of the implicit shape is which process of the bone. The rods of `vertebra_shape` have their names
// from the lumbar spine. Their measures were fitted to masks of patients, and in the neck and the chest some
// of them came to lie in another process.
#pragma once

#include <cmath>

#include "diffam/core/vec.hpp"
#include "diffam/spine/anatomy/bone_parts.hpp"
#include "diffam/spine/anatomy/measures.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine::anatomy {

enum class rod_roles {
  as_named,  // C1, C2, T13, L1 to L6
  pillar,    // C3 to C6: `transverse` is the articular pillar, `upper` the transverse process, `lower` the
             // lamina
  peak  // C7 to T12: `upper` lies in the transverse process; the joint's top is the upper articular process
};

constexpr rod_roles roles_at(int label) {
  if (label > label::t12 || label <= label::c1 + 1) return rod_roles::as_named;
  return label < label::c7 ? rod_roles::pillar : rod_roles::peak;
}

/// The part of the bone on which a point lies whose nearest rod is `nearest`, in the frame of the body in mm.
/// The limits at C7 to T12 are those that agree best with the sub-region mask of one patient (T3 to T12).
inline bone_part process_at(int label, const vertebra_measures& m, bone_part nearest, const vec3<double>& p) {
  const auto side = [right = p[0] > 0](bone_part left) { return on_side(left, right); };
  const auto is = [&](bone_part left) { return nearest == side(left); };
  const vec3<double> from_joint = vec3<double>{std::abs(p[0]), p[1], p[2]} - m.pedicle.joint;
  switch (roles_at(label)) {
    case rod_roles::pillar:
      if (is(bone_part::upper_articular_left)) return side(bone_part::transverse_left);
      if (is(bone_part::lower_articular_left)) return side(bone_part::lamina_left);
      if (is(bone_part::transverse_left))
        return side(p[2] > 0 ? bone_part::upper_articular_left : bone_part::lower_articular_left);
      return nearest;
    case rod_roles::peak:
      if (is_body(nearest) || nearest == bone_part::spinous_process) return nearest;
      if (from_joint[2] > 2 && from_joint[1] < 4 && from_joint[0] < 5)
        return side(bone_part::upper_articular_left);
      if (is(bone_part::upper_articular_left)) return side(bone_part::transverse_left);
      if (is(bone_part::lamina_left) && from_joint[2] < -13 && std::abs(p[0]) > 5)
        return side(bone_part::lower_articular_left);
      return nearest;
    default:
      return nearest;
  }
}

/// Points at the middle of the facets and at the end of the transverse process, of the right side. They lie
/// on the surface or some millimetres off.
struct process_points {
  vec3<double> upper_facet, lower_facet, transverse_tip;
};

inline process_points points_of_processes(int label, const vertebra_measures& m) {
  // The upper facets face the back (`front` is -1), the lower ones the front.
  const auto facet = [](const articular_measures& a, double front) {
    const vec3<double> normal{-std::sin(a.turn), std::cos(a.turn), 0};
    return a.tip + normal * (front * a.radius * a.flatness);
  };
  const auto end = [](const vec3<double>& root, const vec3<double>& tip, double radius) {
    const vec3<double> way = tip - root;
    return tip + way * (radius / norm(way));
  };
  process_points out{facet(m.upper, -1), facet(m.lower, 1),
                     end(m.transverse.root, m.transverse.tip, m.transverse.tip_radius)};
  const rod_roles roles = roles_at(label);
  if (roles == rod_roles::pillar) {  // facets slope by 45 degrees: the upper one to the back, the lower one
                                     // to the front
    const double high = m.transverse.root_radius * m.transverse.stretch;
    out.upper_facet = m.transverse.tip + vec3<double>{0, -m.transverse.tip_radius, m.transverse.tip_radius};
    out.lower_facet = m.transverse.root + vec3<double>{0, 0.7 * m.transverse.root_radius, -0.7 * high};
    out.transverse_tip = end(m.pedicle.joint, m.upper.tip, m.upper.radius);
  }
  if (roles == rod_roles::peak)
    out.upper_facet = m.pedicle.joint + vec3<double>{0, -m.pedicle.joint_radius, 5};
  return out;
}

}  // namespace diffam::spine::anatomy
