// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formats scores as a table and as JSON.
#include "eval/score_text.hpp"

#include <fmt/core.h>

#include "diffam/version.hpp"
#include "json_text.hpp"

namespace diffam::program {

namespace {

std::string row(const std::string& name, const std::string& label, double dice,
                const metrics::surface_distances& s, const std::string& note) {
  return fmt::format("{:<9} {:>5} {:8.4f} {:9.3f} {:9.3f}{}\n", name, label, dice, s.hd95, s.mean, note);
}

json number(double v) {
  return std::isfinite(v) ? json(v) : json();
}

json distances(const metrics::surface_distances& s) {
  return {{"hd95_mm", number(s.hd95)}, {"mean_mm", number(s.mean)}, {"hausdorff_mm", number(s.hausdorff)}};
}

json mean(const metrics::mean_score& m) {
  json out{{"count", m.count}};
  if (m.count > 0) {
    out["dice"] = m.dice;
    out["surface"] = distances(m.surface);
  }
  return out;
}

/// Adds what centres and meshes say of a vertebra.
void add_places(json& vertebra, int label, const eval_scores& all) {
  if (all.centres)
    for (const auto& v : all.centres->vertebrae)
      if (v.label == label)
        vertebra["centre"] = {{"distance_mm", number(v.distance)}, {"identified", v.identified}};
  const auto mesh = all.meshes.find(label);
  if (mesh != all.meshes.end())
    vertebra["vertices"] = {
        {"mean_mm", mesh->second.mean}, {"p95_mm", mesh->second.p95}, {"largest_mm", mesh->second.largest}};
}

json labelling(const metrics::labelling& l) {
  return {{"vertebrae", l.vertebrae.size()},
          {"identified", l.identified},
          {"missed", l.missed},
          {"identification_rate", l.identification_rate()},
          {"mean_localisation_distance_mm", number(l.mean_distance)}};
}

double mean_vertex_distance(const eval_scores& all) {
  double sum = 0;
  for (const auto& [label, m] : all.meshes) sum += m.mean;
  return sum / static_cast<double>(all.meshes.size());
}

}  // namespace

std::string score_table(const eval_scores& all) {
  const metrics::evaluation& e = all.voxels;
  std::string text =
      fmt::format("{:<9} {:>5} {:>8} {:>9} {:>9}\n", "vertebra", "label", "dice", "hd95", "msd");
  for (const auto& s : e.labels)
    text += row(spine::label_name(s.label), std::to_string(s.label), s.dice, s.surface,
                s.in_truth ? "" : "  not in the truth: not part of the means");
  const std::pair<const char*, const metrics::mean_score*> segments[] = {
      {"cervical", &e.cervical}, {"thoracic", &e.thoracic}, {"lumbar", &e.lumbar}, {"mean", &e.total}};
  for (const auto& [name, m] : segments) {
    const bool all = m == &e.total;
    if (m->count > 0 && (all || m->count < e.total.count))
      text += row(name, fmt::format("({})", m->count), m->dice, m->surface, "");
  }
  if (all.spacing > 0) text += fmt::format("compared on voxels of {} mm\n", all.spacing);
  if (all.centres)
    text += fmt::format("identified: {} of {} vertebrae; centres off by {:.2f} mm in the mean\n",
                        all.centres->identified, all.centres->vertebrae.size(), all.centres->mean_distance);
  if (!all.meshes.empty())
    text += fmt::format("vertices to the true surface: {:.3f} mm in the mean of {} meshes\n",
                        mean_vertex_distance(all), all.meshes.size());
  return text + "distances: " + distance_definition + "\n";
}

std::string score_json(const eval_scores& all, const std::string& prediction, const std::string& truth) {
  const metrics::evaluation& e = all.voxels;
  json labels = json::array();
  for (const auto& s : e.labels) {
    json vertebra{{"name", spine::label_name(s.label)},
                  {"label", s.label},
                  {"in_truth", s.in_truth},
                  {"dice", s.dice},
                  {"prediction_ml", s.prediction_volume},
                  {"truth_ml", s.truth_volume},
                  {"surface", distances(s.surface)}};
    add_places(vertebra, s.label, all);
    labels.push_back(std::move(vertebra));
  }
  json out{{"program", "diffam"},
           {"version", DIFFAM_VERSION},
           {"prediction", prediction},
           {"truth", truth},
           {"distances", distance_definition},
           {"labels", labels},
           {"means",
            {{"cervical", mean(e.cervical)},
             {"thoracic", mean(e.thoracic)},
             {"lumbar", mean(e.lumbar)},
             {"total", mean(e.total)}}}};
  if (all.spacing > 0) out["spacing_mm"] = all.spacing;
  if (all.centres) out["labelling"] = labelling(*all.centres);
  return json_text(out);
}

}  // namespace diffam::program
