// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads template meshes.
#include "template/templates.hpp"

#include <algorithm>

#include "diffam/exec/threads.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/checks.hpp"
#include "diffam/spine/labels.hpp"
#include "diffam/spine/one_connectivity.hpp"

namespace diffam::program {

namespace {

triangle_mesh<double> read_template(const std::filesystem::path& file, std::vector<std::string>& warnings) {
  triangle_mesh<double> mesh = io::read_mesh(file, warnings);
  if (flip_if_inside_out(mesh))
    warnings.push_back(file.string() + ": faces point inward; they were reversed");
  spine::require_template(mesh, "template " + file.string());
  if (const std::size_t crossings = self_intersections(mesh).size(); crossings > 0)
    warnings.push_back("template " + file.string() + ": " + crossings_text(crossings));
  return mesh;
}

}  // namespace

std::string crossings_text(std::size_t pairs) {
  return std::to_string(pairs) + " pairs of faces that pass through one another";
}

int label_of_file(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t cut = stem.find_last_of("_-. ");
  const auto label = spine::label_from_name(cut == std::string::npos ? stem : stem.substr(cut + 1));
  return label && spine::is_vertebra_label(*label) ? *label : 0;
}

namespace {

/// The meshes in a folder that are named by level, sorted by name.
std::vector<std::filesystem::path> meshes_by_level(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  const std::filesystem::directory_iterator entries(folder, code);
  if (code) throw error(folder.string() + ": cannot be read: " + code.message(), error_kind::missing_input);
  for (const auto& entry : entries)
    if (io::is_mesh_file(entry.path()) && label_of_file(entry.path()) != 0) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::filesystem::path> template_files(const std::vector<std::filesystem::path>& given) {
  std::vector<std::filesystem::path> files;
  for (const auto& path : given) {
    std::error_code ignored;  // a file without access is reported when it is read
    if (!std::filesystem::is_directory(path, ignored)) {
      files.push_back(path);
      continue;
    }
    const auto found = meshes_by_level(path);
    if (found.empty())
      throw error("template " + path.string() +
                      ": expected a folder with meshes named by level, like L1.ply or 20.off, got none",
                  error_kind::bad_data);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

void require_no_other_templates(const std::filesystem::path& folder,
                                const std::vector<std::filesystem::path>& files, const owned_folder& owned,
                                bool overwrite) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) return;
  const auto earlier = owned.earlier();
  const auto has = [](const auto& list, const auto& file) {
    return std::find(list.begin(), list.end(), file) != list.end();
  };
  for (const auto& file : meshes_by_level(folder)) {
    if (has(files, file) || (overwrite && has(earlier, file))) continue;
    throw error(file.string() + ": is of another run, and the levels of a folder belong together; " +
                    (has(earlier, file) ? "replace all with --overwrite" : "choose another folder"),
                error_kind::cannot_create);
  }
}

spine::template_set read_templates(const std::vector<std::filesystem::path>& files,
                                   const std::vector<int>& labels, int threads,
                                   std::vector<std::string>& warnings) {
  if (files.size() == 1) return spine::template_set(read_template(files[0], warnings));
  std::map<int, triangle_mesh<double>> per_label;
  for (const auto& file : files) {
    const int label = label_of_file(file);
    if (label == 0)
      throw error("template " + file.string() +
                  ": expected a name that ends in its level, like L1.ply or average_20.off, because there "
                  "are several meshes");
    if (!per_label.emplace(label, read_template(file, warnings)).second)
      throw error("template " + file.string() + ": a second one for " + spine::label_name(label));
  }
  return spine::with_one_connectivity(exec::threads(threads), spine::template_set(std::move(per_label)),
                                      labels, warnings);
}

}  // namespace diffam::program
