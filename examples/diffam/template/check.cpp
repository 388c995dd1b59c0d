// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam template --check`: tests whether a fit can start from the meshes.
#include <fmt/core.h>

#include "console.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/checks.hpp"
#include "exit_codes.hpp"
#include "json_text.hpp"
#include "output_files.hpp"
#include "template/arguments.hpp"
#include "template/templates.hpp"

namespace diffam::program {

namespace {

struct findings {
  mesh_report report;
  mesh_quality quality;
  std::size_t crossings = 0;

  std::string unusable;  // for a fit

  std::string defects() const {
    const std::string meeting = crossings > 0 ? crossings_text(crossings) : "";
    return unusable + (unusable.empty() || meeting.empty() ? "" : ", ") + meeting;
  }
};

findings look_at(const std::filesystem::path& file, std::vector<std::string>& warnings) {
  const triangle_mesh<double> mesh = io::read_mesh(file, warnings);
  findings f{check_mesh(mesh), {}, 0, {}};
  f.unusable = spine::template_defects(mesh, f.report);
  if (f.report.bad_indices + f.report.nonfinite_vertices > 0) return f;
  f.quality = measure_quality(mesh);
  f.crossings = self_intersections(mesh).size();
  return f;
}

std::string text_of(const std::filesystem::path& file, const findings& f) {
  const mesh_report& r = f.report;
  std::string text = one_line(file.string()) + "\n";
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("  {:<20} {}\n", name, value);
  };
  const auto yes = [](bool b) { return b ? "yes" : "no"; };
  line("vertices, faces", fmt::format("{}, {}", r.vertices, r.faces));
  line("closed", yes(r.closed()));
  line("oriented outward", yes(r.closed() && r.oriented() && r.volume > 0));
  line("parts", fmt::format("{}", r.components));
  line("genus", r.genus < 0    ? "none: not closed"
                : r.genus == 1 ? "1, as a vertebra with its canal"
                               : fmt::format("{}; a vertebra with its canal has 1", r.genus));
  line("self-intersections", fmt::format("{}", f.crossings));
  line("triangle quality", fmt::format("least {:.2f}, 5 % below {:.2f}, mean {:.2f} (1: equilateral)",
                                       f.quality.least, f.quality.low, f.quality.mean));
  line("mean edge", fmt::format("{:.2f} mm", f.quality.mean_edge_length));
  line("volume, area", fmt::format("{:.2f} ml, {:.1f} cm2", r.volume / 1000, r.area / 100));
  const std::string defects = f.defects();
  line("verdict", defects.empty()
                      ? "good"
                      : (f.unusable.empty() ? "usable with a warning: " : "not usable: ") + defects);
  return text;
}

json json_of(const std::filesystem::path& file, const findings& f) {
  const mesh_report& r = f.report;
  return {{"file", file.filename().string()},
          {"vertices", r.vertices},
          {"faces", r.faces},
          {"closed", r.closed()},
          {"oriented_outward", r.closed() && r.oriented() && r.volume > 0},
          {"parts", r.components},
          {"genus", r.genus},
          {"self_intersections", f.crossings},
          {"quality_least", f.quality.least},
          {"quality_5_percent", f.quality.low},
          {"quality_mean", f.quality.mean},
          {"mean_edge_mm", f.quality.mean_edge_length},
          {"volume_mm3", r.volume},
          {"area_mm2", r.area},
          {"defects", f.defects()}};
}

}  // namespace

int check_templates(const template_arguments& a) {
  if (!a.json.empty()) require_free({a.json}, a.check, a.overwrite);
  std::vector<std::string> warnings;
  json all = json::array();
  std::string text;
  bool good = true;
  for (const auto& file : a.check) {
    const findings f = look_at(file, warnings);
    text += text_of(file, f);
    all.push_back(json_of(file, f));
    good = good && f.defects().empty();
  }
  console().warn(warnings);
  if (!a.json.empty()) io::write_file(a.json, json_text(all));
  print_result(text);
  return good ? exit_done : exit_bad_data;
}

}  // namespace diffam::program
