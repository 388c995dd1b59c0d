// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The files with the regions, landmarks and measurements of a fit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace diffam::program {

struct measure_files {
  std::filesystem::path regions;    // label volume of sub-regions
  std::filesystem::path measures;   // CSV, one row a vertebra
  std::filesystem::path angles;     // CSV, curvature of the spine
  std::filesystem::path landmarks;  // CSV, one row a landmark
  std::filesystem::path poi;        // landmarks for TPTBox
  std::filesystem::path markups;    // landmarks for 3D Slicer

  measure_files(const std::filesystem::path& folder, const std::string& name)
      : regions(folder / (name + "_seg-subreg_msk.nii.gz")),
        measures(folder / (name + "_measures.csv")),
        angles(folder / (name + "_angles.csv")),
        landmarks(folder / (name + "_landmarks.csv")),
        poi(folder / (name + "_poi.json")),
        markups(folder / (name + "_landmarks.mrk.json")) {}

  std::vector<std::filesystem::path> all() const {
    return {regions, measures, angles, landmarks, poi, markups};
  }
};

}  // namespace diffam::program
