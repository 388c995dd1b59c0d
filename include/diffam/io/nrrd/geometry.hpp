// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The axes and the position of an NRRD volume. The origin of an NRRD file is the centre of its first voxel.
#pragma once

#include "diffam/io/nifti/geometry.hpp"
#include "diffam/io/nrrd/fields.hpp"

namespace diffam::io::detail {

struct nrrd_geometry {
  grid geometry;       // world RAS+, mm
  index_t layers = 1;  // values at each voxel, which run faster than i
};

/// The factors from the coordinates of a space to RAS.
inline vec3<double> nrrd_space_signs(std::string_view space, const path& file, warning_list& warnings) {
  const std::string s = lower_case(space);
  if (s == "right-anterior-superior" || s == "ras") return {1, 1, 1};
  if (s == "left-anterior-superior" || s == "las") return {-1, 1, 1};
  if (s == "left-posterior-superior" || s == "lps") return {-1, -1, 1};
  const bool unstated = s.empty() || s == "scanner-xyz" || s == "scannerxyz" || s == "3d-right-handed" ||
                        s == "3dr" || s == "3d-left-handed" || s == "3dl";
  if (!unstated)
    bad_data(file, "space", "a space of three dimensions, like left-posterior-superior", in_quotes(space));
  warnings.push_back(about(file, "space") + (s.empty() ? "is missing" : in_quotes(space)) +
                     ": the file does not state which side is left; left-posterior-superior is assumed, and "
                     "the image may be mirrored");
  return {-1, -1, 1};
}

/// mm in the unit of "space units".
inline double nrrd_unit(const nrrd_fields& h, const path& file, warning_list& warnings) {
  std::string_view rest = h.get("space units");
  double unit = 0;
  while (!(rest = trimmed(rest)).empty()) {
    std::string_view word = take_word(rest);
    if (word.size() > 1 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
    const double mm = word == "mm" || word.empty() ? 1
                      : word == "cm"               ? 10
                      : word == "m"                ? 1000
                      : word == "um"               ? 1e-3
                                                   : 0;
    if (mm == 0 || (unit != 0 && unit != mm))
      bad_data(file, "space units", "one of mm, cm, m, um", in_quotes(word));
    unit = mm;
  }
  if (unit != 0 && unit != 1) warnings.push_back(about(file, "space units") + "are converted to mm");
  return unit == 0 ? 1 : unit;
}

/// Whether axis `kind` can be one of space.
inline bool is_spatial_kind(std::string_view kind) {
  const std::string s = lower_case(kind);
  return s.empty() || s == "domain" || s == "space" || s == "???" || s == "none";
}

/// Reads the geometry. Throws `error` (bad_data) where the file has no three axes of space, or an invalid
/// map.
inline nrrd_geometry read_nrrd_geometry(const nrrd_fields& h, const path& file, warning_list& warnings) {
  const auto axes = numbers_of<index_t>(h.required(file, "dimension"), 1, file, "dimension")[0];
  if (axes < 3 || axes > 16) bad_data(file, "dimension", "3 to 16 axes", text(axes));
  const auto n = static_cast<std::size_t>(axes);
  const auto sizes = numbers_of<index_t>(h.required(file, "sizes"), n, file, "sizes");
  const std::string_view directions = h.get("space directions"), kinds = h.get("kinds");
  auto vectors = nrrd_vectors(directions, file, "space directions");
  if (!directions.empty() && vectors.size() != n)
    bad_data(file, "space directions", text(n) + " vectors", text(vectors.size()));
  std::vector<double> spacings;
  if (!h.get("spacings").empty() && directions.empty())
    spacings = numbers_of<double>(h.get("spacings"), n, file, "spacings");
  std::vector<std::string_view> kind;
  for (std::string_view rest = kinds; !(rest = trimmed(rest)).empty();) kind.push_back(take_word(rest));

  nrrd_geometry out;
  std::array<index_t, 3> size{};
  nifti_affine map{};
  const double unit = nrrd_unit(h, file, warnings);
  int found = 0;
  for (std::size_t a = 0; a < n; ++a) {
    const bool by_kind = a >= kind.size() || is_spatial_kind(kind[a]);
    const bool spatial = !directions.empty() ? lower_case(vectors[a]) != "none"
                                             : by_kind && (kind.size() == n || sizes[a] > 1 ||
                                                           static_cast<std::size_t>(found) + n - a <= 3);
    if (!spatial) {
      if (sizes[a] < 1 || (sizes[a] > 1 && a != 0) || sizes[a] > 1024)
        bad_data(file, "sizes", "one volume", text(sizes[a]) + " values along axis " + text(a + 1));
      out.layers *= sizes[a];
      continue;
    }
    if (found == 3) bad_data(file, "dimension", "three axes of space", "more");
    vec3<double> step{};
    if (directions.empty())
      step[found] = spacings.empty() || std::isnan(spacings[a]) ? 1 : spacings[a];
    else
      step = nrrd_vector(vectors[a], file, "space directions");
    for (int r = 0; r < 3; ++r) map.axes(r, found) = unit * step[r];
    size[static_cast<std::size_t>(found++)] = sizes[a];
  }
  if (found != 3) bad_data(file, "dimension", "three axes of space", text(found));
  out.geometry.size = checked_size(size, file, "sizes");
  const std::string_view space = h.get("space"), origin = h.get("space origin");
  if (!origin.empty()) map.origin = unit * nrrd_vector(origin, file, "space origin");
  if (directions.empty() && spacings.empty())
    warnings.push_back(about(file, "spacings") + "are missing; 1 mm is assumed");
  if (!directions.empty() && origin.empty())
    warnings.push_back(about(file, "space origin") + "is missing; 0 is assumed");
  const vec3<double> sign = nrrd_space_signs(space, file, warnings);
  for (int r = 0; r < 3; ++r) {
    map.axes.row[r] *= sign[r];
    map.origin[r] *= sign[r];
  }
  if (const auto fault = affine_fault(map)) bad_data(file, "space directions", "an invertible map", *fault);
  out.geometry.axes = map.axes;
  out.geometry.origin = map.origin;
  return out;
}

}  // namespace diffam::io::detail
