// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formats scores as a table and as JSON.
#include "eval/score_text.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "diffam/version.hpp"

namespace diffam::program {

namespace {

using json = nlohmann::ordered_json;

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

}  // namespace

std::string score_table(const metrics::evaluation& e) {
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
  return text + "distances: " + distance_definition + "\n";
}

std::string score_json(const metrics::evaluation& e, const std::string& prediction,
                       const std::string& truth) {
  json labels = json::array();
  for (const auto& s : e.labels)
    labels.push_back({{"name", spine::label_name(s.label)},
                      {"label", s.label},
                      {"in_truth", s.in_truth},
                      {"dice", s.dice},
                      {"prediction_ml", s.prediction_volume},
                      {"truth_ml", s.truth_volume},
                      {"surface", distances(s.surface)}});
  const json all{{"program", "diffam"},
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
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace diffam::program
