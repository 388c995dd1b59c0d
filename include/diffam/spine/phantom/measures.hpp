// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The measures of one person's vertebrae for the generated CT: the built-in means (anatomy/levels.hpp) with
// random changes as large as the differences between people. Half of the variance is common to the levels of
// a person, half belongs to each level, so neighbours look alike.
#pragma once

#include "diffam/core/random.hpp"
#include "diffam/spine/anatomy/family.hpp"

namespace diffam::spine::detail {

/// A uniform number in (-1, 1), a function of its arguments alone.
inline double phantom_variation(std::uint64_t seed, int item, int slot) {
  const auto words =
      random_words(seed, random_stream::phantom, 0, static_cast<std::uint64_t>(1000 * item + slot));
  return 2 * unit_interval<double>(words[0]) - 1;
}

/// The size of a person against the family's: uniform within 6 %, a standard deviation of 3.5 %.
inline constexpr double phantom_size_range = 0.06;
inline double phantom_size(std::uint64_t seed) {
  return 1 + phantom_size_range * phantom_variation(seed, 0, 0);
}

/// Standard deviations over people of one size, as shares of the mean except for angles.
/// In print are the spreads of L5's height, depth and canal, and of the dens's height
/// (anatomy/morphometry.hpp). They serve for all levels, less the part that the size of the person explains.
/// No spread of the others is at hand, so these are assumptions: widths lie between heights and depths;
/// processes, laminae and pedicles have 10 %, which lies between bodies and canals; the canal of the atlas
/// has that of a body's width. Wedges have the 3 degrees that CT studies find, directions of facets and of
/// the spinous process 8 degrees.
struct phantom_spreads {
  static double at_one_size(const anatomy::published& p) {
    const double all = p.spread / p.mean, size = phantom_size_range / std::sqrt(3.0);
    return std::sqrt(all * all - size * size);
  }
  double height = at_one_size(anatomy::fifth_lumbar{}.anterior_height);
  double depth = at_one_size(anatomy::fifth_lumbar{}.upper_depth);
  double width = (height + depth) / 2;
  double canal_width = at_one_size(anatomy::fifth_lumbar{}.canal_width);
  double canal_depth = at_one_size(anatomy::fifth_lumbar{}.canal_depth);
  double dens_height = at_one_size(anatomy::dens_sizes{}.height);
  double process = 0.1;
  double wedge = 3 * degree, direction = 8 * degree;
};

/// The measures of one level, mm at the size of levels.hpp. The arch and the joints move with the back of the
/// body and with the canal, so that all parts stay connected.
inline anatomy::vertebra_measures phantom_measures(int label, std::uint64_t seed) {
  const phantom_spreads spread;
  const bool atlas = label == label::c1;
  const auto vary = [&](int slot, double by) {
    const double person = phantom_variation(seed, 0, slot),
                 level = phantom_variation(seed, anatomical_rank(label), slot);
    return by * std::sqrt(1.5) * (person + level);  // each has a variance of 1/3
  };
  const auto factor = [&](int slot, double by) { return 1 + vary(slot, by); };
  anatomy::vertebra_measures m = anatomy::measures_of(label);
  const double body_depth = m.body.upper_depth, canal_width = m.canal.width, canal_depth = m.canal.depth;

  const double wide = factor(20, spread.width), deep = factor(21, spread.depth);
  const double high = factor(22, spread.height);
  m.body.upper_width *= wide, m.body.lower_width *= wide;
  m.body.upper_depth *= deep, m.body.lower_depth *= deep;
  m.body.wedge += vary(23, spread.wedge);
  m.canal.width *= factor(24, atlas ? spread.width : spread.canal_width);
  m.canal.depth *= factor(25, atlas ? spread.width : spread.canal_depth);

  // The ring of the atlas grows around its middle. Elsewhere body and canal grow backward and move the arch.
  const double aside = (m.canal.width - canal_width) / 2, ring = (m.canal.depth - canal_depth) / 2;
  const double canal_back = atlas ? 0 : (m.body.upper_depth - body_depth) / 2 + ring;
  const double arch_back = canal_back + ring, joint_back = atlas ? 0 : canal_back;
  if (atlas) m.body.centre_y += ring;
  m.canal.centre_y -= canal_back;
  m.pedicle.x += aside;
  for (vec3<double>* p :
       {&m.pedicle.joint, &m.upper.tip, &m.lower.tip, &m.transverse.root, &m.transverse.tip})
    *p += vec3<double>{aside, -joint_back, 0};
  m.lamina.y -= arch_back, m.spinous.tip_y -= arch_back;
  m.dens.tip_z += vary(26, spread.dens_height) * (m.dens.tip_z + m.dens.radius - m.body.height / 2);

  for (double* z :
       {&m.body.height, &m.dens.tip_z, &m.pedicle.z, &m.pedicle.joint[2], &m.upper.tip[2], &m.lower.tip[2],
        &m.lamina.z, &m.transverse.root[2], &m.transverse.tip[2], &m.spinous.upper_root_z,
        &m.spinous.upper_tip_z, &m.spinous.lower_root_z, &m.spinous.lower_tip_z})
    *z *= high;

  m.pedicle.radius *= factor(27, spread.process);
  m.upper.radius *= factor(28, spread.process), m.lower.radius *= factor(28, spread.process);
  m.upper.turn += vary(29, spread.direction), m.lower.turn += vary(29, spread.direction);
  const double lamina = factor(30, spread.process);
  m.lamina.outer_radius *= lamina, m.lamina.inner_radius *= lamina;
  m.transverse.tip = m.transverse.root + (m.transverse.tip - m.transverse.root) * factor(31, spread.process);
  m.transverse.root_radius *= factor(32, spread.process),
      m.transverse.tip_radius *= factor(32, spread.process);
  const double length = (m.lamina.y - m.spinous.tip_y) * factor(33, spread.process);
  const double droop = length * vary(34, spread.direction);
  m.spinous.tip_y = m.lamina.y - length;
  m.spinous.upper_tip_z -= droop, m.spinous.lower_tip_z -= droop;
  m.spinous.root_half_thickness *= factor(35, spread.process);
  m.spinous.tip_half_thickness *= factor(35, spread.process);
  return m;
}

}  // namespace diffam::spine::detail
