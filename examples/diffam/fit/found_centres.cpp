// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the centres of a fit.
#include "fit/found_centres.hpp"

#include <algorithm>

#include "find/search.hpp"
#include "output_files.hpp"
#include "signals.hpp"

namespace diffam::program {

namespace {

/// Throws `error` (usage) where a file of centres, pins and --extend do not go together.
void require_fitting_options(const fit_arguments& a) {
  const bool of_one_point = std::any_of(a.pins.begin(), a.pins.end(), [](const std::string& pin) {
    return pin.find('=') == std::string::npos;
  });
  if (a.extend && a.centres.empty()) throw error("--extend: expected centres (-c), got none");
  if (a.extend && of_one_point)
    throw error("--extend: expected named centres, got --pin LEVEL, which names the one point of -c");
  if (!a.centres.empty() && !a.extend && !of_one_point)
    throw error("--pin: expected no centres (-c), or --extend, or --pin LEVEL for a file of one point");
}

}  // namespace

whole_ct find_centres(fit_arguments& a, const console& out, std::vector<std::string>& warnings) {
  require_fitting_options(a);
  const std::string name = case_name(a.ct);
  const find_files files(a.output, name, name + "_find");
  const find_arguments search{.ct = a.ct,
                              .output = a.output,
                              .centres = a.centres,
                              .pins = a.pins,
                              .centroid_frame = a.centroid_frame,
                              .numbering = a.numbering(),
                              .threads = a.threads};
  require_creatable_folder(a.output);
  require_free(files.all(), search.inputs(), true);  // the record of an earlier search is replaced
  searched_ct searched = find_in_file(search, out, warnings);
  const spine::spine_finding& found = searched.found;
  const auto clicks = a.extend ? a.centres : std::filesystem::path();
  a.found = found.centres();
  a.search_bytes = searched.ct.bytes() + spine::find::search_bytes(searched.ct.geometry());
  a.centres = files.centres;
  if (!a.dry_run && !a.preview) {
    install_stop_signals();
    write_finding(searched, files, search);
  }
  const std::string names = readings_text(found);
  out.note("found " + names);
  if (found.sure) return std::move(searched.ct);
  const std::string problem =
      a.extend && !found.anchors.contradict.empty()
          ? "the names in " + clicks.string() + " contradict the image: " + doubt_text(found)
          : "the names of the vertebrae are not sure: " + doubt_text(found);
  if (!a.accept_levels)
    throw error(a.ct.string() + ": " + problem +
                    "; say one with --pin LEVEL=x,y,z, or fit these with --accept-levels",
                error_kind::bad_data);
  warnings.push_back(problem);
  return std::move(searched.ct);
}

}  // namespace diffam::program
