// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// An evaluation as a table for people and as JSON for programs.
#pragma once

#include <string>

#include "diffam/metrics/evaluation.hpp"

namespace diffam::program {

/// Which surface distances these are: there is no one definition.
inline constexpr const char* distance_definition =
    "mm, weighted by surface area; HD95 = larger of both directions' 95th percentiles; one side empty = inf";

std::string score_table(const metrics::evaluation& e);

/// Infinite distances become null. `prediction` and `truth` are the files' names.
std::string score_json(const metrics::evaluation& e, const std::string& prediction, const std::string& truth);

}  // namespace diffam::program
