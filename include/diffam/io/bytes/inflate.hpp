// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Inflates raw deflate streams (RFC 1951) in memory: those of zip archives and of deflated DICOM files.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace diffam::io::detail {

/// Adds the inflated bytes to `out`, until it has `most`. Returns false where the stream is damaged, cut off
/// or longer; with `prefix`, only where it is damaged.
inline bool inflate_raw(std::string_view packed, std::string& out, std::size_t most, bool prefix) {
  constexpr std::size_t longest = std::size_t{1} << 31;
  z_stream z{};
  if (inflateInit2(&z, -15) != Z_OK) return false;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib only reads
  z.avail_in = static_cast<uInt>(std::min(packed.size(), longest));
  int status = Z_OK;
  while (status == Z_OK && out.size() < most) {
    const std::size_t done = out.size();
    const std::size_t step = std::min({most - done, std::max<std::size_t>(done, 1 << 16), longest});
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

}  // namespace diffam::io::detail
