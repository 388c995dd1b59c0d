// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the stacking of a DICOM series needs to know of each slice (DICOM PS3.3, C.7.6.2 "Image Plane"), and
// the sorting of slices into series. Coordinates are DICOM's: LPS, mm.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include "diffam/core/vec.hpp"
#include "diffam/io/message.hpp"

namespace diffam::io {

/// One slice: a file, or a frame of a file with several.
struct dicom_slice {
  std::size_t source = 0;  // number of its file in the list of files
  index_t frame = 0;
  std::string name;  // of its file, for messages

  std::string series, study, sop_instance, sop_class, frame_of_reference, transfer_syntax;  // UIDs
  std::string modality, image_type, description, kernel, photometric;
  std::string acquisition, echo, stack, time;  // what may tell two passes of one series apart

  index_t rows = 0, columns = 0, frames = 1;
  int bits_allocated = 0, bits_stored = 0, high_bit = 0, samples = 1;
  bool is_signed = false;
  double slope = 1, intercept = 0;             // HU = slope * stored + intercept
  bool scaled = false;                         // slope and intercept are stated
  std::optional<double> padding, padding_end;  // stored values that are no measurement

  std::string fault;                         // why its file cannot be read; empty: it can
  bool placed = false;                       // position, directions and spacing are stated
  vec3<double> position{};                   // centre of the first voxel
  vec3<double> along_row{}, along_column{};  // unit vectors, towards growing column and growing row
  double column_spacing = 0, row_spacing = 0;

  /// Unit vector at right angles to the slice.
  vec3<double> normal() const {
    const vec3<double> n = cross(along_row, along_column);
    return (1 / norm(n)) * n;
  }
};

/// Slices that may form one volume.
struct dicom_series {
  std::vector<dicom_slice> slices;
  std::string left_out;  // why this is no volume, like "a localizer"; empty: it may be one

  const dicom_slice& first() const { return slices.front(); }
  /// Position of a slice along the normal of the first one.
  double depth(const dicom_slice& s) const { return dot(s.position, first().normal()); }
  /// From the first to the last position, mm.
  double length() const {
    double low = depth(first()), high = low;
    for (const auto& s : slices) {
      low = std::min(low, depth(s));
      high = std::max(high, depth(s));
    }
    return high - low;
  }
};

namespace detail {

/// How much equal directions, and parts of equal spacings, may differ: they are rounded in files.
inline constexpr double same_number = 1e-4;

/// Whether two slices can be in one volume: same directions and spacing.
inline bool same_plane(const dicom_slice& a, const dicom_slice& b) {
  const auto near = [](double x, double y, double tolerance) { return std::abs(x - y) <= tolerance; };
  bool same = near(a.row_spacing, b.row_spacing, same_number * a.row_spacing) &&
              near(a.column_spacing, b.column_spacing, same_number * a.column_spacing);
  for (int r = 0; r < 3; ++r)
    same = same && near(a.along_row[r], b.along_row[r], same_number) &&
           near(a.along_column[r], b.along_column[r], same_number);
  return same;
}

/// Why a series is no volume of a scanner; empty if it may be one.
inline std::string no_volume(const dicom_slice& s) {
  if (s.image_type.find("LOCALIZER") != std::string::npos) return "a localizer";
  if (s.modality == "SEG")
    return "a segmentation: save it as NIfTI or as .seg.nrrd, as 3D Slicer does, to read it as a mask";
  if (s.samples != 1 || !s.photometric.starts_with("MONOCHROME")) return "a colour picture";
  if (!s.placed && !s.fault.empty()) return s.fault;
  if (!s.placed)
    return s.image_type.find("SECONDARY") != std::string::npos ? "a page of text or dose"
                                                               : "without positions";
  return {};
}

/// Splits groups of slices (`group`: the number of each) where their values in order have a gap of more than
/// `tolerance(value)`. n log n.
template <class Value, class Tolerance>
void split_groups(const std::vector<dicom_slice>& slices, std::vector<std::size_t>& group, const Value& value,
                  const Tolerance& tolerance) {
  std::vector<std::size_t> order(slices.size()), split(slices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t k) { return std::pair(group[k], value(slices[k])); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::size_t number = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const auto [home, x] = key(order[n]);
    const auto [home_before, before] = key(order[n > 0 ? n - 1 : 0]);
    if (home != home_before || x > before + tolerance(before)) ++number;
    split[order[n]] = number;
  }
  group = std::move(split);
}

/// Sorts slices into series: by UID, and within it by echo, stack of frames, size, directions and spacing. In
/// the order of their UIDs, and so whatever the order of the files.
inline std::vector<dicom_series> sort_into_series(std::vector<dicom_slice> slices) {
  std::stable_sort(slices.begin(), slices.end(), [](const dicom_slice& a, const dicom_slice& b) {
    return std::tie(a.series, a.echo, a.stack, a.sop_instance, a.frame, a.name) <
           std::tie(b.series, b.echo, b.stack, b.sop_instance, b.frame, b.name);
  });
  using marks = std::tuple<std::string, std::string, std::string, std::string, index_t, index_t, bool, int>;
  std::map<marks, std::size_t> numbers;
  std::vector<std::size_t> group;
  for (const auto& s : slices) {
    const marks m{s.series, s.echo, s.stack, no_volume(s), s.rows, s.columns, s.placed, s.bits_allocated};
    group.push_back(numbers.emplace(m, numbers.size()).first->second);
  }
  const auto relative = [](double x) { return same_number * std::abs(x); };
  const auto cosine = [](double) { return same_number; };
  split_groups(
      slices, group, [](const dicom_slice& s) { return s.row_spacing; }, relative);
  split_groups(
      slices, group, [](const dicom_slice& s) { return s.column_spacing; }, relative);
  for (int r = 0; r < 3; ++r) {
    split_groups(
        slices, group, [r](const dicom_slice& s) { return s.along_row[r]; }, cosine);
    split_groups(
        slices, group, [r](const dicom_slice& s) { return s.along_column[r]; }, cosine);
  }
  std::vector<dicom_series> out;
  std::map<std::size_t, std::size_t> places;  // of the groups in `out`
  for (std::size_t k = 0; k < slices.size(); ++k) {
    const auto [place, is_new] = places.emplace(group[k], out.size());
    if (is_new) out.push_back({{}, no_volume(slices[k])});
    out[place->second].slices.push_back(std::move(slices[k]));
  }
  return out;
}

}  // namespace detail

}  // namespace diffam::io
