// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The options of `diffam fit`.
#include "fit_arguments.hpp"

#include <CLI/CLI.hpp>

namespace diffam::program {

namespace {

constexpr const char* footer = R"(
Exit codes: 0 done, 2 usage, 65 bad input, 66 input missing, 69 no such device,
70 internal, 73 cannot create output, 74 write error, 75 stopped by a signal with a
checkpoint written (go on with --resume).

Example:
  diffam fit -i sub-014_ct.nii.gz -c sub-014_ctd.json -o out
  diffam eval -p out/sub-014_seg-vert_msk.nii.gz -g truth.nii.gz)";

}  // namespace

void add_fit_options(CLI::App& app, fit_arguments& a) {
  app.footer(footer);

  auto* files = app.add_option_group("Files");
  files->add_option("-i,--input", a.ct, "CT volume, NIfTI (.nii, .nii.gz)")->required();
  files->add_option("-c,--centres", a.centres, "vertebra centres: VerSe, POI, Slicer markups or CSV")
      ->required();
  files->add_option("-t,--template", a.templates,
                    "template mesh, or a folder or list of one for each level named like 20.off or L1.ply "
                    "(.ply .obj .off .stl; mm, origin at the body centre, x right, y anterior, z up); "
                    "default: built in");
  files->add_option("-o,--output", a.output, "folder for the results")->required();
  files->add_option(
      "--centroid-frame", a.centroid_frame,
      "frame of centres whose file does not say it: world-ras, world-lps, voxel, voxel-PIR or voxel-PIR-1mm");
  files->add_option("--labels", a.labels, "numbering of the centres and of the mask: verse or totalseg")
      ->check(CLI::IsMember({"verse", "totalseg"}))
      ->capture_default_str();
  files->add_flag("--overwrite", a.overwrite, "replace results that are there");
  files->add_flag("--resume", a.resume, "go on from a checkpoint in the output folder, if there is one");

  auto* method = app.add_option_group("Method");
  method->add_option("--preset", a.preset, "fast, default or paper (3,000 iterations at constant rates)")
      ->check(CLI::IsMember({"fast", "default", "paper"}))
      ->capture_default_str();
  method->add_option("--iterations", a.iterations, "length of the run")->check(CLI::Range(1, 1000000));
  method->add_option("--seed", a.seed, "seed of all random numbers")->check(CLI::NonNegativeNumber);
  method->add_option("--samples", a.samples, "sample points of the image loss and of the normal loss")
      ->check(CLI::Range(100, 10000000));
  method->add_option("--modes", a.modes, "spectral modes of the shape")->check(CLI::Range(1, 1000));
  method
      ->add_option(
          "--renderer", a.renderer,
          "intensity as a function of distance: exact (the paper's network), tabulated (the network on "
          "a grid of distances) or table (free values)")
      ->check(CLI::IsMember({"exact", "tabulated", "table"}));
  method->add_option("--alpha-last", a.alpha_last,
                     "how much smaller steps of high frequencies are at the end: the exponent of Eq. 1");
  method->add_option("--shape-rate", a.shape_rate, "rate of the shape's coefficients");
  method->add_option("--final-rate", a.final_rate, "all rates end at this fraction, along half a cosine");
  method->add_option("--window-high", a.window_high, "HU from which on everything is as bright");
  method->add_option("--blur", a.blur, "standard deviation of the image's blur at the start, mm");
  method->add_option("--weight-image", a.weight_image, "weight of the image loss");
  method->add_option("--weight-normal", a.weight_normal, "weight of the normal loss");
  method->add_option("--weight-edge", a.weight_edge, "weight of the edge loss");
  method->add_option("--weight-overlap", a.weight_overlap, "weight of the overlap loss");
  method->add_option("--weight-variance", a.weight_variance, "weight of the variance loss");
  method->add_option("--without", a.without, "losses to leave out: image,normal,edge,overlap,variance")
      ->delimiter(',')
      ->check(CLI::IsMember({"image", "normal", "edge", "overlap", "variance"}));

  auto* beyond =
      app.add_option_group("Beyond the paper (off in its preset; lengths in spacings of the level)");
  beyond->add_option("--lordotic-end", a.lordotic_end,
                     "an L4 or L5 that ends the chain starts along the spine's bend, not its chord: 0 or 1");
  beyond->add_option("--variance-from-template", a.variance_from_template,
                     "neighbours are compared by their difference from their templates: 0 or 1");
  beyond->add_option(
      "--edge-contrast", a.edge_contrast,
      "change of the windowed image across an edge, per 64 mm, that the normal loss counts as 1");
  beyond->add_option("--rising-edges", a.rising_edges,
                     "share of edges that get brighter outward in the normal loss, 0 to 1");
  beyond->add_option("--end-mask", a.end_mask,
                     "how far beyond an end's centre the image loss looks; 0: everywhere");
  beyond->add_option("--weight-end-wall", a.weight_end_wall, "weight of the wall for an end's end plate");
  beyond->add_option("--end-wall", a.end_wall, "where that wall stands beyond the given centre");
  beyond->add_option("--weight-centre-wall", a.weight_centre_wall, "weight of the wall for an end's centre");
  beyond->add_option("--centre-wall", a.centre_wall, "where that wall stands beyond the given centre");
  beyond->add_option(
      "--chain-scale", a.chain_scale,
      "sizes at the start follow from all distances of the chain, not from a level's own: 0 or 1");
  beyond->add_option("--start-search", a.start_search,
                     "look near each centre for a better place, tilt and size to start from: 0 or 1");

  auto* run = app.add_option_group("Run");
  run->add_option("--device", a.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  run->add_option("--threads", a.threads, "threads on the CPU; 0: all cores. The result is the same for any")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  run->add_flag("--dry-run", a.dry_run, "check the inputs, print the plan and its memory, write nothing");
  run->add_flag("--preview", a.preview, "write only the picture of the start, to check the centres");
  auto* quiet = run->add_flag("-q,--quiet", a.quiet, "print results and errors only");
  run->add_flag("-v,--verbose", a.verbose, "print more")->excludes(quiet);
}

spine::fit_options fit_options_of(const fit_arguments& a) {
  spine::fit_options o = a.preset == "paper"  ? spine::paper_preset()
                         : a.preset == "fast" ? spine::fast_preset()
                                              : spine::default_preset();
  const auto take = [](auto& setting, const auto& asked) {
    if (asked) setting = *asked;
  };
  take(o.iterations, a.iterations);
  take(o.seed, a.seed);
  take(o.samples, a.samples);
  take(o.normal_samples, a.samples);
  take(o.modes, a.modes);
  if (a.renderer)
    o.renderer = *a.renderer == "table"       ? spine::renderer_kind::table
                 : *a.renderer == "tabulated" ? spine::renderer_kind::tabulated
                                              : spine::renderer_kind::exact;
  take(o.alpha_last, a.alpha_last);
  take(o.shape_rate, a.shape_rate);
  take(o.final_rate, a.final_rate);
  take(o.window_high_hu, a.window_high);
  take(o.blur_mm, a.blur);
  take(o.weight_image, a.weight_image);
  take(o.weight_normal, a.weight_normal);
  take(o.weight_edge, a.weight_edge);
  take(o.weight_overlap, a.weight_overlap);
  take(o.weight_variance, a.weight_variance);
  take(o.chain_scale, a.chain_scale);
  take(o.lordotic_end, a.lordotic_end);
  take(o.variance_from_template, a.variance_from_template);
  take(o.edges.contrast, a.edge_contrast);
  take(o.edges.rising, a.rising_edges);
  take(o.end_mask, a.end_mask);
  take(o.weight_end_wall, a.weight_end_wall);
  take(o.end_wall, a.end_wall);
  take(o.weight_centre_wall, a.weight_centre_wall);
  take(o.centre_wall, a.centre_wall);
  take(o.start_search, a.start_search);
  for (const auto& name : a.without) {
    if (name == "image") o.weight_image = 0;
    if (name == "normal") o.weight_normal = 0;
    if (name == "edge") o.weight_edge = 0;
    if (name == "overlap") o.weight_overlap = 0;
    if (name == "variance") o.weight_variance = 0;
  }
  spine::check(o);
  return o;
}

}  // namespace diffam::program
