// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The command line of the program, parsed with CLI11. Only this file includes CLI11, which is header-only and
// takes long to compile.
#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "command_help.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "diffam/version.hpp"
#include "eval/arguments.hpp"
#include "exit_codes.hpp"
#include "find/arguments.hpp"
#include "fit/arguments.hpp"
#include "hounsfield.hpp"
#include "info/arguments.hpp"

namespace diffam::program {

namespace {

/// An empty name, as of an unset variable of a shell, is not a file.
CLI::Validator file_name() {
  return {[](std::string& text) {
            return text.empty() ? std::string("expected a file name, got an empty text") : std::string();
          },
          ""};
}

void add_affine_option(CLI::App& app, io::nifti_form& form) {
  const std::map<std::string, io::nifti_form> names{{"sform", io::nifti_form::sform},
                                                    {"qform", io::nifti_form::qform}};
  app.add_option("--affine", form,
                 "take the geometry from this form of a NIfTI: sform or qform; default: the sform if set")
      ->transform(CLI::CheckedTransformer(names));
}

void add_fit_options(CLI::App& app, fit_arguments& a) {
  app.footer(fit_footer);

  auto* files = app.add_option_group("Files");
  files->add_option("-i,--input", a.ct, any_volume)->required()->check(file_name());
  files
      ->add_option("-c,--centres", a.centres,
                   "vertebra centres: VerSe, POI, Slicer markups or .fcsv, a table (.csv, .tsv), or a "
                   "label volume; default: found")
      ->check(file_name());
  files->add_flag("--extend", a.extend, "find the other vertebrae in the image; the names of -c hold");
  files->add_option("--pin", a.pins,
                    "find the vertebrae; the one at this place has this name: LEVEL=x,y,z; may be repeated. "
                    "LEVEL alone: -c holds its place");
  files->add_flag("--accept-levels", a.accept_levels, "fit although the names that were found are not sure");
  files->add_option(
      "-t,--template", a.templates,
      "template mesh for all levels, or a folder or list of meshes named by level, like 20.off or L1.ply "
      "(.ply .obj .off .stl; mm, origin at the body centre, x right, y front, z up); "
      "default: built in");
  files->add_option("-o,--output", a.output, "folder for the results")->required()->check(file_name());
  files->add_option("--centroid-frame", a.centroid_frame,
                    "frame of the centres, if their file does not state it: world-ras, world-lps, voxel, "
                    "voxel-PIR or voxel-PIR-1mm");
  files
      ->add_option("--mask-format", a.mask_format,
                   "nifti; nrrd or dicom-seg write the mask in this format as well, for 3D Slicer or a PACS")
      ->check(CLI::IsMember({"nifti", "nrrd", "dicom-seg"}))
      ->capture_default_str();
  files->add_option("--report", a.report, "html: a page to look at, in one file; or none")
      ->check(CLI::IsMember({"html", "none"}))
      ->capture_default_str();
  files->add_flag("--no-3d", a.without_3d, "leave the 3-D view of the meshes out of the report");
  files
      ->add_option("--fail-below", a.fail_below,
                   "exit code 3, after all is written, if a vertebra's confidence is below this")
      ->check(CLI::Range(0.0, 1.0));
  files->add_option("--hu-offset", a.hu_offset, hu_offset_help)->capture_default_str();
  files->add_option("--labels", a.labels, "numbering of the centres and of the mask: verse or totalseg")
      ->check(CLI::IsMember({"verse", "totalseg"}))
      ->capture_default_str();
  add_dicom_options(*files, a.dicom);
  add_affine_option(*files, a.affine);
  files->add_flag("--overwrite", a.overwrite, "replace existing results");
  files->add_flag("--resume", a.resume, "continue from the checkpoint in the output folder, if there is one");

  files
      ->add_option("--checkpoint-every", a.checkpoint_every,
                   "seconds between two checkpoints, from which --resume continues after a crash")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();

  auto* method = app.add_option_group("Method");
  method->add_option("--preset", a.preset, "fast, default or paper (3,000 iterations at constant rates)")
      ->check(CLI::IsMember({"fast", "default", "paper"}))
      ->capture_default_str();
  method->add_option("--iterations", a.iterations, "length of the run")->check(CLI::Range(1, 1000000));
  method->add_option("--seed", a.seed, "seed of all random numbers")->check(not_negative());
  method->add_option("--samples", a.samples, "sample points of the image loss and of the normal loss")
      ->check(CLI::Range(100, 10000000));
  method->add_option("--modes", a.modes, "spectral modes of the shape")->check(CLI::Range(1, 1000));
  method
      ->add_option(
          "--renderer", a.renderer,
          "intensity as a function of distance: exact (the paper's network), tabulated (the network on "
          "a grid of distances) or table (free values)")
      ->check(CLI::IsMember({"exact", "tabulated", "table"}));
  method->add_option(
      "--alpha-last", a.alpha_last,
      "exponent alpha of Eq. 1 at the end of the run; larger values give smaller steps to high frequencies");
  method->add_option("--shape-rate", a.shape_rate, "learning rate of the shape's coefficients");
  method->add_option("--final-rate", a.final_rate,
                     "all learning rates decay to this fraction, along half a cosine");
  method->add_option("--window-low", a.window_low, "lower end of the intensity window, HU");
  method->add_option("--window-high", a.window_high, "upper end of the intensity window, HU");
  method->add_option("--blur", a.blur, "standard deviation of the blur of the image at the start, mm");
  method->add_option("--weight-image", a.weight_image, "weight of the image loss");
  method->add_option("--weight-normal", a.weight_normal, "weight of the normal loss");
  method->add_option("--weight-edge", a.weight_edge, "weight of the edge loss");
  method->add_option("--weight-overlap", a.weight_overlap, "weight of the overlap loss");
  method->add_option("--weight-variance", a.weight_variance, "weight of the variance loss");
  method->add_option("--without", a.without, "losses to leave out: image,normal,edge,overlap,variance")
      ->delimiter(',')
      ->check(CLI::IsMember({"image", "normal", "edge", "overlap", "variance"}));

  auto* beyond = app.add_option_group(
      "Additions to the paper (off in the preset paper; lengths in spacings of the level)");
  beyond->add_option(
      "--lordotic-end", a.lordotic_end,
      "an L4 or L5 at the end of the chain starts along the spine's bend, not its chord: 0 or 1");
  beyond->add_option(
      "--variance-from-template", a.variance_from_template,
      "the variance loss compares neighbours by their deviations from their templates: 0 or 1");
  beyond->add_option("--rib-variance", a.rib_variance,
                     "weight of neighbours within T2 to T10, which ribs join, in the variance loss");
  beyond->add_option("--slice-points", a.slice_points,
                     "predictions along the thickness of a thick slice, whose mean the image shows; 1: off");
  beyond->add_option(
      "--edge-contrast", a.edge_contrast,
      "change of the windowed image across an edge, per 64 mm, that the normal loss counts as 1");
  beyond->add_option("--rising-edges", a.rising_edges,
                     "weight in the normal loss of edges that get brighter outward, 0 to 1");
  beyond->add_option("--end-mask", a.end_mask,
                     "the image loss ignores samples farther than this beyond the centre of an end; 0: off");
  beyond->add_option("--weight-end-wall", a.weight_end_wall,
                     "weight of the wall for the outer end plate of an end; 0: off");
  beyond->add_option("--end-wall", a.end_wall,
                     "distance of that wall from the centre at the start, in spacings of the level");
  beyond->add_option("--weight-centre-wall", a.weight_centre_wall,
                     "weight of the wall for the centre of an end; 0: off");
  beyond->add_option("--centre-wall", a.centre_wall,
                     "distance of that wall from the centre at the start, in spacings of the level");
  beyond->add_option(
      "--chain-scale", a.chain_scale,
      "start sizes follow from all distances of the chain, not only from a level's own: 0 or 1");
  beyond->add_option("--surface-stage", a.surface_stage,
                     "move surfaces to the edges of the bone after the last iteration: 0 or 1");
  beyond->add_option("--start-search", a.start_search,
                     "search near each centre for a better start position, tilt and size: 0 or 1");

  auto* run = app.add_option_group("Run");
  run->add_option("--device", a.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  run->add_option("--threads", a.threads,
                  "threads on the CPU; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  run->add_flag("--dry-run", a.dry_run, "check the inputs, print the plan and its memory, write nothing");
  run->add_flag("--preview", a.preview, "write only the picture of the start, to check the centres");
  auto* quiet = run->add_flag("-q,--quiet", a.quiet, "print results, errors and lost vertebrae only");
  run->add_flag("-v,--verbose", a.verbose, "print more")->excludes(quiet);
}

void add_find_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<find_arguments>();
  auto* command = app.add_subcommand("find", "Find and name every vertebra of a CT");
  command->add_option("-i,--input", a->ct, any_volume)->required()->check(file_name());
  command->add_option("-o,--output", a->output, "folder for the results")->required()->check(file_name());
  add_dicom_options(*command, a->dicom);
  command->add_option("--pin", a->pins,
                      "the vertebra at this place has this name: LEVEL=x,y,z; may be repeated. LEVEL alone: "
                      "-c holds its place");
  command
      ->add_option("-c,--centres", a->centres,
                   "centres of some vertebrae, whose names hold, or one point for --pin LEVEL")
      ->check(file_name());
  command->add_option("--centroid-frame", a->centroid_frame,
                      "frame of the pins (default world-ras), and of centres whose file does not state it: "
                      "world-ras, world-lps, voxel, ...");
  command->add_option("--hu-offset", a->hu_offset, hu_offset_help)->capture_default_str();
  add_affine_option(*command, a->affine);
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace existing files");
  auto* quiet = command->add_flag("-q,--quiet", a->quiet, "print results, errors and lost vertebrae only");
  command->add_flag("-v,--verbose", a->verbose, "print more")->excludes(quiet);
  command->footer(find_footer);
  command->callback([a, &chosen] { chosen = [a] { return run_find(*a); }; });
}

void add_fit_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<fit_arguments>();
  auto* command =
      app.add_subcommand("fit", "Fit a mesh to every vertebra of a CT, at given centres or at found ones");
  add_fit_options(*command, *a);
  command->callback([a, &chosen] { chosen = [a] { return run_fit(*a); }; });
}

void add_eval_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<eval_arguments>();
  auto* command = app.add_subcommand("eval", "Compare a label volume with the true one");
  command->add_option("-p,--prediction", a->prediction, "label volume")->required();
  command->add_option("-g,--truth", a->truth, "true label volume in the same geometry")->required();
  command->add_option("--json", a->json, "also write the scores to this JSON file");
  command->add_option("--levels", a->levels, "only these vertebrae, like T10-L5");
  command
      ->add_option("--spacing", a->spacing,
                   "compare both on cubic voxels of this size in mm (VerSe: 1); 0: on their own voxels")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  auto* centres = command->add_option("--centres", a->centres, "predicted centres: identified vertebrae");
  auto* true_centres = command->add_option("--true-centres", a->true_centres, "their true centres");
  centres->needs(true_centres);
  true_centres->needs(centres);
  command
      ->add_option("--centroid-frame", a->centroid_frame,
                   "frame of true centres whose file does not say it: world-ras, voxel-IPL-1mm, ...")
      ->needs(true_centres);
  command->add_option("--meshes", a->meshes,
                      "folder of fitted meshes like L1.ply: distance of their vertices to the true surface");
  command->add_option("--labels", a->labels, "numbering of both volumes: verse or totalseg")
      ->check(CLI::IsMember({"verse", "totalseg"}))
      ->capture_default_str();
  command->add_option("--threads", a->threads, "threads; 0: all cores")->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace the JSON file");
  command->footer(
      "\nExample:\n  diffam eval -p out/sub-014_seg-vert_msk.nii.gz -g sub-014_truth.nii.gz --json "
      "scores.json");
  command->callback([a, &chosen] { chosen = [a] { return run_eval(*a); }; });
}

void add_info_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<info_arguments>();
  auto* command = app.add_subcommand("info", "Describe a volume, or list the series of a DICOM folder");
  command->add_option("volume", a->file, any_volume)->required();
  add_dicom_options(*command, a->dicom);
  command->footer("\nExample:\n  diffam info sub-014_ct.nii.gz");
  command->callback([a, &chosen] { chosen = [a] { return run_info(*a); }; });
}

