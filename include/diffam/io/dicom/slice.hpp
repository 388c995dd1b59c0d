// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the stacking of a DICOM series needs to know of each slice (DICOM PS3.3, C.7.6.2 "Image Plane"), and
// the sorting of slices into series. Coordinates are DICOM's: LPS, mm.
#pragma once

#include <algorithm>
#include <map>
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

/// Whether two slices can be in one volume: same size, directions, spacing.
inline bool same_plane(const dicom_slice& a, const dicom_slice& b) {
  const auto near = [](double x, double y, double tolerance) { return std::abs(x - y) <= tolerance; };
  bool same = a.rows == b.rows && a.columns == b.columns && a.placed == b.placed &&
              a.bits_allocated == b.bits_allocated;
  same = same && near(a.row_spacing, b.row_spacing, 1e-4 * a.row_spacing) &&
         near(a.column_spacing, b.column_spacing, 1e-4 * a.column_spacing);
  for (int r = 0; r < 3; ++r)
    same = same && near(a.along_row[r], b.along_row[r], 1e-4) &&
           near(a.along_column[r], b.along_column[r], 1e-4);
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

/// Sorts slices into series: by UID, and within it by echo, stack of frames, size, directions and spacing. In
/// the order of their UIDs, and so whatever the order of the files.
inline std::vector<dicom_series> sort_into_series(std::vector<dicom_slice> slices) {
  std::stable_sort(slices.begin(), slices.end(), [](const dicom_slice& a, const dicom_slice& b) {
    return std::tie(a.series, a.echo, a.stack, a.sop_instance, a.frame, a.name) <
           std::tie(b.series, b.echo, b.stack, b.sop_instance, b.frame, b.name);
  });
  std::vector<dicom_series> out;
  std::size_t begin = 0;  // of the series with the same UID, echo and stack
  for (auto& s : slices) {
    const auto same_key = [&](const dicom_slice& t) {
      return std::tie(s.series, s.echo, s.stack) == std::tie(t.series, t.echo, t.stack);
    };
    if (out.empty() || !same_key(out.back().first())) begin = out.size();
    const std::string why = no_volume(s);
    auto home =
        std::find_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                     [&](const dicom_series& d) { return d.left_out == why && same_plane(d.first(), s); });
    if (home == out.end()) home = out.insert(out.end(), dicom_series{{}, why});
    home->slices.push_back(std::move(s));
  }
  return out;
}

}  // namespace detail

}  // namespace diffam::io
