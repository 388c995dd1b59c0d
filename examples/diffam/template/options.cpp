// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of `diffam template`.
#include <CLI/CLI.hpp>
#include <memory>

#include "command_help.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "template/arguments.hpp"

namespace diffam::program {

void add_template_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<template_arguments>();
  auto* command = app.add_subcommand("template", "Make, write or check template meshes");
  command->add_option("--from-masks", a->masks, "label volumes to average");
  command->add_option("--centres", a->centres, "body centres, one file for each mask in the same order");
  command->add_option("--labels", a->labels, "use only these vertebrae of the masks, like L1-L4");
  command->add_flag("--per-label", a->per_label,
                    "make one mesh for each label, all with the same faces; -o is a folder");
  command->add_option("--vertices", a->vertices, "vertices of a mesh made from masks")
      ->check(CLI::Range(500, 20000))
      ->capture_default_str();
  command->add_option("--connectivity", a->connectivity,
                      "with --per-label: start from this mesh, from the meshes of a folder, or from "
                      "'builtin', and use its faces");
  command->add_flag("--keep-cut", a->keep_cut, "also use vertebrae at the border of their image");
  command->add_flag("--keep-crushed", a->keep_crushed, "also use vertebrae whose body has collapsed");
  command->add_option("--level", a->level,
                      "write the built-in mesh of this level; for several levels, -o is a folder");
  command->add_flag("--all", a->all, "write all built-in meshes, C1 to L5, to the folder -o");
  command->add_option("--check", a->check,
                      "check these meshes and print their defects; exit code 65 if there are any");
  command->add_option("--json", a->json, "with --check: also write the findings to this JSON file");
  command->add_option("-o,--output", a->output, "mesh (.ply, .obj, .stl), or a folder");
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace existing files");
  command->footer(template_footer);
  command->callback([a, &chosen] { chosen = [a] { return run_template(*a); }; });
}

}  // namespace diffam::program
