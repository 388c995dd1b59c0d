// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam template`: the command line of its three jobs, and the one that writes built-in meshes.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "commands.hpp"
#include "console.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/spine/template.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "template_arguments.hpp"

namespace diffam::program {

namespace {

constexpr const char* footer = R"(
Example:
  diffam template --from-masks A_seg-vert_msk.nii.gz B_seg-vert_msk.nii.gz --labels L1-L4 -o lumbar.ply
  diffam template --from-masks *_seg-vert_msk.nii.gz --labels T10-L5 --per-label -o family
  diffam template --level L3 -o L3.ply
  diffam template --all -o builtin
  diffam template --check L3.ply

Masks have VerSe's numbers. A template's origin is its body's centre (from --centres, else the middle of the
thickest part of each mask), x to the right, y anterior, z superior; scaled for centres 34.3 mm apart.

Exit codes: 0 done, and --check found nothing wrong; 2 usage; 65 bad data, or --check found that a mesh is not
closed, not oriented outward, in several parts or passes through itself; 66 input missing; 73 and 74 output
cannot be created or written.)";

int run_template(const template_arguments& a) {
  const int jobs =
      (a.masks.empty() ? 0 : 1) + (a.level.empty() ? 0 : 1) + (a.all ? 1 : 0) + (a.check.empty() ? 0 : 1);
  if (jobs != 1)
    throw error(fmt::format("template: expected one of --from-masks, --level, --all and --check, got {}",
                            jobs == 0 ? "none" : "several"));
  if (!a.check.empty()) return check_templates(a);
  if (!a.json.empty()) throw error("template: --json goes with --check");
  if (a.output.empty()) throw error("template: expected an output, -o");
  return a.masks.empty() ? write_builtin_templates(a) : make_templates_from_masks(a);
}

}  // namespace

int write_builtin_templates(const template_arguments& a) {
  std::vector<int> labels;
  if (a.all)
    for (int l = spine::label::c1; l <= spine::label::l5; ++l) labels.push_back(l);
  else
    labels = spine::parse_levels(a.level);
  const bool one_file = !a.all && labels.size() == 1;
  std::vector<std::filesystem::path> files;
  for (const int l : labels)
    files.push_back(one_file ? a.output : a.output / (spine::label_name(l) + ".ply"));
  if (one_file && (!io::is_mesh_file(a.output) || a.output.extension() == ".off"))
    throw error("template: expected an output that ends in .ply, .obj or .stl, got " + a.output.string());
  require_creatable_folder(one_file ? std::filesystem::absolute(a.output).parent_path() : a.output);
  require_free(files, {}, a.overwrite);
  const spine::template_set made = spine::builtin_templates(labels);
  io::create_output_folder(one_file ? std::filesystem::absolute(a.output).parent_path() : a.output);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    io::write_mesh(files[i], made[labels[i]]);
    print_result(fmt::format("{:<4} {:>6} vertices  {}\n", spine::label_name(labels[i]),
                             made[labels[i]].vertex_count(), one_line(files[i].string())));
  }
  return exit_done;
}

void add_template_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<template_arguments>();
  auto* command = app.add_subcommand("template", "Make, write or check template meshes");
  command->add_option("--from-masks", a->masks, "label volumes to average, NIfTI");
  command->add_option("--centres", a->centres, "body centres of each mask, as many files in the same order");
  command->add_option("--labels", a->labels, "only these vertebrae of the masks, like L1-L4");
  command->add_flag("--per-label", a->per_label,
                    "a mesh for each label, all with the same faces; -o is a folder");
  command->add_option("--vertices", a->vertices, "vertices of a mesh made from masks")
      ->check(CLI::Range(500, 20000))
      ->capture_default_str();
  command->add_option(
      "--connectivity", a->connectivity,
      "with --per-label: start from this mesh, from a folder's, or from 'builtin'; all take its faces");
  command->add_flag("--keep-cut", a->keep_cut, "also use vertebrae at the border of their image");
  command->add_flag("--keep-crushed", a->keep_crushed, "also use vertebrae whose body has collapsed");
  command->add_option("--level", a->level, "write the built-in mesh of a level; of several, -o is a folder");
  command->add_flag("--all", a->all, "write all built-in meshes, C1 to L5, to the folder -o");
  command->add_option("--check", a->check, "say what is wrong with meshes; the exit code too");
  command->add_option("--json", a->json, "with --check: write the findings there too");
  command->add_option("-o,--output", a->output, "mesh (.ply, .obj, .stl), or a folder");
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result is the same for any")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace files that are there");
  command->footer(footer);
  command->callback([a, &chosen] { chosen = [a] { return run_template(*a); }; });
}

}  // namespace diffam::program
