// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Colour pictures as PNG (ISO/IEC 15948): header, one zlib stream of rows with filter 0, end.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "diffam/io/atomic_file.hpp"

namespace diffam::io {

using rgb = std::array<std::uint8_t, 3>;

struct rgb_image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> data;  // 3 bytes a pixel, rows from top to bottom

  rgb_image() = default;
  rgb_image(int w, int h, const rgb& colour = {0, 0, 0}) : width(w), height(h) {
    if (w < 1 || h < 1 || w > 65535 || h > 65535)
      throw error("rgb_image: expected 1 to 65535 pixels a side, got " + detail::text(w) + " x " +
                  detail::text(h));
    data.resize(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = colour[i % 3];
  }

  rgb get(int x, int y) const {
    const std::size_t i = offset(x, y);
    return {data[i], data[i + 1], data[i + 2]};
  }
  /// Outside of the picture nothing happens.
  void set(int x, int y, const rgb& colour) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    std::copy(colour.begin(), colour.end(), data.begin() + static_cast<std::ptrdiff_t>(offset(x, y)));
  }
  /// A line one pixel wide, both ends drawn (Bresenham 1965).
  void line(int x0, int y0, int x1, int y1, const rgb& colour) {
    const int dx = std::abs(x1 - x0), dy = -std::abs(y1 - y0);
    const int step_x = x0 < x1 ? 1 : -1, step_y = y0 < y1 ? 1 : -1;
    for (int fault = dx + dy;;) {
      set(x0, y0, colour);
      if (x0 == x1 && y0 == y1) return;
      const int twice = 2 * fault;
      if (twice >= dy) fault += dy, x0 += step_x;
      if (twice <= dx) fault += dx, y0 += step_y;
    }
  }

 private:
  std::size_t offset(int x, int y) const {
    return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
  }
};

namespace detail {

inline void append_big_endian(std::string& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

inline void append_png_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_big_endian(out, data.size());
  const std::size_t begin = out.size();
  out.append(type).append(data);
  append_big_endian(
      out, crc32_z(0, reinterpret_cast<const unsigned char*>(out.data()) + begin, out.size() - begin));
}

}  // namespace detail

/// The bytes of a PNG file.
inline std::string png_text(const rgb_image& image) {
  const std::size_t row = 3 * static_cast<std::size_t>(image.width);
  if (row == 0 || image.data.size() != row * static_cast<std::size_t>(image.height))
    throw error("png: expected 3 bytes a pixel, got " + detail::text(image.data.size()) + " bytes");
  std::string rows;
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
    rows += '\0';  // filter 0: none
    rows.append(reinterpret_cast<const char*>(image.data.data()) + y * row, row);
  }
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                rows.size(), 9) != Z_OK)
    throw error("zlib: cannot compress", error_kind::internal);
  packed.resize(size);

  std::string header;
  detail::append_big_endian(header, static_cast<std::size_t>(image.width));
  detail::append_big_endian(header, static_cast<std::size_t>(image.height));
  header += std::string_view("\x08\x02\0\0\0", 5);  // 8 bits, RGB, deflate, adaptive filters, not interlaced
  std::string out = "\x89PNG\r\n\x1a\n";
  detail::append_png_chunk(out, "IHDR", header);
  detail::append_png_chunk(out, "IDAT", packed);
  detail::append_png_chunk(out, "IEND", {});
  return out;
}

inline void write_png(const path& file, const rgb_image& image) {
  write_file(file, png_text(image));
}

}  // namespace diffam::io
