// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The scans of a data set: which files belong together, and where the results of each go. Layouts: BIDS,
// VerSe (rawdata and derivatives), a folder of volumes, a folder of DICOM folders, and a table of paths.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cohort/arguments.hpp"

namespace diffam::program {

/// One CT, with what belongs to it.
struct scan_files {
  std::string subject, session;              // labels without "sub-" and "ses-"; session may be empty
  std::string rest;                          // other entities of the name, like "dir-ax"; may be empty
  std::filesystem::path ct, centres, truth;  // the last two may be empty

  std::string name() const;              // "sub-X_ses-Y_dir-ax"
  std::filesystem::path folder() const;  // "sub-X/ses-Y/dir-ax", within the results
  std::filesystem::path log() const;     // within the results
  std::filesystem::path record() const;  // of its last run, within the results
  /// A file of its results, like "_report.html", within the results.
  std::filesystem::path result(const std::string& ending) const;
};

/// A data set.
struct scan_list {
  std::string layout;             // BIDS, VerSe, folder, DICOM or table
  std::vector<scan_files> scans;  // by name
};

/// The scans of a folder or of a table (.csv, .tsv). `output` and other results of diffam are left out.
/// Throws `error`: missing_input where there is no such folder, bad_data where it has no scan, or two scans
/// would have one name.
scan_list find_scans(const std::filesystem::path& data, const std::filesystem::path& output);

/// The scans of a table of paths with the column ct, and with subject, session, centres and truth as wanted.
/// Paths are relative to the table. Throws `error`.
std::vector<scan_files> scans_of_table(const std::filesystem::path& table);

/// Sets subject, session and rest by the name of a CT without its ending: "sub-X_ses-Y_dir-ax" has all three;
/// of another name the letters and digits are the subject.
void name_by(scan_files& scan, const std::string& stem);

/// The scans that the options ask for. Throws `error` (usage) where a label is not there.
std::vector<scan_files> chosen_scans(const std::vector<scan_files>& all, const cohort_arguments& a);

}  // namespace diffam::program
