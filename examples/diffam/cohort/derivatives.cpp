// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes dataset_description.json (BIDS 1.9, derived data sets).
#include "cohort/derivatives.hpp"

#include <fstream>

#include "diffam/io/atomic_file.hpp"
#include "diffam/version.hpp"
#include "json_text.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

constexpr const char* file_name = "dataset_description.json";

}  // namespace

bool is_ours(const fs::path& folder) {
  const json all = read_json(folder / file_name);
  if (!all.is_object() || !all.contains("GeneratedBy") || !all["GeneratedBy"].is_array()) return false;
  for (const json& by : all["GeneratedBy"])
    if (by.is_object() && by.value("Name", json()) == "diffam") return true;
  return false;
}

void make_derivatives(const fs::path& folder) {
  std::error_code ignored;
  const fs::path file = folder / file_name;
  if (fs::exists(file, ignored) && !is_ours(folder))
    throw error(file.string() + ": expected results of diffam, found another data set",
                error_kind::cannot_create);
  io::create_output_folder(folder / "logs");
  const json all{{"Name", "Vertebrae segmented by diffam"},
                 {"BIDSVersion", "1.9.0"},
                 {"DatasetType", "derivative"},
                 {"GeneratedBy", {{{"Name", "diffam"}, {"Version", DIFFAM_VERSION}}}}};
  io::write_file(file, json_text(all));
}

}  // namespace diffam::program
