// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// An evaluation as a table for readers and as JSON for programs.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "diffam/metrics/correspondence.hpp"
#include "diffam/metrics/evaluation.hpp"
#include "diffam/metrics/labelling.hpp"

namespace diffam::program {

/// The definition of the surface distances, as several are in use.
inline constexpr const char* distance_definition =
    "mm, weighted by surface area; HD95 = larger of both directions' 95th percentiles; one side empty = inf";

/// All that `diffam eval` was asked for.
struct eval_scores {
  metrics::evaluation voxels;
  double spacing = 0;                                   // mm, of the voxels compared; 0: the volumes' own
  std::optional<metrics::labelling> centres;            // where centres were given
  std::map<int, metrics::correspondence_error> meshes;  // by label, where meshes were given
};

/// A table with one line for each vertebra and for each mean.
std::string score_table(const eval_scores& e);

/// The scores as JSON; infinite distances become null. `prediction` and `truth` are the names of the files.
std::string score_json(const eval_scores& e, const std::string& prediction, const std::string& truth);

}  // namespace diffam::program
