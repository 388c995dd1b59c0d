// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam synth`: a CT from the meshes and the appearance of an earlier fit, with its mask and its centres.
#include <fmt/core.h>

#include "centre_files.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/metrics/dice.hpp"
#include "exit_codes.hpp"
#include "fit/earlier_fit.hpp"
#include "hounsfield.hpp"
#include "output_files.hpp"
#include "scan.hpp"
#include "synth/arguments.hpp"
#include "synth/variation.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

/// The same region in voxels of other sizes.
grid with_spacing(const grid& g, const std::vector<double>& mm) {
  if (mm.empty()) return g;
  const vec3<double> own = g.spacing();
  return with_voxels_of(g, {mm[0] / own[0], mm[1] / own[1], mm[2] / own[2]}).geometry;
}

}  // namespace

int run_synth(const synth_arguments& a) {
  std::vector<std::string> warnings;
  const std::string name = case_name(a.output);
  const fs::path folder = a.output.parent_path(), mask = folder / (name + "_seg-vert_msk.nii.gz"),
                 centres = folder / (name + "_ctd.json");
  if (!a.output.string().ends_with(".nii") && !a.output.string().ends_with(".nii.gz"))
    throw error("synth: expected an output that ends in .nii or .nii.gz, got " + a.output.string());
  if (!a.spacing.empty() && !a.background.empty())
    throw error("synth: expected --spacing or --background, got both: a background has voxels of its own");
  const fs::path like = a.like.empty() ? a.background : a.like;
  require_free({a.output, mask, centres}, {like, a.background, a.results / "report.json"}, a.overwrite);
  require_creatable_folder(folder.empty() ? "." : folder);
  const earlier_fit fit = read_earlier_fit(a.results, warnings);
  const distance_curve appearance = appearance_of(fit, a.results);
  const auto options = ct_options(a.dicom);
  const grid g = with_spacing(
      io::read_volume_header(like.empty() ? fit.mask : like, warnings, options).geometry, a.spacing);
  volume<float> background;
  if (!a.background.empty()) {
    const io::nifti_header header = io::read_volume_header(a.background, warnings, options);
    metrics::require_same_grid("synth", header.geometry, g);
    auto part =
        io::read_volume_part<float>(a.background, header, {{}, header.geometry.size}, warnings, options);
    background.geometry = g, background.voxels = std::move(part.voxels);
    for (float& v : background.voxels) v -= static_cast<float>(fit.hu_offset);
  }
  console().warn(warnings);
  const synthetic_scan made = make_scan(fit.meshes, fit.labels, appearance, g, a.params,
                                        a.background.empty() ? nullptr : &background, a.threads);
  io::create_output_folder(folder.empty() ? "." : folder);
  io::write_nifti(a.output, in_whole_hu(made.ct));
  io::write_nifti(mask, made.mask);
  write_verse_centroids(centres, fit.centres, g);
  print_result(fmt::format("ct       {}\nmask     {}\ncentres  {}\nvoxels   {} x {} x {}\n",
                           one_line(a.output.string()), one_line(mask.string()), one_line(centres.string()),
                           g.size[0], g.size[1], g.size[2]));
  return exit_done;
}

}  // namespace diffam::program
