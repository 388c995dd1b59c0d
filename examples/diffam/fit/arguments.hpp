// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam fit`, and their translation into the settings of the fit.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "console.hpp"
#include "diffam/io/centroid_options.hpp"
#include "diffam/io/volume_file.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/fit_options.hpp"

namespace diffam::program {

struct fit_arguments {
  std::filesystem::path ct, centres, output;
  std::vector<std::filesystem::path> templates;  // empty: the built-in templates
  io::dicom_options dicom = {};
  std::string centroid_frame;  // for files that do not state their frame
  std::string labels = "verse";
  std::string mask_format = "nifti";  // nrrd or dicom-seg: in this format as well
  std::string report = "html";        // or none
  bool without_3d = false;            // whether the report lacks the view of the meshes
  std::optional<double> fail_below;   // the least confidence with which the run succeeds
  std::string hu_offset = "auto";     // a number, auto or none
  io::nifti_form affine = io::nifti_form::standard;

  std::string preset = "default";
  std::optional<std::uint64_t> iterations, seed;
  std::optional<index_t> samples, slice_points;
  std::optional<int> modes;
  std::optional<std::string> renderer;
  std::optional<double> weight_image, weight_edge, weight_normal, weight_overlap, weight_variance;
  std::vector<std::string> without;
  std::optional<bool> chain_scale, lordotic_end, start_search, surface_stage;
  std::optional<bool> variance_from_template;
  std::optional<double> rib_variance, edge_contrast, rising_edges, window_low, window_high, blur;
  std::optional<double> alpha_last, shape_rate, final_rate;
  std::optional<double> end_mask, weight_end_wall, end_wall, weight_centre_wall, centre_wall;

  std::string device = "auto";
  int threads = 0;

  double checkpoint_every = 300;  // seconds
  bool resume = false, overwrite = false, preview = false, dry_run = false;
  bool quiet = false, verbose = false;

  std::vector<std::string> pins;  // of a search, LEVEL=x,y,z, or LEVEL where `centres` holds one point
  bool extend = false;            // whether to find the vertebrae that `centres` does not name
  bool accept_levels = false;     // whether to fit although the found names are not sure
  spine::centroid_list found;     // by a search
  index_t search_bytes = 0;       // that it took, with the whole CT
  std::vector<std::filesystem::path> search_files;  // what it wrote

  /// Whether a search finds the centres.
  bool searches() const { return centres.empty() || extend || !pins.empty(); }

  verbosity level() const {
    return quiet ? verbosity::quiet : verbose ? verbosity::verbose : verbosity::normal;
  }
  io::label_numbering numbering() const {
    return labels == "totalseg" ? io::label_numbering::totalsegmentator : io::label_numbering::verse;
  }
};

/// The settings of the preset, changed by the options that were given. Throws `error` (usage).
spine::fit_options fit_options_of(const fit_arguments& a);

}  // namespace diffam::program
