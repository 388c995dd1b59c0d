// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The headers of DICOM files: one dicom_slice for each frame.
#pragma once

#include "diffam/io/dicom/document.hpp"
#include "diffam/io/dicom/slice.hpp"

namespace diffam::io::detail {

/// A padding value as the voxels are stored: 16 bits, with a sign or without one.
inline std::optional<double> padding_value(const dicom_data& d, std::uint16_t element, bool is_signed) {
  if (d.bytes(0x0028, element).size() < 2) return {};
  const int value = d.number(0x0028, element);
  return is_signed ? static_cast<std::int16_t>(value) : value;
}

/// Position, directions and spacing, where they are stated.
inline void read_plane(const dicom_data& position, const dicom_data& directions, const dicom_data& spacing,
                       dicom_slice& s) {
  const auto p = position.decimals(0x0020, 0x0032), o = directions.decimals(0x0020, 0x0037),
             w = spacing.decimals(0x0028, 0x0030);
  s.placed = p.size() == 3 && o.size() == 6 && w.size() == 2;
  if (!s.placed) return;
  s.position = {p[0], p[1], p[2]};
  s.along_row = {o[0], o[1], o[2]};
  s.along_column = {o[3], o[4], o[5]};
  s.row_spacing = w[0];
  s.column_spacing = w[1];
}

inline void read_scaling(const dicom_data& d, dicom_slice& s) {
  const auto slope = d.decimals(0x0028, 0x1053), intercept = d.decimals(0x0028, 0x1052);
  s.scaled = slope.size() == 1 && intercept.size() == 1;
  if (!s.scaled) return;
  s.slope = slope[0];
  s.intercept = intercept[0];
}

/// The slices of a file: one, or one for each frame of a file with functional groups (DICOM PS3.3, C.7.6.16).
/// None where the file holds no pixels.
inline std::vector<dicom_slice> slices_of(const dicom_document& document, const std::string& name,
                                          std::size_t source) {
  const dicom_data& d = document.data;
  dicom_slice s;
  s.source = source;
  s.name = name;
  s.rows = d.number(0x0028, 0x0010);
  s.columns = d.number(0x0028, 0x0011);
  if (s.rows == 0 || s.columns == 0) return {};
  s.series = d.text(0x0020, 0x000e);
  s.study = d.text(0x0020, 0x000d);
  s.sop_instance = d.text(0x0008, 0x0018);
  s.sop_class = d.text(0x0008, 0x0016);
  s.frame_of_reference = d.text(0x0020, 0x0052);
  s.transfer_syntax = document.transfer_syntax;
  s.modality = d.text(0x0008, 0x0060);
  s.image_type = d.text(0x0008, 0x0008);
  s.description = d.text(0x0008, 0x103e);
  s.kernel = d.text(0x0018, 0x1210);
  s.photometric = d.text(0x0028, 0x0004);
  s.acquisition = d.text(0x0020, 0x0012);
  s.echo = d.text(0x0018, 0x0086);
  s.time = d.text(0x0008, 0x0032);
  s.bits_allocated = d.number(0x0028, 0x0100);
  s.bits_stored = d.number(0x0028, 0x0101, s.bits_allocated);
  s.high_bit = d.number(0x0028, 0x0102, s.bits_stored - 1);
  s.samples = d.number(0x0028, 0x0002, 1);
  s.is_signed = d.number(0x0028, 0x0103) == 1;
  s.padding = padding_value(d, 0x0120, s.is_signed);
  s.padding_end = padding_value(d, 0x0121, s.is_signed);
  if (d.has(0x0028, 0x3000))
    s.fault = "Modality LUT Sequence: expected RescaleSlope and RescaleIntercept, found a table of values";
  read_scaling(d, s);
  const auto frames = frame_count(d);
  if (!frames) s.fault = "NumberOfFrames: expected 1 to 65536, found " + in_quotes(d.text(0x0028, 0x0008));
  s.frames = frames.value_or(1);
  const auto per_frame = d.items(0x5200, 0x9230), shared = d.items(0x5200, 0x9229);
  if (per_frame.empty()) {
    if (s.frames == 1) read_plane(d, d, d, s);
    return {s};
  }
  if (std::ssize(per_frame) != s.frames) {
    s.fault = "PerFrameFunctionalGroupsSequence: expected " + text(s.frames) + " frames, found " +
              text(per_frame.size());
    return {s};
  }
  std::vector<dicom_slice> out;
  for (const dicom_data& frame : per_frame) {
    // A group of the frame, or the one that all frames share, or an empty one.
    const auto group = [&](std::uint16_t g, std::uint16_t e) {
      auto own = frame.items(g, e);
      if (own.empty() && !shared.empty()) own = shared[0].items(g, e);
      return own.empty() ? dicom_data() : own[0];
    };
    dicom_slice f = s;
    f.frame = std::ssize(out);
    read_plane(group(0x0020, 0x9113), group(0x0020, 0x9116), group(0x0028, 0x9110), f);
    if (!f.scaled) read_scaling(group(0x0028, 0x9145), f);
    const dicom_data content = group(0x0020, 0x9111);
    f.stack = content.text(0x0020, 0x9056);
    f.acquisition = content.has(0x0020, 0x9128) ? text(content.number(0x0020, 0x9128))
                                                : std::string();  // temporal index, UL
    if (const auto type = group(0x0018, 0x9329).text(0x0008, 0x9007); !type.empty()) f.image_type = type;
    if (const auto k = group(0x0018, 0x9314).text(0x0018, 0x1210); !k.empty()) f.kernel = k;
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace diffam::io::detail
