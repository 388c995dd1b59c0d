// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measurements of one vertebra from its landmarks: heights, widths, canal, pedicles, tilt. The table
// `columns` has the name, the unit and the definition of each.
#pragma once

#include <cmath>
#include <limits>

#include "diffam/measure/landmarks.hpp"

namespace diffam::measure {

inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

/// All lengths in mm, angles in degrees. NaN: not defined at this level, or not visible.
struct vertebra_measures {
  double height_anterior = not_measured, height_middle = not_measured, height_posterior = not_measured;
  double wedge_ratio = not_measured, biconcavity_ratio = not_measured, crush_ratio = not_measured;
  double genant_grade = not_measured;
  double body_width = not_measured, body_depth = not_measured;
  double canal_width = not_measured, canal_depth = not_measured, canal_area = not_measured;
  double pedicle_width_left = not_measured, pedicle_width_right = not_measured;
  double pedicle_height_left = not_measured, pedicle_height_right = not_measured;
  double pedicle_angle_left = not_measured, pedicle_angle_right = not_measured;
  double tilt_sagittal = not_measured, tilt_coronal = not_measured, rotation = not_measured;
  double volume_ml = not_measured;
  double trabecular_hu_mean = not_measured, trabecular_hu_median = not_measured;
  double cortical_hu_mean = not_measured;
  double disc_height_anterior = not_measured, disc_height_middle = not_measured,
         disc_height_posterior = not_measured;
  double segment_angle = not_measured, listhesis = not_measured;
  double confidence = not_measured;  // and what it follows from, see measure/confidence.hpp
  double falling_edges = not_measured, edge_offset = not_measured, moved = not_measured;
};

/// A measurement as a column of a table.
struct measure_column {
  const char* name;
  const char* unit;
  double vertebra_measures::*value;
  const char* definition;
};

inline constexpr measure_column columns[] = {
    {"confidence", "probability", &vertebra_measures::confidence,
     "probability that the Dice of place and shape is at least 0.8; the name is not judged"},
    {"height_anterior_mm", "mm", &vertebra_measures::height_anterior,
     "distance between both end plates in the median plane, 3 mm inside their front rims"},
    {"height_middle_mm", "mm", &vertebra_measures::height_middle,
     "distance between the middles of both end plates in the median plane"},
    {"height_posterior_mm", "mm", &vertebra_measures::height_posterior,
     "the same 3 mm inside their back rims"},
    {"wedge_ratio", "1", &vertebra_measures::wedge_ratio, "anterior height / posterior height"},
    {"biconcavity_ratio", "1", &vertebra_measures::biconcavity_ratio, "middle height / posterior height"},
    {"crush_ratio", "1", &vertebra_measures::crush_ratio,
     "posterior height / mean posterior height of the neighbours, both divided by the built-in heights"},
    {"genant_grade", "0 to 3", &vertebra_measures::genant_grade,
     "grade of the largest loss of height: 1 from 20 %, 2 from 25 %, 3 from 40 %. For screening, no "
     "diagnosis"},
    {"body_width_mm", "mm", &vertebra_measures::body_width, "distance between the sides of the waist"},
    {"body_depth_mm", "mm", &vertebra_measures::body_depth,
     "distance between the middles of front and back wall in the median plane"},
    {"canal_width_mm", "mm", &vertebra_measures::canal_width,
     "distance between the inner sides of both pedicles, the larger of two rings"},
    {"canal_depth_mm", "mm", &vertebra_measures::canal_depth,
     "distance from the back wall of the body to the laminae in the median plane"},
    {"canal_area_mm2", "mm2", &vertebra_measures::canal_area, "area of the ellipse of canal width and depth"},
    {"pedicle_width_left_mm", "mm", &vertebra_measures::pedicle_width_left,
     "least distance of inner and outer side of the left pedicle, of two rings"},
    {"pedicle_width_right_mm", "mm", &vertebra_measures::pedicle_width_right,
     "the same of the right pedicle"},
    {"pedicle_height_left_mm", "mm", &vertebra_measures::pedicle_height_left,
     "least distance of upper and lower side of the left pedicle, of two rings"},
    {"pedicle_height_right_mm", "mm", &vertebra_measures::pedicle_height_right,
     "the same of the right pedicle"},
    {"pedicle_angle_left_deg", "degrees", &vertebra_measures::pedicle_angle_left,
     "angle of the left pedicle's axis, perpendicular to its width, to the median plane, in the body's axial "
     "plane; positive where it converges to the front"},
    {"pedicle_angle_right_deg", "degrees", &vertebra_measures::pedicle_angle_right,
     "the same of the right pedicle"},
    {"tilt_sagittal_deg", "degrees", &vertebra_measures::tilt_sagittal,
     "lean of the body's axis, perpendicular to the mean of its end plates, in the patient's sagittal plane; "
     "positive to the front"},
    {"tilt_coronal_deg", "degrees", &vertebra_measures::tilt_coronal,
     "lean of the body's axis in the patient's coronal plane; positive to the patient's right"},
    {"rotation_deg", "degrees", &vertebra_measures::rotation,
     "turn of the body about its axis; positive where its front turns to the patient's left"},
    {"volume_ml", "ml", &vertebra_measures::volume_ml, "volume of the mesh"},
    {"trabecular_hu_mean", "HU", &vertebra_measures::trabecular_hu_mean,
     "mean of the body's voxels more than 4 mm below the surface"},
    {"trabecular_hu_median", "HU", &vertebra_measures::trabecular_hu_median, "median of the same voxels"},
    {"cortical_hu_mean", "HU", &vertebra_measures::cortical_hu_mean,
     "mean of the body's voxels within 2 mm below the surface"},
    {"disc_height_anterior_mm", "mm", &vertebra_measures::disc_height_anterior,
     "distance from the lower end plate to the upper one of the next vertebra below, 3 mm inside the "
     "front rims"},
    {"disc_height_middle_mm", "mm", &vertebra_measures::disc_height_middle, "the same in the middle"},
    {"disc_height_posterior_mm", "mm", &vertebra_measures::disc_height_posterior,
     "the same 3 mm inside the back rims"},
    {"segment_angle_deg", "degrees", &vertebra_measures::segment_angle,
     "angle between the upper end plates of this vertebra and of the next one below, in the patient's "
     "sagittal plane; positive where it opens to the front (lordosis)"},
    {"listhesis_mm", "mm", &vertebra_measures::listhesis,
     "shift of the back of the lower end plate against that of the upper one of the next vertebra below, "
     "along that "
     "vertebra's upper end plate; positive where the upper vertebra lies further to the front"},
    {"falling_edges", "1", &vertebra_measures::falling_edges,
     "share of the surface, before the last stage of the fit, where the image gets darker outward, as it "
     "does around "
     "bone"},
    {"edge_offset_mm", "mm", &vertebra_measures::edge_offset,
     "mean distance from that surface to the best such edge within 3 mm along the normal"},
    {"moved_mm", "mm", &vertebra_measures::moved,
     "distance from the given or found centre to that of the fit"}};

/// Whether a level has a body with two end plates: all but C1 and C2.
constexpr bool has_two_plates(int label) {
  return label > spine::label::c1 + 1;
}

/// Grade of a fracture after Genant et al., J. Bone Miner. Res. 8:1137 (1993), from the largest loss of
/// height as a fraction. It is a number for screening and no diagnosis.
constexpr int genant_grade(double loss) {
  return loss >= 0.4 ? 3 : loss >= 0.25 ? 2 : loss >= 0.2 ? 1 : 0;
}

namespace detail {

inline double degrees(double radians) {
  return radians / degree;
}

/// Width, height and angle of one pedicle.
inline void measure_pedicle(vertebra_measures& m, const placed_landmarks& l, const body_axes& a, bool left) {
  const std::string side = left ? "_left" : "_right";
  const auto across = [&](const char* ring, const char* from, const char* to) {
    const std::string start = std::string("pedicle_") + ring + "_";
    return l.distance(start + from + side, start + to + side);
  };
  (left ? m.pedicle_width_left : m.pedicle_width_right) =
      std::min(across("front", "inner", "outer"), across("back", "inner", "outer"));
  (left ? m.pedicle_height_left : m.pedicle_height_right) =
      std::min(across("front", "upper", "lower"), across("back", "upper", "lower"));
  const vec3<double> width = l["pedicle_front_outer" + side] - l["pedicle_front_inner" + side] +
                             l["pedicle_back_outer" + side] - l["pedicle_back_inner" + side];
  (left ? m.pedicle_angle_left : m.pedicle_angle_right) =
      degrees(std::atan2(-dot(width, a.front), (left ? -1 : 1) * dot(width, a.right)));
}

}  // namespace detail

/// Measurements that need one vertebra alone. The world's axes are the patient's: x right, y front, z head.
inline vertebra_measures measure_vertebra(int label, const placed_landmarks& l, double volume_mm3) {
  using detail::degrees;
  vertebra_measures m;
  m.volume_ml = volume_mm3 / 1000;
  m.canal_width = std::max(l.distance("pedicle_front_inner_left", "pedicle_front_inner_right"),
                           l.distance("pedicle_back_inner_left", "pedicle_back_inner_right"));
  m.canal_depth = l.distance("canal_front", "canal_back");
  m.canal_area = 45 * degree *  // pi / 4
                 m.canal_width * m.canal_depth;
  if (!has_two_plates(label)) return m;
  m.height_anterior = l.distance("upper_front", "lower_front");
  m.height_middle = l.distance("upper_middle", "lower_middle");
  m.height_posterior = l.distance("upper_back", "lower_back");
  m.wedge_ratio = m.height_anterior / m.height_posterior;
  m.biconcavity_ratio = m.height_middle / m.height_posterior;
  m.body_width = l.distance("body_left", "body_right");
  m.body_depth = l.distance("front_middle", "back_middle");
  const body_axes a = axes_of(l);
  for (const bool left : {true, false}) detail::measure_pedicle(m, l, a, left);
  m.tilt_sagittal = degrees(std::atan2(a.up[1], a.up[2]));
  m.tilt_coronal = degrees(std::atan2(a.up[0], a.up[2]));
  m.rotation = degrees(std::atan2(-a.front[0], a.front[1]));
  return m;
}

}  // namespace diffam::measure
