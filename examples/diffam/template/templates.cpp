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

std::vector<std::filesystem::path> template_files(const std::vector<std::filesystem::path>& given) {
  std::vector<std::filesystem::path> files;
  for (const auto& path : given) {
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    const std::size_t before = files.size();
    for (const auto& entry : std::filesystem::directory_iterator(path))
      if (io::is_mesh_file(entry.path()) && label_of_file(entry.path()) != 0) files.push_back(entry.path());
    if (files.size() == before)
      throw error("template " + path.string() +
                      ": expected a folder with meshes named by level, like L1.ply or 20.off, got none",
                  error_kind::bad_data);
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
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
