// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a spine fit gives back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diffam/core/flags.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::spine {

/// Unweighted loss terms of one iteration, and their weighted sum.
struct loss_values {
  double total = 0;
  double image = 0;
  double edge = 0;
  double normal = 0;
  double overlap = 0;
  double variance = 0;
  double centre_wall = 0;  // of the chain's ends, see spine/fit/ends.hpp
  double end_wall = 0;
};

/// How a start was moved from where its centre put it, along and about the template's axes right, front, up.
struct start_move {
  vec3<double> shift{};  // mm at the template's size
  vec3<double> turn{};   // degrees, about right, then front, then up
  double growth = 0;     // logarithm of the change of size
};

struct fitted_vertebra {
  int label = 0;
  triangle_mesh<double> mesh;  // world mm; vertex k is the template's vertex k
  vec3<double> centre{};       // the template's origin (body centre), carried along, world mm
  vec3<double> start{};        // the centre that was given, world mm
  start_move moved_start{};    // what the search for starts did (fit_start.hpp)
  double volume_mm3 = 0;
  double visible = 1;              // fraction of its vertices inside the image
  std::vector<std::string> flags;  // what a reader should look at, in words; empty: nothing to report
};

struct fit_result {
  std::vector<fitted_vertebra> vertebrae;
  std::vector<loss_values> history;       // one per iteration
  std::vector<double> curve_distance_mm;  // f_theta: distances ...
  std::vector<double> curve_intensity;    // ... and intensities, 0 to 1 over the window
  flag_word flags = 0;                    // what iterations raised, see core/flags.hpp
};

/// The flags that the iterations raised, in words.
inline std::vector<std::string> flag_notes(flag_word flags) {
  std::vector<std::string> notes;
  if (flags & flag::overlap_exceeded)
    notes.push_back(
        "fit: some points lay in more than four vertebrae at once; overlap counted the deepest four");
  if (flags & flag::point_not_finite)
    notes.push_back("fit: some sample points were not finite; a vertebra has degenerated");
  if (flags & flag::no_sample_inside)
    notes.push_back("fit: in some iterations no sample lay inside the image; are the centres in its frame?");
  return notes;
}

}  // namespace diffam::spine
