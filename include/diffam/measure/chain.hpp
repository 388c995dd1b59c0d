// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measurements between vertebrae: discs, segmental angles, listhesis, loss of height against the neighbours,
// and the curvature of the whole spine.
#pragma once

#include <optional>
#include <span>

#include "diffam/measure/vertebra.hpp"

namespace diffam::measure {

/// One vertebra of a spine, from head to foot.
struct measured_vertebra {
  int label = 0;
  placed_landmarks landmarks;
  vertebra_measures measures;
};

/// Angles of the whole spine in degrees; empty where its levels are not there.
struct spine_angles {
  std::optional<double>
      lordosis_l1_l5;  // upper plate of L1 to lower plate of L5; positive: opens to the front
  std::optional<double>
      kyphosis_t4_t12;                 // upper plate of T4 to lower plate of T12; positive: opens to the back
  double cobb = 0;                     // largest angle between two end plates in the coronal plane
  int cobb_upper = 0, cobb_lower = 0;  // labels of its end vertebrae; 0: fewer than two vertebrae
};

namespace detail {

/// Angle of a plate's line from back to front in the patient's sagittal plane; radians, positive upward.
inline double sagittal_slope(const placed_landmarks& l, const char* plate) {
  const std::string p = plate;
  const vec3<double> d = l[p + "_front"] - l[p + "_back"];
  return std::atan2(d[2], d[1]);
}

/// Angle of a plate's line from left to right in the patient's coronal plane; radians, positive upward.
inline double coronal_slope(const placed_landmarks& l, const char* plate) {
  const std::string p = std::string(plate) + "_plate";
  const vec3<double> d = l[p + "_right"] - l[p + "_left"];
  return std::atan2(d[2], d[0]);
}

/// Anterior shift of the upper vertebra on the lower one, mm.
inline double listhesis(const placed_landmarks& upper, const placed_landmarks& lower) {
  vec3<double> along = lower["upper_front"] - lower["upper_back"];
  along *= 1 / norm(along);
  return dot(upper["lower_back"] - lower["upper_back"], along);
}

inline void measure_segment(measured_vertebra& upper, const measured_vertebra& lower) {
  const auto gap = [&](const std::string& at) {
    return norm(upper.landmarks["lower_" + at] - lower.landmarks["upper_" + at]);
  };
  vertebra_measures& m = upper.measures;
  m.disc_height_anterior = gap("front");
  m.disc_height_middle = gap("middle");
  m.disc_height_posterior = gap("back");
  m.segment_angle =
      degrees(sagittal_slope(upper.landmarks, "upper") - sagittal_slope(lower.landmarks, "upper"));
  m.listhesis = listhesis(upper.landmarks, lower.landmarks);
}

/// Crush ratio and Genant's grade: heights against the neighbours' and against the vertebra's own.
inline void measure_loss(std::span<measured_vertebra> all, std::size_t i) {
  const auto usual = [](int label) { return spine::anatomy::measures_of(label).body.height; };
  double neighbours = 0;
  int count = 0;
  for (const std::size_t n : {i - 1, i + 1}) {
    if (n >= all.size() || !has_two_plates(all[n].label)) continue;
    if (!spine::are_neighbours(all[n].label, all[i].label)) continue;
    neighbours += all[n].measures.height_posterior / usual(all[n].label), ++count;
  }
  vertebra_measures& m = all[i].measures;
  if (count > 0) m.crush_ratio = m.height_posterior / usual(all[i].label) / (neighbours / count);
  double least = std::min(m.wedge_ratio, m.biconcavity_ratio);
  if (count > 0) least = std::min(least, m.crush_ratio);
  m.genant_grade = genant_grade(1 - least);
}

}  // namespace detail

/// Fills the measurements that need neighbours. `all` is ordered from head to foot.
inline void measure_chain(std::span<measured_vertebra> all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!has_two_plates(all[i].label)) continue;
    if (i + 1 < all.size() && spine::are_neighbours(all[i].label, all[i + 1].label))
      detail::measure_segment(all[i], all[i + 1]);
    detail::measure_loss(all, i);
  }
}

/// Curvature of the spine.
inline spine_angles measure_angles(std::span<const measured_vertebra> all) {
  using detail::coronal_slope, detail::degrees, detail::sagittal_slope;
  const auto find = [&](int label) {
    return std::find_if(all.begin(), all.end(), [=](const auto& v) { return v.label == label; });
  };
  const auto opening = [&](int upper, int lower) -> std::optional<double> {
    const auto u = find(upper), l = find(lower);
    if (u == all.end() || l == all.end()) return std::nullopt;
    return degrees(sagittal_slope(u->landmarks, "upper") - sagittal_slope(l->landmarks, "lower"));
  };
  spine_angles a;
  a.lordosis_l1_l5 = opening(spine::label::l1, spine::label::l5);
  a.kyphosis_t4_t12 = opening(spine::label::t1 + 3, spine::label::t12);
  if (a.kyphosis_t4_t12) a.kyphosis_t4_t12 = -*a.kyphosis_t4_t12;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!has_two_plates(all[i].label)) continue;
      const double angle = std::abs(
          degrees(coronal_slope(all[i].landmarks, "upper") - coronal_slope(all[j].landmarks, "lower")));
      if (a.cobb_upper == 0 || angle > a.cobb)
        a.cobb = angle, a.cobb_upper = all[i].label, a.cobb_lower = all[j].label;
    }
  return a;
}

}  // namespace diffam::measure
