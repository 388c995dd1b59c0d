// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam template --from-masks`: reads segmentations and writes their mean.
#include <fmt/core.h>

#include "centre_files.hpp"
#include "console.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/spine/template.hpp"
#include "diffam/spine/template_from_masks.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "scan.hpp"
#include "template/arguments.hpp"
#include "template/templates.hpp"

namespace diffam::program {

namespace {

namespace fs = std::filesystem;
using vertebra_list = std::vector<spine::mask_vertebra>;

spine::template_from_masks_params params_of(const template_arguments& a) {
  spine::template_from_masks_params p;
  if (!a.labels.empty()) p.levels = spine::parse_levels(a.labels);
  p.vertices = a.vertices;
  p.keep_cut = a.keep_cut;
  p.keep_crushed = a.keep_crushed;
  return p;
}

void require_sound(const template_arguments& a) {
  if (!a.centres.empty() && a.centres.size() != a.masks.size())
    throw error(fmt::format("template: expected as many --centres as masks, got {} and {}", a.centres.size(),
                            a.masks.size()));
  if (!a.connectivity.empty() && !a.per_label) throw error("template: --connectivity goes with --per-label");
  const auto end = a.output.extension();
  if (!a.per_label && end != ".ply" && end != ".obj" && end != ".stl")
    throw error("template: expected an output that ends in .ply, .obj or .stl, got " + a.output.string());
}

vertebra_list read_vertebrae(const template_arguments& a, const spine::template_from_masks_params& p,
                             const exec::threads& e) {
  std::vector<std::string> warnings;
  vertebra_list all;
  for (std::size_t i = 0; i < a.masks.size(); ++i) {
    const auto labels = io::read_label_volume<std::uint8_t>(a.masks[i], warnings, mask_options());
    spine::centroid_list centres;
    if (!a.centres.empty()) centres = read_centroids(a.centres[i], labels.geometry, warnings);
    vertebra_list found =
        spine::vertebrae_of_mask(e, labels, a.masks[i].filename().string(), std::move(centres), p, warnings);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  if (all.empty()) {
    std::string why;
    for (const auto& w : warnings) why += (why.empty() ? " (" : "; ") + w;
    throw error("template: expected vertebrae that are whole in a mask" +
                    (a.labels.empty() ? "" : " among " + a.labels) + ", found none" +
                    (why.empty() ? "" : why + ")"),
                error_kind::bad_data);
  }
  console().warn(warnings);
  return all;
}

/// The meshes from which each level starts.
spine::template_set starts_of(const template_arguments& a, const vertebra_list& vertebrae,
                              std::vector<std::string>& warnings) {
  std::vector<int> levels;
  for (const auto& v : vertebrae) levels.push_back(v.label);
  if (a.connectivity == "builtin") return spine::builtin_templates(levels);
  return read_templates(template_files({a.connectivity}), levels, a.threads, warnings);
}

std::string line_of(const std::string& name, const spine::made_template& t, const fs::path& file) {
  return fmt::format(
      "{:<6} {:>2} vertebrae {:>6} vertices {:>6} faces  genus {}  {:.2f} mm from the mean  {}\n", name,
      t.shapes, t.mesh.vertex_count(), t.mesh.face_count(), t.genus, t.distance_to_mean,
      one_line(file.string()));
}

void say_defects(const std::string& name, const spine::made_template& t, std::vector<std::string>& warnings) {
  if (t.shapes == 0)
    warnings.push_back(name + ": no whole vertebra in the masks; made from the meshes above and below");
  if (t.repaired_mm != 0)
    warnings.push_back(fmt::format("{}: small handles were removed by {} by {:g} mm", name,
                                   t.repaired_mm > 0 ? "a closing" : "an opening", std::abs(t.repaired_mm)));
  if (t.self_intersections > 0)
    warnings.push_back(
        fmt::format("{}: {} pairs of faces pass through one another", name, t.self_intersections));
  if (t.genus != 1)
    warnings.push_back(fmt::format(
        "{}: the mesh has genus {}, but a vertebra with its canal has genus 1: its {}", name, t.genus,
        t.genus == 0 ? "canal is not closed in the masks"
                     : "masks have holes or bridges too large to repair"));
}

}  // namespace

int make_templates_from_masks(const template_arguments& a) {
  require_sound(a);
  const auto p = params_of(a);
  std::vector<fs::path> inputs = a.masks;
  inputs.insert(inputs.end(), a.centres.begin(), a.centres.end());
  if (a.per_label) {
    require_creatable_folder(a.output);
  } else {
    require_creatable_folder(fs::absolute(a.output).parent_path());
    require_free({a.output}, inputs, a.overwrite);
  }
  std::vector<std::string> warnings;
  const exec::threads e(a.threads);
  const vertebra_list vertebrae = read_vertebrae(a, p, e);
  if (!a.per_label) {
    const auto made = spine::shared_template(e, vertebrae, p);
    say_defects(one_line(a.output.filename().string()), made, warnings);
    console().warn(warnings);
    io::create_output_folder(fs::absolute(a.output).parent_path());
    io::write_mesh(a.output, made.mesh);
    print_result(line_of("shared", made, a.output));
    return exit_done;
  }
  const auto file_of = [&](int label) { return a.output / (spine::label_name(label) + ".ply"); };
  std::vector<fs::path> files;
  const auto [first, last] =
      std::minmax_element(vertebrae.begin(), vertebrae.end(), [](const auto& x, const auto& y) {
        return spine::anatomical_rank(x.label) < spine::anatomical_rank(y.label);
      });
  for (int l = spine::label::c1; l <= spine::label::t13; ++l)  // missing levels in between are made as well
    if (spine::anatomical_rank(l) >= spine::anatomical_rank(first->label) &&
        spine::anatomical_rank(l) <= spine::anatomical_rank(last->label))
      files.push_back(file_of(l));
  owned_folder folder(a.output, "templates");
  folder.lock();
  const auto check_folder = [&] {
    require_free(files, inputs, a.overwrite);
    require_no_other_templates(a.output, files, folder, a.overwrite);
  };
  check_folder();
  const auto made = a.connectivity.empty()
                        ? spine::templates_per_label(e, vertebrae, p)
                        : spine::templates_per_label(e, vertebrae, p, starts_of(a, vertebrae, warnings));
  for (const auto& [label, t] : made) say_defects(spine::label_name(label), t, warnings);
  console().warn(warnings);
  folder.open();
  check_folder();  // another run may have ended while this one had no folder to lock
  folder.replace(files);
  for (const auto& [label, t] : made) {
    io::write_mesh(file_of(label), t.mesh);
    print_result(line_of(spine::label_name(label), t, file_of(label)));
  }
  return exit_done;
}

}  // namespace diffam::program
