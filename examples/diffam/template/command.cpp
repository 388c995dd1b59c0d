// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam template`: selects one of its three tasks, and writes built-in templates.
#include <fmt/core.h>

#include "commands.hpp"
#include "console.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/spine/template.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "template/arguments.hpp"
#include "template/templates.hpp"

namespace diffam::program {

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

int write_builtin_templates(const template_arguments& a) {
  std::vector<int> labels;
  if (a.all)
    for (int l = spine::label::c1; l <= spine::label::l5; ++l) labels.push_back(l);
  else
    labels = spine::parse_levels_to_make(a.level);
  const bool one_file = !a.all && labels.size() == 1;
  std::vector<std::filesystem::path> files;
  for (const int l : labels)
    files.push_back(one_file ? a.output : a.output / (spine::label_name(l) + ".ply"));
  if (one_file && (!io::is_mesh_file(a.output) || a.output.extension() == ".off"))
    throw error("template: expected an output that ends in .ply, .obj or .stl, got " + a.output.string());
  const auto parent = one_file ? std::filesystem::absolute(a.output).parent_path() : a.output;
  owned_folder folder(a.output, "templates");
  require_creatable_folder(parent);
  require_free(files, {}, a.overwrite);
  const spine::template_set made = spine::builtin_templates(labels);
  if (one_file) {
    io::create_output_folder(parent);
  } else {
    folder.open();
    require_free(files, {}, a.overwrite);  // again, since another run may have ended meanwhile
    require_no_other_templates(a.output, files, folder, a.overwrite);
    folder.replace(files);
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    io::write_mesh(files[i], made[labels[i]]);
    print_result(fmt::format("{:<4} {:>6} vertices  {}\n", spine::label_name(labels[i]),
                             made[labels[i]].vertex_count(), one_line(files[i].string())));
  }
  return exit_done;
}

}  // namespace diffam::program
