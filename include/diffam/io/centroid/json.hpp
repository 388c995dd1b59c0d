// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads vertebra centres from JSON files of VerSe, TPTBox (SPINEPS) and 3D Slicer.
#pragma once

#include "diffam/io/centroid/check.hpp"
#include "diffam/io/text/json.hpp"

namespace diffam::io::detail {

using nlohmann::json;

inline std::string json_label(const json& j, const path& file) {
  if (j.is_string()) return j.get<std::string>();
  if (j.is_number_integer()) return j.dump();
  if (j.is_number_float()) return text(j.get<double>());  // 20.0 becomes "20"
  bad_data(file, "label", "a number or a name", in_quotes(j.dump()));
}

/// The label of a point; `what` says what the point is. A file of one point needs none.
inline std::optional<int> label_of(const json& point, const char* what, centroid_collector& out) {
  if (out.options().only) return out.options().only;
  if (!point.contains("label")) bad_data(out.file(), what, "a label", in_quotes(point.dump()));
  return out.label(trimmed(json_label(point["label"], out.file())));
}

/// A finite number; nothing for null, which stands for NaN in the file.
inline std::optional<double> json_number(const json& j, std::string_view field, const path& file) {
  if (j.is_null()) return {};
  if (!j.is_number()) bad_data(file, field, "a number", in_quotes(j.dump()));
  return j.get<double>();
}

/// Three numbers; nothing where one of them is null.
inline std::optional<vec3<double>> json_point(const json& j, std::string_view field, const path& file) {
  if (!j.is_array() || j.size() != 3) bad_data(file, field, "three numbers", in_quotes(j.dump()));
  vec3<double> out{};
  bool whole = true;
  for (int k = 0; k < 3; ++k) {
    const auto x = json_number(j[static_cast<std::size_t>(k)], field, file);
    whole = whole && x.has_value();
    out[k] = x.value_or(0);
  }
  return whole ? std::optional(out) : std::nullopt;
}

inline axis_codes json_direction(const json& j, const path& file) {
  std::string letters;
  if (j.is_array())
    for (const auto& e : j) letters += e.is_string() ? e.get<std::string>() : "?";
  const auto codes = axis_codes_from(letters);
  if (!codes) bad_data(file, "direction", "three letters such as P, I, R", in_quotes(letters));
  return *codes;
}

/// VerSe: [{"direction": ["P", "I", "R"]}, {"label": 20, "X": 63.2, "Y": 141.9, "Z": 31.8}, ...], voxel
/// indices from 0. Files of the VerSe challenge have no direction; for these the caller must name the frame.
inline void read_verse(const json& j, centroid_collector& out) {
  const path& file = out.file();
  std::optional<centroid_frame> frame;
  for (const auto& e : j) {
    if (!e.is_object()) bad_data(file, "entry", "an object", in_quotes(e.dump()));
    if (!e.contains("direction")) continue;
    if (frame) bad_data(file, "direction", "one entry", "two");
    frame = centroid_frame{centroid_frame::space::voxel, json_direction(e["direction"], file), 0};
  }
  if (frame && out.options().frame) out.warn("direction", "is in the file; the frame given is not used");
  if (!frame) frame = out.options().frame;
  if (!frame)
    bad_data(file, "direction", "an entry such as {\"direction\": [\"P\", \"I\", \"R\"]}",
             "none (VerSe challenge version?): name the frame with --centroid-frame");
  for (const auto& e : j) {
    if (e.contains("direction")) continue;
    const auto label = label_of(e, "entry", out);
    vec3<double> x{};
    bool whole = true;
    for (int k = 0; k < 3; ++k) {
      const std::string key(1, "XYZ"[k]);
      if (!e.contains(key)) bad_data(file, "entry", "X, Y and Z", in_quotes(e.dump()));
      const auto value = json_number(e[key], key, file);
      whole = whole && value.has_value();
      x[k] = value.value_or(0);
    }
    if (!label) continue;
    if (whole)
      out.add(*label, frame_to_world(*frame, x, out.image()));
    else
      out.add_missing(*label);
  }
}

/// TPTBox: a header with its own grid, then {"L1": {"50": [x, y, z]}}; sub-region 50 is the body. World RAS =
/// rotation (xyz * zoom) + origin. With the format "POI_GLOBAL" the points are in mm: "nib" is RAS, "itk" is
/// LPS.
inline void read_tptbox(const json& j, centroid_collector& out) {
  const path& file = out.file();
  if (j.size() != 2 || !j[1].is_object())
    bad_data(file, "entries", "a header and the points", text(j.size()));
  const json& header = j[0];
  mat3<double> axes = mat3<double>::identity();
  vec3<double> origin{};
  const bool global = header.contains("format") && header["format"] == "POI_GLOBAL";
  const auto vector = [&](const char* key, const json& from) {
    const auto v = json_point(from, key, file);
    if (!v) bad_data(file, key, "three numbers", "NaN");
    return *v;
  };
  if (global) {
    const json system = header.value("coordinate_system", json("nib"));
    if (system != "nib" && system != "itk")
      bad_data(file, "coordinate_system", "nib or itk", in_quotes(system.dump()));
    if (system == "itk") axes(0, 0) = axes(1, 1) = -1;
  } else {
    for (const char* key : {"zoom", "origin", "rotation"})
      if (!header.contains(key)) bad_data(file, key, "an entry in the header", "none");
    const vec3<double> zoom = vector("zoom", header["zoom"]);
    origin = vector("origin", header["origin"]);
    if (!header["rotation"].is_array() || header["rotation"].size() != 3)
      bad_data(file, "rotation", "3 x 3 numbers", "another shape");
    for (int r = 0; r < 3; ++r)
      axes.row[r] = vector("rotation", header["rotation"][static_cast<std::size_t>(r)]);
    if (!(std::abs(std::abs(determinant(axes)) - 1) < 0.5)) bad_data(file, "rotation", "a rotation", "none");
    for (int c = 0; c < 3; ++c) {
      if (!(zoom[c] > 0)) bad_data(file, "zoom", "positive numbers", text(zoom[c]));
      for (int r = 0; r < 3; ++r) axes(r, c) *= zoom[c];
    }
  }
  for (const auto& [name, regions] : j[1].items()) {
    if (!regions.is_object())
      bad_data(file, printable(name, 40), "an object of sub-regions", "another value");
    if (!regions.contains("50")) {
      out.warn(printable(name, 40), "has no body centre (50); ignored");
      continue;
    }
    const auto label = out.label(name);
    const auto x = json_point(regions["50"], name, file);
    if (!label) continue;
    if (x)
      out.add(*label, axes * *x + origin);
    else
      out.add_missing(*label);
  }
}

/// 3D Slicer: markups[].controlPoints[] = {"label": "L1", "position": [x, y, z]}, mm, LPS unless the file
/// says RAS.
inline void read_slicer(const json& j, centroid_collector& out) {
  const path& file = out.file();
  if (!j["markups"].is_array()) bad_data(file, "markups", "a list", "another value");
  for (const auto& m : j["markups"]) {
    if (!m.is_object() || !m.contains("controlPoints") || !m["controlPoints"].is_array())
      bad_data(file, "markups", "a list controlPoints", "none");
    const json system = m.value("coordinateSystem", json("LPS")),
               unit = m.value("coordinateUnits", json("mm"));
    if (system != "LPS" && system != "RAS")
      bad_data(file, "coordinateSystem", "LPS or RAS", in_quotes(system.dump()));
    if (unit != "mm") bad_data(file, "coordinateUnits", "mm", in_quotes(unit.dump()));
    const double sign = system == "LPS" ? -1 : 1;
    for (const auto& p : m["controlPoints"]) {
      if (!p.is_object()) bad_data(file, "controlPoints", "points", in_quotes(p.dump()));
      const auto label = label_of(p, "controlPoints", out);
      if (!label) continue;
      const bool placed = p.value("positionStatus", json("defined")) == "defined" && p.contains("position");
      const auto x = placed ? json_point(p["position"], "position", file) : std::nullopt;
      if (x)
        out.add(*label, {sign * (*x)[0], sign * (*x)[1], (*x)[2]});
      else
        out.add_missing(*label);
    }
  }
}

}  // namespace diffam::io::detail
