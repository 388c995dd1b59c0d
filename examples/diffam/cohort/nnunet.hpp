// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The level export-nnunet: a raw data set of nnU-Net v2 (Isensee et al., Nature Methods 18, 2021) of the
// vertebrae that the confidence accepts. What is not known has the ignore label.
#pragma once

#include <limits>

#include "cohort/arguments.hpp"
#include "diffam/image/volume.hpp"

namespace diffam::program {

/// A fitted vertebra, from head to foot.
struct exported_vertebra {
  int label = 0;           // VerSe
  std::uint8_t value = 0;  // in the mask
  double centre_z = 0;     // world, mm
  bool accepted = false;
};

/// Heights (world z, mm) between which all vertebrae of the image are accepted ones, so that all else is
/// known to be background: of each run of accepted neighbours from the second one's centre down to the last
/// one's. The first one's slices may have processes of the vertebra above it. Above C1 and below L5 or L6
/// there is no vertebra.
struct known_heights {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};
std::vector<known_heights> known_background(const std::vector<exported_vertebra>& vertebrae);

/// Writes imagesTr, labelsTr and dataset.json to `a.output` from the results in `a.data`. Images are in HU.
/// A scan without an accepted vertebra is left out. From each other scan, `a.synthesize` further cases are
/// made: all vertebrae of its fit, moved and drawn into its CT, with the exact mask. Where the CT may have
/// other vertebrae, this mask has the ignore label, too. A function of names and files: each run writes the
/// same bytes. Returns the exit code. Throws `error`: missing_input where there are no results, bad_data
/// where no vertebra is accepted, cannot_create where there is a data set already, or a case of another one.
int run_export(const cohort_arguments& a);

}  // namespace diffam::program
