// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes report.json. Numbers that are not finite become null, because JSON cannot hold them.
#include "fit/run_record.hpp"

#include "diffam/spine/labels.hpp"
#include "diffam/version.hpp"
#include "json_text.hpp"

namespace diffam::program {

namespace {

const char* kind_name(spine::renderer_kind k) {
  switch (k) {
    case spine::renderer_kind::tabulated:
      return "tabulated";
    case spine::renderer_kind::table:
      return "table";
    case spine::renderer_kind::exact:
      break;
  }
  return "exact";
}

json settings(const spine::fit_options& o) {
  return {{"iterations", o.iterations},
          {"seed", o.seed},
          {"samples", o.samples},
          {"normal_samples", o.normal_samples},
          {"noise_mm", o.noise_mm},
          {"weights",
           {{"image", o.weight_image},
            {"edge", o.weight_edge},
            {"normal", o.weight_normal},
            {"overlap", o.weight_overlap},
            {"variance", o.weight_variance}}},
          {"modes", o.modes},
          {"alpha", {o.alpha_first, o.alpha_last}},
          {"rate", o.rate},
          {"shape_rate", o.shape_rate},
          {"final_rate", o.final_rate},
          {"betas", {o.beta1, o.beta2}},
          {"renderer",
           {{"kind", kind_name(o.renderer)},
            {"frequencies", o.frequencies},
            {"width", o.width},
            {"hidden_layers", o.hidden_layers},
            {"output", o.output == output_kind::sigmoid ? "sigmoid" : "identity"},
            {"fourier_sigma", o.fourier_sigma},
            {"tabulated_nodes", o.tabulated_nodes},
            {"table_nodes", o.table_nodes}}},
          {"spacing_mm", o.spacing_mm},
          {"window_hu", {o.window_low_hu, o.window_high_hu}},
          {"blur", {{"mm", o.blur_mm}, {"until", o.blur_until}, {"levels", o.blur_levels}}},
          {"template_spacing_mm", o.template_spacing_mm},
          {"chain_scale", o.chain_scale},
          {"lordotic_end", o.lordotic_end},
          {"variance_from_template", o.variance_from_template},
          {"rib_variance", o.rib_variance},
          {"slice_points", o.slice_points},
          {"edges", {{"contrast", o.edges.contrast}, {"rising", o.edges.rising}}},
          {"end_mask", o.end_mask},
          {"end_wall", {{"weight", o.weight_end_wall}, {"reach", o.end_wall}}},
          {"centre_wall", {{"weight", o.weight_centre_wall}, {"reach", o.centre_wall}}},
          {"start_search", o.start_search},
          {"surface_stage", o.surface_stage},
          {"beta_winding", o.beta_winding}};
}

json losses(const spine::loss_values& l) {
  return {{"total", l.total},
          {"image", l.image},
          {"edge", l.edge},
          {"normal", l.normal},
          {"overlap", l.overlap},
          {"variance", l.variance},
          {"centre_wall", l.centre_wall},
          {"end_wall", l.end_wall}};
}

json loss_history(const std::vector<spine::loss_values>& history) {
  json columns = losses({});
  for (auto& column : columns) column = json::array();
  for (const auto& l : history) {
    const json terms = losses(l);
    for (const auto& [name, value] : terms.items()) columns[name].push_back(value);
  }
  return columns;
}

json point(const vec3<double>& p) {
  return {p[0], p[1], p[2]};
}

json vertebra(const spine::fitted_vertebra& v, const mask_facts& facts, double voxel_mm3) {
  const std::string name = spine::label_name(v.label);
  return {{"name", name},
          {"label", facts.value},
          {"centre_mm", point(v.centre)},
          {"given_centre_mm", point(v.start)},
          {"start",
           {{"shift_mm", point(v.moved_start.shift)},
            {"turn_degrees", point(v.moved_start.turn)},
            {"growth", v.moved_start.growth}}},
          {"moved_mm", norm(v.centre - v.start)},
          {"mesh", "meshes/" + name + ".ply"},
          {"mesh_volume_ml", v.volume_mm3 / 1000},
          {"mask_voxels", facts.voxels},
          {"mask_volume_ml", static_cast<double>(facts.voxels) * voxel_mm3 / 1000},
          {"visible", v.visible},
          {"confidence", facts.confidence},
          {"falling_edges", facts.falling_edges},
          {"edge_offset_mm", facts.edge_offset},
          {"flags", v.flags}};
}

}  // namespace

std::string settings_text(const spine::fit_options& options) {
  return json_line(settings(options));
}

std::vector<double> curve_in_hu(const spine::fit_result& result, const spine::fit_options& o) {
  std::vector<double> hu;
  for (const double v : result.curve_intensity)
    hu.push_back(o.window_low_hu + v * (o.window_high_hu - o.window_low_hu));
  return hu;
}

std::string report_text(const run_record& run, const spine::fit_options& options,
                        const spine::fit_result& result, const std::vector<mask_facts>& facts,
                        double voxel_mm3) {
  json templates = json::array();
  for (const auto& t : run.templates) templates.push_back(t.filename().string());
  json vertebrae = json::array();
  for (std::size_t i = 0; i < result.vertebrae.size(); ++i)
    vertebrae.push_back(vertebra(result.vertebrae[i], facts[i], voxel_mm3));
  const json report{
      {"program", "diffam"},
      {"version", DIFFAM_VERSION},
      {"method", "Kim and Park, SPIE Medical Imaging 2024, doi 10.1117/12.3006602"},
      {"inputs",
       {{"ct", run.ct.filename().string()},
        {"centres", run.centres.filename().string()},
        {"templates", run.templates.empty() ? json("built in") : templates}}},
      {"preset", run.preset},
      {"settings", settings(options)},
      {"hu_offset", run.hu_offset},
      {"device", run.device},
      {"threads", run.threads},
      {"memory_bytes", run.planned_bytes},
      {"resumed_at_iteration", run.resumed_at},
      {"seconds",
       {{"reading", run.seconds_reading},
        {"preparing", run.seconds_preparing},
        {"fitting", run.seconds_fitting},
        {"writing", run.seconds_writing}}},
      {"labels", run.labels},
      {"world", "RAS+ mm"},
      {"vertebrae", vertebrae},
      {"appearance", {{"distance_mm", result.curve_distance_mm}, {"hu", curve_in_hu(result, options)}}},
      {"warnings", run.warnings},
      {"final_losses", result.history.empty() ? json() : losses(result.history.back())},
      {"loss_history", loss_history(result.history)}};
  return json_text(report);
}

}  // namespace diffam::program
