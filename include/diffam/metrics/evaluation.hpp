// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares a segmentation with the truth: scores of each label, and the means that the paper reports
// (cervical, thoracic, lumbar, total). Means run over the labels of the truth.
#pragma once

#include "diffam/metrics/dice.hpp"
#include "diffam/metrics/surface_distance.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::metrics {

/// Scores of one label.
struct label_score {
  int label = 0;
  bool in_truth = false;         // false: only the prediction has it; no mean includes it
  double dice = 0;               // 0 to 1
  double prediction_volume = 0;  // ml
  double truth_volume = 0;       // ml
  surface_distances surface;     // mm; infinite if one side is empty
};

/// Means over `count` labels of the truth. An infinite distance makes the mean infinite.
struct mean_score {
  index_t count = 0;
  double dice = 0;
  surface_distances surface;
};

/// Scores of all labels, and their means.
struct evaluation {
  std::vector<label_score> labels;  // labels of the truth or the prediction, from head to foot
  mean_score cervical, thoracic, lumbar, total;
};

/// Options of `evaluate`.
struct evaluation_params {
  bool surfaces = true;       // false: Dice and volumes only
  double sample_spacing = 1;  // mm, for the surface distances
};

namespace detail {

/// Means over the labels l of the truth with keep(l).
template <class Keep>
mean_score mean_over(const std::vector<label_score>& labels, Keep keep) {
  mean_score m;
  for (const auto& s : labels) {
    if (!s.in_truth || !keep(s.label)) continue;
    ++m.count;
    m.dice += s.dice;
    m.surface.mean += s.surface.mean;
    m.surface.hd95 += s.surface.hd95;
    m.surface.hausdorff += s.surface.hausdorff;
  }
  const double share = m.count > 0 ? 1 / static_cast<double>(m.count) : 0;
  m.dice *= share;
  m.surface = {m.surface.mean * share, m.surface.hd95 * share, m.surface.hausdorff * share};
  return m;
}

}  // namespace detail

/// Scores all vertebra labels of two volumes on one grid. Throws `error` (bad_data) if the grids differ.
template <exec::policy Exec>
evaluation evaluate(const Exec& e, const volume<std::uint8_t>& prediction, const volume<std::uint8_t>& truth,
                    const evaluation_params& p = {}) {
  const auto counts = count_overlaps(prediction, truth);
  const double voxel = std::abs(determinant(truth.geometry.axes)) / 1000;  // ml
  std::vector<int> present;
  for (int l = 1; l < 256; ++l) {
    const auto& c = counts[static_cast<std::size_t>(l)];
    if (spine::is_vertebra_label(l) && c.prediction + c.truth > 0) present.push_back(l);
  }
  spine::sort_anatomically(present);
  std::vector<label_box> prediction_boxes, truth_boxes;
  if (p.surfaces) prediction_boxes = label_boxes(prediction), truth_boxes = label_boxes(truth);
  evaluation out;
  for (const int l : present) {
    const auto at = static_cast<std::size_t>(l);
    const auto& c = counts[at];
    label_score s{l,
                  c.truth > 0,
                  c.dice(),
                  static_cast<double>(c.prediction) * voxel,
                  static_cast<double>(c.truth) * voxel,
                  {}};
    if (p.surfaces)
      s.surface = mesh_surface_distances(e, label_surface(prediction, l, prediction_boxes[at]),
                                         label_surface(truth, l, truth_boxes[at]), p.sample_spacing);
    out.labels.push_back(s);
  }
  using namespace spine::label;
  out.cervical = detail::mean_over(out.labels, [](int l) { return l <= c7; });
  out.thoracic = detail::mean_over(out.labels, [](int l) { return (l >= t1 && l <= t12) || l == t13; });
  out.lumbar = detail::mean_over(out.labels, [](int l) { return l >= l1 && l <= l6; });
  out.total = detail::mean_over(out.labels, [](int) { return true; });
  return out;
}

}  // namespace diffam::metrics
