// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The result of a spine fit.
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
  double centre_wall = 0;  // walls at the ends of the chain, see spine/fit/ends.hpp
  double end_wall = 0;
};

/// Movement of a start away from its given centre, along and about the template's axes (right, front, up).
struct start_move {
  vec3<double> shift{};  // mm at the size of the template
  vec3<double> turn{};   // degrees, about right, then front, then up
  double growth = 0;     // logarithm of the change in size
};

/// One vertebra after a fit.
struct fitted_vertebra {
  int label = 0;
  triangle_mesh<double> mesh;  // world mm; vertex k is the template's vertex k
  std::vector<vec3<double>>
      before_stage;          // vertices before the last stage; those of `mesh` where there was none
  vec3<double> centre{};     // the template's origin (body centre) after the fit, world mm
  vec3<double> start{};      // the given centre, world mm
  start_move moved_start{};  // movement by the search for starts (spine/start/search.hpp)
  double volume_mm3 = 0;
  double visible = 1;              // fraction of its vertices inside the image
  std::vector<std::string> flags;  // remarks for the reader, as text; empty: nothing to report
};

/// Vertebrae from head to foot, loss history, appearance curve.
struct fit_result {
  std::vector<fitted_vertebra> vertebrae;
  std::vector<loss_values> history;       // one per iteration
  std::vector<double> curve_distance_mm;  // f_theta: distances ...
  std::vector<double> curve_intensity;    // ... and intensities, 0 to 1 over the window
  flag_word flags = 0;                    // flags that iterations raised, see core/flags.hpp
};

/// The flags that the iterations raised, as text.
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
