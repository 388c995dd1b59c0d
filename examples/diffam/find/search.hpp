// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for the vertebrae of a CT file, and its output files: for `diffam find`, and for `diffam fit`
// without centres.
#pragma once

#include <filesystem>

#include "diffam/spine/find.hpp"
#include "find/arguments.hpp"
#include "whole_ct.hpp"

namespace diffam::program {

/// The paths of a search's results.
struct find_files {
  /// `centres_name` is the name of the files of centres without `_ctd.json` and `_ctd.mrk.json`.
  find_files(const std::filesystem::path& folder, const std::string& name, const std::string& centres_name);

  std::filesystem::path centres, markups, record, picture;
  std::vector<std::filesystem::path> all() const { return {centres, markups, record, picture}; }
};

struct searched_ct {
  whole_ct ct;
  spine::spine_finding found;
};

/// Reads the CT and finds its spine. Remarks on the files are added to `warnings`. Throws `error`: usage
/// where a pin is not one, bad data where there is no spine, or pins contradict it or each other.
searched_ct find_in_file(const find_arguments& a, const console& out, std::vector<std::string>& warnings);

void write_finding(const searched_ct& s, const find_files& files, const find_arguments& a);

/// The names of the readings whose costs come near the first one's, like "T12-L5 or T11-L4".
std::string readings_text(const spine::spine_finding& found);

/// The same, with what of the image is against the first one. For names that are not sure.
std::string doubt_text(const spine::spine_finding& found);

}  // namespace diffam::program
