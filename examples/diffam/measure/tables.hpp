// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measurements and landmarks as text: tables, and points of interest for TPTBox.
#pragma once

#include <span>
#include <string>

#include "diffam/image/grid.hpp"
#include "diffam/measure/chain.hpp"

namespace diffam::program {

/// CSV: label, name and the columns of measure/vertebra.hpp. A value that is not there is left empty.
std::string measures_csv(std::span<const measure::measured_vertebra> spine);

/// CSV: angle, value in degrees, upper and lower vertebra.
std::string angles_csv(const measure::spine_angles& a);

/// CSV: label, name of the vertebra, landmark, number in TPTBox (empty: none), x, y, z in world RAS, mm.
std::string landmarks_csv(std::span<const measure::measured_vertebra> spine);

/// JSON of TPTBox: voxel coordinates of the landmarks that have a number there.
std::string poi_json(std::span<const measure::measured_vertebra> spine, const grid& image);

}  // namespace diffam::program
