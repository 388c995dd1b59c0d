// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A DICOM file: meta information, transfer syntax and data set (DICOM PS3.10, 7).
#pragma once

#include "diffam/io/bytes/inflate.hpp"
#include "diffam/io/dicom/parse.hpp"

namespace diffam::io::detail {

/// A file in memory, parsed.
struct dicom_document {
  std::string bytes, inflated;  // the data set is in `inflated` where the file is deflated
  dicom_data meta, data;
  std::string transfer_syntax;
  dicom_encoding encoding;
};

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
  d.data = dicom_data(d.encoding);
  if (d.transfer_syntax == "1.2.840.10008.1.2.1.99") {
    constexpr std::size_t most = std::size_t{1} << 31;
    if (!inflate_raw(rest, d.inflated, most, to_pixels)) return parse_end::damaged;
    rest = d.inflated;
  }
  return d.data.parse(rest, false, to_pixels);
}

}  // namespace diffam::io::detail
