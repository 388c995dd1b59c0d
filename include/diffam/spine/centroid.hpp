// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A labelled vertebra centre: the centre of the vertebral body.
#pragma once

#include <vector>

#include "diffam/core/vec.hpp"

namespace diffam::spine {

/// One labelled centre.
struct centroid {
  int label = 0;            // VerSe number, see spine/labels.hpp
  vec3<double> position{};  // world RAS+, mm
};

using centroid_list = std::vector<centroid>;

}  // namespace diffam::spine
