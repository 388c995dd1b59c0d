// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A DICOM file: meta information, transfer syntax and data set (DICOM PS3.10, 7).
#pragma once

#include <optional>

#include "diffam/io/bytes/inflate.hpp"
#include "diffam/io/dicom/parse.hpp"

namespace diffam::io::detail {

/// A file in memory, parsed.
struct dicom_document {
  std::string bytes, inflated;  // the data set is in `inflated` where the file is deflated
  dicom_data meta, data;
  std::string transfer_syntax;
  dicom_encoding encoding;
  bool at_pixels = false;  // parsed to the pixels; false: the bytes end before them
};

/// NumberOfFrames; 1 where it is not stated, none where it is not from 1 to 65536.
inline std::optional<index_t> frame_count(const dicom_data& d) {
  const auto frames = d.decimals(0x0028, 0x0008);
  if (frames.empty()) return 1;
  if (!(frames[0] >= 1 && frames[0] <= 65536) || frames[0] != std::floor(frames[0])) return {};
  return static_cast<index_t>(frames[0]);
}

/// Bytes of uncompressed pixels, as the header states them; at most 2^31, which no file exceeds.
inline std::size_t stated_pixel_bytes(const dicom_data& d) {
  const double pixels = static_cast<double>(d.number(0x0028, 0x0010)) * d.number(0x0028, 0x0011);
  const double bits = pixels * d.number(0x0028, 0x0002, 1) * d.number(0x0028, 0x0100) *
                      static_cast<double>(frame_count(d).value_or(1));
  return static_cast<std::size_t>(std::min(std::ceil(bits / 16) * 2, 2147483648.0));
}

/// Parses the data set at the start of `rest`, to the pixels or whole.
inline parse_end parse_data_set(dicom_document& d, std::string_view& rest, bool to_pixels) {
  d.data = dicom_data(d.encoding);
  const parse_end end = d.data.parse(rest, false, to_pixels);
  d.at_pixels = to_pixels && end == parse_end::whole && !rest.empty();
  return end;
}

/// The same for a deflated data set. Inflates what the header needs, and then as many bytes as it states for
/// the pixels, however much more there is.
inline parse_end parse_deflated(dicom_document& d, std::string_view packed, bool to_pixels) {
  constexpr std::size_t most_header = std::size_t{1} << 26, element_head = 12;  // 1 KiB a frame, for 65536
  std::string_view rest;
  const auto parse_first = [&](std::size_t bytes, bool header) {
    d.inflated.clear();
    if (!inflate_raw(packed, d.inflated, bytes, true)) return parse_end::damaged;
    rest = d.inflated;
    return parse_data_set(d, rest, header);
  };
  std::size_t bytes = std::size_t{1} << 16;
  parse_end end = parse_first(bytes, true);
  while (end != parse_end::damaged && !d.at_pixels && d.inflated.size() == bytes) {
    if (bytes == most_header) return parse_end::damaged;
    end = parse_first(bytes *= 4, true);
  }
  if (to_pixels || !d.at_pixels) return end;
  return parse_first(d.inflated.size() - rest.size() + element_head + stated_pixel_bytes(d.data), false);
}

/// Parses d.bytes: the start of a file, to the pixels (`to_pixels`), or a whole file.
inline parse_end parse_document(dicom_document& d, bool to_pixels) {
  std::string_view rest = d.bytes;
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (rest.size() >= 132 && rest.substr(128, 4) == "DICM") {
    rest.remove_prefix(132);
    if (const parse_end end = d.meta.parse(rest, false, false, true); end != parse_end::whole) return end;
    d.transfer_syntax = d.meta.text(0x0002, 0x0010);
  }
  if (d.transfer_syntax.empty()) {  // not stated
    d.transfer_syntax = rest.size() >= 6 && is_letter(rest[4]) && is_letter(rest[5]) ? "1.2.840.10008.1.2.1"
                                                                                     : "1.2.840.10008.1.2";
  }
  d.encoding = {d.transfer_syntax != "1.2.840.10008.1.2", d.transfer_syntax == "1.2.840.10008.1.2.2"};
  const bool deflated = d.transfer_syntax == "1.2.840.10008.1.2.1.99";
  return deflated ? parse_deflated(d, rest, to_pixels) : parse_data_set(d, rest, to_pixels);
}

}  // namespace diffam::io::detail
