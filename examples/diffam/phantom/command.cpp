// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam phantom`: writes a generated CT with its true labels and its centres, to try the program without
// data.
#include <fmt/core.h>

#include "centre_files.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/nifti.hpp"
#include "exit_codes.hpp"
#include "hounsfield.hpp"
#include "output_files.hpp"
#include "phantom/arguments.hpp"

namespace diffam::program {

namespace {

spine::phantom_params params_of(const phantom_arguments& a) {
  spine::phantom_params p;
  p.levels = spine::parse_levels_to_make(a.levels);
  for (std::size_t k = 0; k < 3; ++k) p.spacing[static_cast<int>(k)] = a.spacing[k];
  p.noise = a.noise;
  p.seed = a.seed;
  if (a.sagittal) p.directions = spine::tilted_sagittal();
  return p;
}

}  // namespace

int run_phantom(const phantom_arguments& a) {
  if (a.name.empty() || a.name.find('/') != std::string::npos)
    throw error("phantom: expected a name without '/', got '" + a.name + "'");
  const auto ct = a.output / (a.name + "_ct.nii.gz"), truth = a.output / (a.name + "_truth.nii.gz"),
             centres = a.output / (a.name + "_ctd.json");
  const spine::phantom_params params = params_of(a);
  require_creatable_folder(a.output);
  require_free({ct, truth, centres}, {}, a.overwrite);
  const spine::phantom made = spine::make_phantom(exec::threads(a.threads), params);
  io::create_output_folder(a.output);
  io::write_nifti(ct, in_whole_hu(made.ct));
  io::write_nifti(truth, made.truth);
  write_verse_centroids(centres, made.centres, made.ct.geometry);
  const auto& n = made.ct.geometry.size;
  print_result(fmt::format("ct       {}\ntruth    {}\ncentres  {}\nvoxels   {} x {} x {}\n",
                           one_line(ct.string()), one_line(truth.string()), one_line(centres.string()), n[0],
                           n[1], n[2]));
  return exit_done;
}

}  // namespace diffam::program
