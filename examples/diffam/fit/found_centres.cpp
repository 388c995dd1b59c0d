// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the centres of a fit.
#include "fit/found_centres.hpp"

#include "find/search.hpp"
#include "output_files.hpp"

namespace diffam::program {

void find_centres(fit_arguments& a, const console& out, std::vector<std::string>& warnings) {
  const std::string name = case_name(a.ct);
  const find_files files(a.output, name, name + "_find");
  find_arguments search{
      .ct = a.ct, .output = a.output, .pins = a.pins, .dicom = a.dicom, .threads = a.threads};
  if (!a.centroid_frame.empty()) search.centroid_frame = a.centroid_frame;
  require_creatable_folder(a.output);
  require_free(files.all(), {a.ct}, true);  // the record of an earlier search is replaced
  const searched_ct searched = find_in_file(search, out);
  a.found = searched.found.centres();
  a.centres = files.centres;
  if (!a.dry_run && !a.preview) write_finding(searched, files, search);
  const std::string names = readings_text(searched.found);
  out.note("found " + names);
  if (searched.found.sure) return;
  const std::string problem = "the names of the vertebrae are not sure: " + names;
  if (!a.accept_levels)
    throw error(a.ct.string() + ": " + problem +
                    "; say one with --pin LEVEL=x,y,z, or fit these with --accept-levels",
                error_kind::bad_data);
  warnings.push_back(problem);
}

}  // namespace diffam::program
