// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes colour pictures as PNG files with stb_image_write. The functions of stb, and the two functions here
// that call them, are static in each translation unit. So the linker sees no symbol of stb, and a program's
// own copy of stb does not clash.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "diffam/io/atomic_file.hpp"

#if !defined(INCLUDE_STB_IMAGE_WRITE_H)
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#if defined(__has_include)
#if !__has_include(<stb/stb_image_write.h>)
#error "diffam/io/png.hpp needs stb: install it (Debian: libstb-dev) and add the folder that has stb/"
#endif
#endif
#include <stb/stb_image_write.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#undef STB_IMAGE_WRITE_IMPLEMENTATION

namespace diffam::io {

using rgb = std::array<std::uint8_t, 3>;

/// A picture with 8 bits for each colour.
struct rgb_image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> data;  // 3 bytes per pixel, rows from top to bottom

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
  /// Sets a pixel; does nothing outside of the picture.
  void set(int x, int y, const rgb& colour) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    std::copy(colour.begin(), colour.end(), data.begin() + static_cast<std::ptrdiff_t>(offset(x, y)));
  }
  /// Draws a line one pixel wide, both ends included (Bresenham 1965).
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

/// The bytes of a PNG file. Throws `error` where the data does not match the size.
[[maybe_unused]] static std::string png_text(const rgb_image& image) {
  const std::size_t row = 3 * static_cast<std::size_t>(image.width);
  if (row == 0 || image.data.size() != row * static_cast<std::size_t>(image.height))
    throw error("png: expected 3 bytes a pixel, got " + detail::text(image.data.size()) + " bytes");
  std::string out;
  const auto append = [](void* to, void* bytes, int count) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  };
  if (stbi_write_png_to_func(append, &out, image.width, image.height, 3, image.data.data(),
                             3 * image.width) == 0)
    throw error("stb_image_write: cannot encode a picture", error_kind::internal);
  return out;
}

/// Writes a PNG file. Throws `error`: cannot_create, write_failed.
[[maybe_unused]] static void write_png(const path& file, const rgb_image& image) {
  write_file(file, png_text(image));
}

}  // namespace diffam::io
