// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Packs meshes, slices, measurements and the run into JSON.
#include "report/contents.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "json_text.hpp"
#include "pictures/colours.hpp"
#include "pictures/spine_curve.hpp"
#include "report/base64.hpp"
#include "report/places.hpp"

namespace diffam::program {

namespace {

json point(const vec3<double>& p) {
  return {p[0], p[1], p[2]};
}

/// NaN as null; other numbers with the precision of the tables.
json number(double x) {
  return std::isfinite(x) ? json(std::round(x * 1000) / 1000) : json();
}

std::string hex(colour c) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "#";
  for (const unsigned v : {c.red, c.green, c.blue}) out += {digits[v / 16], digits[v % 16]};
  return out;
}

/// Every n-th iteration of the loss history, at most 500: long runs would make the page large.
json thinned(const json& history) {
  constexpr std::size_t most = 500;
  const std::size_t count = history.at("total").size(),
                    step = std::max<std::size_t>(1, (count + most - 1) / most);
  json out{{"step", step}};
  for (const auto& [name, values] : history.items()) {
    out[name] = json::array();
    for (std::size_t i = 0; i < count; i += step) out[name].push_back(values[i]);
  }
  return out;
}

json run_of(const std::string& report) {
  json run = parse_json(report);
  for (const char* varies : {"seconds", "threads", "resumed_at_iteration"}) run.erase(varies);
  run["loss_history"] = thinned(run["loss_history"]);
  return run;
}

json slices_of(const ct_slices& s, const intensity_window& window) {
  json pictures = json::array();
  for (const auto& p : s.pictures) pictures.push_back(base64_of(p));
  const grid& g = s.geometry;
  return {{"size", {g.size[0], g.size[1], g.size[2]}},
          {"origin", point(g.origin)},
          {"spacing", g.axes(0, 0)},
          {"window_hu", {window.black, window.white}},
          {"slices_a_picture", s.slices_a_picture},
          {"pictures", std::move(pictures)}};
}

/// x and y of the curve through the bodies at the height of each slice.
json curve_of(const spine::fit_result& fit, const grid& g) {
  spine::centroid_list centres;
  for (const auto& v : fit.vertebrae) centres.push_back({v.label, v.centre});
  const spine_curve curve(centres);
  json x = json::array(), y = json::array();
  for (index_t k = 0; k < g.size[2]; ++k) {
    const double z = g.origin[2] + static_cast<double>(k) * g.axes(2, 2);
    x.push_back(number(curve.at(0, z)));
    y.push_back(number(curve.at(1, z)));
  }
  return {{"x", std::move(x)}, {"y", std::move(y)}};
}

/// Positions as 16-bit steps of the box of all meshes: less than 0.01 mm in a whole spine.
struct quantised {
  vec3<double> origin{};
  double step = 1;

