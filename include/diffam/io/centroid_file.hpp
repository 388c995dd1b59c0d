// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes files of vertebra centres. Reads VerSe JSON, TPTBox POI, 3D Slicer markups,
// tables and fiducial lists; writes
// VerSe JSON and Slicer markups. In memory, centres are in world RAS, mm, from head to foot.
#pragma once

#include "diffam/io/atomic_file.hpp"
#include "diffam/io/centroid/json.hpp"
#include "diffam/io/centroid/table.hpp"

namespace diffam::io {
namespace detail {

inline double rounded(double x, double steps_per_unit) {
  return std::round(x * steps_per_unit) / steps_per_unit;
}

}  // namespace detail

/// Reads the centres of a file in one of the formats above. `image` is the grid of the CT to which they
/// belong. Throws `error`: missing_input where the file cannot be read, bad_data where it has no usable
/// centres.
inline spine::centroid_list read_centroids(const path& file, const grid& image, warning_list& warnings,
                                           const centroid_options& options = {}) {
  detail::centroid_collector out(file, image, options, warnings);
  const std::string end = detail::lower_case(file.extension().string());
  if (end == ".csv" || end == ".tsv" || end == ".fcsv" || end == ".txt") {
    detail::read_centroid_table(read_file_bounded(file, detail::max_json_bytes), out);
    return out.finish();
  }
  const nlohmann::json j = detail::read_json(file);
  if (j.is_object() && j.contains("markups")) {
    detail::read_slicer(j, out);
    return out.finish();
  }
  if (!j.is_array())
    bad_data(file, "format", "centres of VerSe, TPTBox, 3D Slicer, or a table (.csv, .tsv, .fcsv, .txt)",
             "another JSON document");
  if (j.empty()) bad_data(file, "centres", "one or more", "none");
  if (j[0].is_object() && (j[0].contains("format") || j[0].contains("zoom")))
    detail::read_tptbox(j, out);
  else
    detail::read_verse(j, out);
  return out.finish();
}

/// Makes the checks of `read_centroids` on centres that come from elsewhere (world RAS, mm), and sorts them.
/// `file` is for messages. Throws `error` (bad_data) where they cannot be one spine in `image`.
inline spine::centroid_list checked_centroids(const path& file, const spine::centroid_list& centres,
                                              const grid& image, warning_list& warnings) {
  const centroid_options none;
  detail::centroid_collector out(file, image, none, warnings);
  for (const auto& c : centres) out.add(c.label, c.position);
  return out.finish();
}

/// Writes VerSe JSON: voxel indices of `image`, with the matching direction.
inline void write_verse_centroids(const path& file, const spine::centroid_list& centres, const grid& image) {
  using json = nlohmann::ordered_json;
  json direction = json::array();
  for (const char c : axis_codes_of(image).letters()) direction.push_back(std::string(1, c));
  json list = json::array({json{{"direction", direction}}});
  for (const auto& c : centres) {
    const vec3<double> x = image.to_index(c.position);
    list.push_back(json{{"label", c.label},
                        {"X", detail::rounded(x[0], 1000)},
                        {"Y", detail::rounded(x[1], 1000)},
                        {"Z", detail::rounded(x[2], 1000)}});
  }
  write_file(file, list.dump() + "\n");
}

/// Writes 3D Slicer markups (.mrk.json), mm, LPS.
inline void write_slicer_points(const path& file, const std::vector<named_point>& all) {
  using json = nlohmann::ordered_json;
  json points = json::array();
  for (const named_point& p : all)
    points.push_back(json{{"id", detail::text(points.size() + 1)},
                          {"label", p.name},
                          {"position", json::array({detail::rounded(-p.position[0], 1000),
                                                    detail::rounded(-p.position[1], 1000),
                                                    detail::rounded(p.position[2], 1000)})},
                          {"positionStatus", "defined"}});
  const json markup{{"type", "Fiducial"},
                    {"coordinateSystem", "LPS"},
                    {"coordinateUnits", "mm"},
                    {"controlPoints", points}};
  const json document{{"@schema",
                       "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/"
                       "Resources/Schema/markups-schema-v1.0.3.json#"},
                      {"markups", json::array({markup})}};
  write_file(file, document.dump(2) + "\n");
}

/// The same with one point for each vertebra.
inline void write_slicer_markups(const path& file, const spine::centroid_list& centres) {
  std::vector<named_point> all;
  for (const auto& c : centres) all.push_back({spine::label_name(c.label), c.position});
  write_slicer_points(file, all);
}

}  // namespace diffam::io
