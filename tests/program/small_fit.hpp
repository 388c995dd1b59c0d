// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A small generated CT, made once for all tests of a program, and the command of a short fit of it.
#pragma once

#include "run_program.hpp"

namespace diffam::test {

using words = std::vector<std::string>;

/// A generated CT of two vertebrae, made once.
inline const scratch_folder& phantom() {
  static const scratch_folder folder;
  static const outcome made = run({"phantom", "-o", folder.path().string(), "--name", "p", "--levels",
                                   "L2-L3", "--spacing", "2", "2", "2.5"});
  INFO(made.err);
  REQUIRE(made.code == 0);
  return folder;
}

inline words fit(const std::filesystem::path& out, const words& more = {},
                 const std::string& iterations = "12") {
  words all{"fit",
            "-i",
            (phantom() / "p_ct.nii.gz").string(),
            "-c",
            (phantom() / "p_ctd.json").string(),
            "-o",
            out.string(),
            "--iterations",
            iterations,
            "--samples",
            "500",
            "--modes",
            "30"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// The results of that fit.
inline const words expected_files{
    ".diffam_files.json",    "meshes/L2.ply",  "meshes/L3.ply", "p_angles.csv",  "p_ctd.json",
    "p_ctd.mrk.json",        "p_curve.csv",    "p_curve.png",   "p_itksnap.txt", "p_landmarks.csv",
    "p_landmarks.mrk.json",  "p_measures.csv", "p_poi.json",    "p_report.html", "p_seg-subreg_msk.nii.gz",
    "p_seg-vert_msk.nii.gz", "p_snp.png",      "report.json"};

inline words names_of(const std::map<std::string, std::string>& files) {
  words names;
  for (const auto& [name, contents] : files) names.push_back(name);
  return names;
}

}  // namespace diffam::test
