// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the results of an earlier fit.
#include "fit/earlier_fit.hpp"

#include "diffam/io/mesh_file.hpp"
#include "diffam/io/message.hpp"
#include "diffam/spine/labels.hpp"
#include "json_text.hpp"
#include "output_files.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

earlier_fit parse_report(const json& j, const fs::path& folder) {
  earlier_fit fit;
  fit.one_template = j.at("preset") == "paper";
  fit.totalseg = j.at("labels") == "totalseg";
  fit.hu_offset = j.value("hu_offset", 0.0);
  fit.name = case_name(j.at("inputs").at("ct").get<std::string>());
  fit.mask = folder / (fit.name + "_seg-vert_msk.nii.gz");
  if (j.contains("appearance")) {
    fit.appearance.distance = j["appearance"].at("distance_mm").get<std::vector<double>>();
    fit.appearance.value = j["appearance"].at("hu").get<std::vector<double>>();
  }
  for (const auto& v : j.at("vertebrae")) {
    fit.labels.push_back(spine::label_from_name(v.at("name").get<std::string>()).value_or(0));
    fit.moved.push_back(v.at("moved_mm"));
    const auto& c = v.at("centre_mm");
    fit.centres.push_back({fit.labels.back(), {c.at(0), c.at(1), c.at(2)}});
    const auto number = [&](const char* name) {
      return v.at(name).is_null() ? measure::not_measured : v.at(name).get<double>();
    };
    fit.evidence.push_back({number("falling_edges"), number("edge_offset_mm"), {}});
  }
  return fit;
}

}  // namespace

earlier_fit read_earlier_fit(const fs::path& folder, std::vector<std::string>& warnings) {
  const fs::path file = folder / "report.json";
  earlier_fit fit;
  read_result_object(file, [&](const json& report) { fit = parse_report(report, folder); });
  for (const int l : fit.labels) {
    if (!spine::is_vertebra_label(l)) io::bad_data(file, "vertebrae", "names like L1", "another name");
    fit.meshes.push_back(io::read_mesh(folder / "meshes" / (spine::label_name(l) + ".ply"), warnings));
  }
  return fit;
}

distance_curve appearance_of(const earlier_fit& fit, const fs::path& folder) {
  const auto& x = fit.appearance.distance;
  const bool sound = !x.empty() && x.size() == fit.appearance.value.size() &&
                     std::is_sorted(x.begin(), x.end(), std::less_equal<>());
  if (!sound)
    throw error(
        (folder / "report.json").string() +
            ": expected `appearance` with ascending distances and HU, got none: fit again with this version",
        error_kind::bad_data);
  return fit.appearance;
}

}  // namespace diffam::program