  explicit quantised(const std::vector<triangle_mesh<double>>& meshes) {
    world_box box;
    for (const auto& m : meshes)
      for (const auto& v : m.vertices) box.add(v);
    const vec3<double> length = box.upper - box.lower;
    origin = box.lower;
    step = std::max({length[0], length[1], length[2], 1e-3}) / 65535;
  }
  std::string operator()(const triangle_mesh<double>& mesh) const {
    std::vector<std::uint16_t> steps;
    for (const auto& v : mesh.vertices)
      for (int a = 0; a < 3; ++a)
        steps.push_back(static_cast<std::uint16_t>(std::lround((v[a] - origin[a]) / step)));
    return base64_of(steps);
  }
};

std::string faces_text(const triangle_mesh<double>& mesh) {
  std::vector<std::uint32_t> indices;
  for (const auto& f : mesh.faces)
    for (int k = 0; k < 3; ++k) indices.push_back(static_cast<std::uint32_t>(f[k]));
  return base64_of(indices);
}

/// Drops of the image across the surface, in steps of 4 HU; the least number stands for NaN.
std::vector<std::int8_t> packed_drops(const measure::surface_edges& edges) {
  std::vector<std::int8_t> steps;
  for (const float hu : edges.drops)
    steps.push_back(
        static_cast<std::int8_t>(std::isfinite(hu) ? std::lround(std::clamp(hu / 4, -127.f, 127.f)) : -128));
  return steps;
}

json meshes_of(const report_contents& c) {
  const quantised positions(c.meshes.meshes);
  json vertebrae = json::array(), faces = json::array();
  std::map<std::string, std::size_t> known;  // equal faces once
  for (std::size_t m = 0; m < c.meshes.meshes.size(); ++m) {
    const auto& mesh = c.meshes.meshes[m];
    const auto [at, is_new] = known.try_emplace(faces_text(mesh), known.size());
    if (is_new) faces.push_back(at->first);
    vertebrae.push_back({{"name", spine::label_name(c.meshes.labels[m])},
                         {"colour", hex(label_colour(c.meshes.labels[m]))},
                         {"centre", point(c.fit.vertebrae[m].centre)},
                         {"faces", at->second},
                         {"vertices", positions(mesh)},
                         {"parts", base64_of(c.meshes.anatomies[m].parts)},
                         {"drops", base64_of(packed_drops(c.measured.edges[m]))}});
  }
  json parts = json::array();
  for (int p = 0; p < spine::bone_part_count; ++p)
    parts.push_back(spine::bone_part_name(static_cast<spine::bone_part>(p)));
  return {{"origin", point(positions.origin)},
          {"step", positions.step},
          {"part_names", std::move(parts)},
          {"faces", std::move(faces)},
          {"vertebrae", std::move(vertebrae)}};
}

json measures_of(std::span<const measure::measured_vertebra> measured) {
  json columns = json::array(), rows = json::array();
  for (const auto& c : measure::columns)
    columns.push_back({{"name", c.name}, {"unit", c.unit}, {"definition", c.definition}});
  for (const auto& v : measured) {
    json row = json::array();
    for (const auto& c : measure::columns) row.push_back(number(v.measures.*c.value));
    rows.push_back({{"name", spine::label_name(v.label)}, {"values", std::move(row)}});
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

json angles_of(std::span<const measure::measured_vertebra> measured) {
  const measure::spine_angles a = measure::measure_angles(measured);
  json all = json::array();
  const auto add = [&](const std::string& name, std::optional<double> value) {
    if (value) all.push_back({{"name", name}, {"degrees", number(*value)}});
  };
  add("Lordosis L1-L5", a.lordosis_l1_l5);
  add("Kyphosis T4-T12", a.kyphosis_t4_t12);
  if (a.cobb_upper != 0)
    add("Largest coronal Cobb angle, " + spine::label_name(a.cobb_upper) + " to " +
            spine::label_name(a.cobb_lower),
        a.cobb);
  return all;
}

json appearance_of(const report_contents& c) {
  json distance = json::array(), hu = json::array();
  for (std::size_t i = 0; i < c.curve_hu.size(); ++i) {
    distance.push_back(number(c.fit.curve_distance_mm[i]));
    hu.push_back(number(c.curve_hu[i]));
  }
  return {{"distance_mm", std::move(distance)}, {"hu", std::move(hu)}};
}

}  // namespace

std::string report_json(const report_contents& c) {
  const json all{{"name", c.name},
                 {"run", run_of(c.run)},
                 {"slices", slices_of(c.slices, ct_slices_options{}.window)},
                 {"spine_curve", curve_of(c.fit, c.slices.geometry)},
                 {"meshes", meshes_of(c)},
                 {"measures", measures_of(c.measured.vertebrae)},
                 {"angles", angles_of(c.measured.vertebrae)},
                 {"appearance", appearance_of(c)}};
  return for_script_element(json_line(all));
}

}  // namespace diffam::program
