// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// VerSe's measures of labelling (Sekuboyina et al., "VerSe: a vertebrae labelling and segmentation benchmark
// for multi-detector CT images", Med. Image Anal. 73, 2021). With true centres x_i and predicted centres y_i:
//
//     i is identified  <=>  x_i is the nearest of all true centres to y_i, and |x_i - y_i| < 20 mm
//     identification rate = identified vertebrae / vertebrae of the truth
//     mean localisation distance = mean of |x_i - y_i|
//
// VerSe leaves open what a missed vertebra counts in the distance. Here it has none, and is counted apart.
#pragma once

#include <algorithm>
#include <limits>

#include "diffam/spine/centroid.hpp"

namespace diffam::metrics {

/// A vertebra of the truth.
struct located_vertebra {
  int label = 0;
  double distance = std::numeric_limits<double>::infinity();  // mm; infinite: not predicted
  bool identified = false;
};

/// The vertebrae of the truth in its order, and the measures over all of them.
struct labelling {
  std::vector<located_vertebra> vertebrae;
  index_t identified = 0, missed = 0;
  double mean_distance = 0;  // mm, over those that are not missed; 0 if there are none

  double identification_rate() const {
    return vertebrae.empty() ? 0 : static_cast<double>(identified) / static_cast<double>(vertebrae.size());
  }
};

/// An identified vertebra is nearer than this, mm.
inline constexpr double identification_reach = 20;

/// Compares centres (world, mm; a label at most once in each list). Labels that only the prediction has do
/// not count.
inline labelling compare_labelling(const spine::centroid_list& prediction,
                                   const spine::centroid_list& truth) {
  labelling out;
  double sum = 0;
  for (const auto& t : truth) {
    located_vertebra v{t.label};
    const auto p = std::find_if(prediction.begin(), prediction.end(),
                                [&](const spine::centroid& c) { return c.label == t.label; });
    if (p == prediction.end()) {
      ++out.missed;
    } else {
      v.distance = norm(p->position - t.position);
      sum += v.distance;
      v.identified = v.distance < identification_reach;
      for (const auto& other : truth)
        v.identified = v.identified && norm(p->position - other.position) >= v.distance;
      out.identified += v.identified ? 1 : 0;
    }
    out.vertebrae.push_back(v);
  }
  const auto found = static_cast<index_t>(truth.size()) - out.missed;
  if (found > 0) out.mean_distance = sum / static_cast<double>(found);
  return out;
}

}  // namespace diffam::metrics
