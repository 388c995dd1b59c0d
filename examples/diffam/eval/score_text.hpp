// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// An evaluation as a table for readers and as JSON for programs.
#pragma once

#include <string>

#include "diffam/metrics/evaluation.hpp"

namespace diffam::program {

/// The definition of the surface distances, as several are in use.
inline constexpr const char* distance_definition =
    "mm, weighted by surface area; HD95 = larger of both directions' 95th percentiles; one side empty = inf";

/// A table with one line for each vertebra and for each mean.
std::string score_table(const metrics::evaluation& e);

/// The scores as JSON; infinite distances become null. `prediction` and `truth` are the names of the files.
std::string score_json(const metrics::evaluation& e, const std::string& prediction, const std::string& truth);

}  // namespace diffam::program
