// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formats measurements and landmarks.
#include "measure/tables.hpp"

#include <fmt/core.h>

#include "diffam/io/orientation.hpp"
#include "json_text.hpp"

namespace diffam::program {

namespace {

/// A cell of a table; empty where the value is not there.
std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "";
}

double rounded(double x) {
  return std::round(x * 1000) / 1000;
}

}  // namespace

std::string measures_csv(std::span<const measure::measured_vertebra> spine) {
  std::string text = "label,name";
  for (const auto& c : measure::columns) text += fmt::format(",{}", c.name);
  text += "\n";
  for (const auto& v : spine) {
    text += fmt::format("{},{}", v.label, spine::label_name(v.label));
    for (const auto& c : measure::columns) text += fmt::format(",{}", cell(v.measures.*c.value));
    text += "\n";
  }
  return text;
}

std::string angles_csv(const measure::spine_angles& a) {
  const auto name = [](int label) { return label == 0 ? std::string() : spine::label_name(label); };
  std::string text = "angle,degrees,upper,lower\n";
  if (a.lordosis_l1_l5) text += fmt::format("lordosis,{:.1f},L1,L5\n", *a.lordosis_l1_l5);
  if (a.kyphosis_t4_t12) text += fmt::format("kyphosis,{:.1f},T4,T12\n", *a.kyphosis_t4_t12);
  if (a.cobb_upper != 0)
    text += fmt::format("coronal_cobb,{:.1f},{},{}\n", a.cobb, name(a.cobb_upper), name(a.cobb_lower));
  return text;
}

std::string landmarks_csv(std::span<const measure::measured_vertebra> spine) {
  std::string text = "label,vertebra,landmark,tptbox,x,y,z\n";
  for (const auto& v : spine)
    for (const auto& l : v.landmarks.all())
      text += fmt::format("{},{},{},{},{:.3f},{:.3f},{:.3f}\n", v.label, spine::label_name(v.label), l.name,
                          l.number == 0 ? "" : std::to_string(l.number), l.position[0], l.position[1],
                          l.position[2]);
  return text;
}

std::string poi_json(std::span<const measure::measured_vertebra> spine, const grid& image) {
  const vec3<double> zoom = image.spacing();
  json letters = json::array(), rotation = json::array();
  for (const char c : io::axis_codes_of(image).letters()) letters.push_back(std::string(1, c));
  for (int r = 0; r < 3; ++r) {
    json row = json::array();
    for (int c = 0; c < 3; ++c) row.push_back(image.axes(r, c) / zoom[c]);
    rotation.push_back(row);
  }
  const json header{{"direction", letters},
                    {"zoom", {zoom[0], zoom[1], zoom[2]}},
                    {"origin", {image.origin[0], image.origin[1], image.origin[2]}},
                    {"rotation", rotation},
                    {"shape", {image.size[0], image.size[1], image.size[2]}},
                    {"format", "POI"}};
  json points = json::object();
  for (const auto& v : spine) {
    json of_vertebra = json::object();
    for (const auto& l : v.landmarks.all()) {
      if (l.number == 0) continue;
      const vec3<double> x = image.to_index(l.position);
      of_vertebra[std::to_string(l.number)] = {rounded(x[0]), rounded(x[1]), rounded(x[2])};
    }
    points[spine::label_name(v.label)] = of_vertebra;
  }
  return json_text(json::array({header, points}), 1);
}

}  // namespace diffam::program
