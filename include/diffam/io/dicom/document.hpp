// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A DICOM file: meta information, transfer syntax and data set (DICOM PS3.10, 7).
#pragma once

#include <zlib.h>

#include "diffam/io/dicom/parse.hpp"

namespace diffam::io::detail {

/// A file in memory, parsed.
struct dicom_document {
  std::string bytes, inflated;  // the data set is in `inflated` where the file is deflated
  dicom_data meta, data;
  std::string transfer_syntax;
  dicom_encoding encoding;
};

/// Inflates a raw deflate stream; at most 2 GiB. Returns false where it is damaged, unless `prefix`: then
/// what could be inflated is enough.
inline bool inflate_rest(std::string_view packed, std::string& out, bool prefix) {
  constexpr std::size_t most = std::size_t{1} << 31;
  z_stream z{};
  if (inflateInit2(&z, -15) != Z_OK) return false;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib only reads
  z.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), most));
  int status = Z_OK;
  while (status == Z_OK && out.size() < most) {
    const std::size_t done = out.size(), step = std::min(most - done, std::max<std::size_t>(done, 1 << 16));
    out.resize(done + step);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + done);
    z.avail_out = static_cast<uInt>(step);
    status = inflate(&z, Z_NO_FLUSH);
    out.resize(done + step - z.avail_out);
    if (z.avail_out > 0 && z.avail_in == 0) break;
  }
  inflateEnd(&z);
  return status == Z_STREAM_END || (prefix && status != Z_DATA_ERROR);
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
  d.data = dicom_data(d.encoding);
  if (d.transfer_syntax == "1.2.840.10008.1.2.1.99") {
    if (!inflate_rest(rest, d.inflated, to_pixels)) return parse_end::damaged;
    rest = d.inflated;
  }
  return d.data.parse(rest, false, to_pixels);
}

}  // namespace diffam::io::detail