/// Help and version go to stdout. A wrong command line throws `error` (usage).
action answer_parse_error(const CLI::App& app, const CLI::ParseError& e) {
  std::ostringstream out, err;
  if (app.exit(e, out, err) != 0) throw error(std::string(e.what()) + " (see diffam --help)");
  print_result(out.str());
  return [] { return int{exit_done}; };
}

}  // namespace

std::function<int()> read_command_line(int argc, char** argv) {
  CLI::App app("Vertebra segmentation of CT without training, by differentiable appearance modelling.",
               "diffam");
  app.set_version_flag("--version", "diffam " DIFFAM_VERSION);
  app.require_subcommand(1);
  app.footer(program_footer);
  action chosen;
  add_find_command(app, chosen);
  add_fit_command(app, chosen);
  add_eval_command(app, chosen);
  add_measure_command(app, chosen);
  add_phantom_command(app, chosen);
  add_synth_command(app, chosen);
  add_info_command(app, chosen);
  add_template_command(app, chosen);
  add_cohort_command(app, chosen);
  const auto is_asked_for = [&](CLI::App* command) { return command->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_asked_for).empty())
    throw error(std::string("unknown command '") + argv[1] +
                "': expected find, fit, eval, measure, phantom, synth, info, template or cohort");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return answer_parse_error(app, e);
  }
  return chosen;
}

}  // namespace diffam::program
