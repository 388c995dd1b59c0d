// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks output paths before the work begins.
#include "output_files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "diffam/io/atomic_file.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& why, error_kind kind) {
  throw error(path.string() + ": " + why, kind);
}

bool strip(std::string& name, const std::string& ending) {
  if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
  name.resize(name.size() - ending.size());
  return true;
}

}  // namespace

std::string case_name(const fs::path& ct) {
  fs::path file = fs::absolute(ct).lexically_normal();
  if (!file.has_filename()) file = file.parent_path();  // a folder
  std::string name = file.filename().string();
  strip(name, ".gz");
  for (const char* ending : {".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm", ".zip"}) strip(name, ending);
  strip(name, "_ct");
  return name;
}

fit_files::fit_files(const fs::path& f, const std::string& name, const std::vector<std::string>& vertebrae,
                     const std::string& mask_format, bool with_page)
    : folder(f),
      mesh_folder(f / "meshes"),
      mask(f / (name + "_seg-vert_msk.nii.gz")),
      centres(f / (name + "_ctd.json")),
      markups(f / (name + "_ctd.mrk.json")),
      report(f / "report.json"),
      snapshot(f / (name + "_snp.png")),
      label_names(f / (name + "_itksnap.txt")),
      curve_table(f / (name + "_curve.csv")),
      curve_plot(f / (name + "_curve.png")),
      measures(f, name),
      checkpoint(f / (name + "_checkpoint.bin")),
      preview(f / (name + "_preview.png")) {
  if (with_page) page = f / (name + "_report.html");
  if (mask_format == "nrrd") viewer_mask = f / (name + "_seg-vert.seg.nrrd");
  if (mask_format == "dicom-seg") viewer_mask = f / (name + "_seg-vert.dcm");
  for (const auto& v : vertebrae) meshes.push_back(mesh_folder / (v + ".ply"));
}

std::vector<fs::path> fit_files::results() const {
  std::vector<fs::path> all{mask, centres, markups, report, snapshot, label_names, curve_table, curve_plot};
  if (!page.empty()) all.push_back(page);
  if (!viewer_mask.empty()) all.push_back(viewer_mask);
  for (const auto& more : {measures.all(), meshes}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

void require_free(const std::vector<fs::path>& outputs, const std::vector<fs::path>& inputs, bool overwrite) {
  std::error_code ignored;
  for (const auto& out : outputs) io::require_not_an_input(out, inputs);
  for (const auto& out : outputs) {
    const auto status = fs::status(out, ignored);
    if (!fs::exists(status)) continue;
    if (!fs::is_regular_file(status))
      refuse(out, "cannot write: not a regular file", error_kind::cannot_create);
    if (!overwrite) refuse(out, "exists already; replace it with --overwrite", error_kind::cannot_create);
  }
}

void require_creatable_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::path existing = fs::absolute(folder).lexically_normal();
  while (!fs::exists(existing, ignored) && existing.has_relative_path()) existing = existing.parent_path();
  if (!fs::is_directory(existing, ignored))
    refuse(folder, "cannot create: " + existing.string() + " is not a folder", error_kind::cannot_create);
  if (access(existing.c_str(), W_OK | X_OK) != 0)
    refuse(folder, std::string("cannot write there: ") + std::strerror(errno), error_kind::cannot_create);
}

}  // namespace diffam::program
