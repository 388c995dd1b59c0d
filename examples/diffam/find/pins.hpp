// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The vertebrae that the user names for a search.
#pragma once

#include <string>
#include <vector>

#include "diffam/image/grid.hpp"
#include "diffam/spine/find.hpp"
#include "find/arguments.hpp"

namespace diffam::program {

/// The pins of the command line, and the points of the centre file. A pin without a place names the one point
/// of the file; without such a pin, every point of the file is a named centre. Throws `error`: usage, or what
/// `io::read_centroids` does.
std::vector<spine::level_pin> read_pins(const find_arguments& a, const grid& image,
                                        std::vector<std::string>& warnings);

}  // namespace diffam::program
