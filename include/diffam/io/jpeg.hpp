// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Encodes grey pictures as JPEG with stb_image_write, whose functions png.hpp keeps out of the linker's
// sight.
#pragma once

#include <span>

#include "diffam/io/png.hpp"

namespace diffam::io {

/// The bytes of a JPEG file. `grey`: one byte a pixel, rows from top to bottom. `quality`: 1 to 100. Throws
/// `error` where the data does not match the size.
[[maybe_unused]] static std::string jpeg_text(int width, int height, std::span<const std::uint8_t> grey,
                                              int quality) {
  if (width < 1 || height < 1 || width > 65535 || height > 65535 ||
      grey.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw error("jpeg: expected 1 to 65535 pixels a side and one byte a pixel, got " + detail::text(width) +
                " x " + detail::text(height) + " and " + detail::text(grey.size()) + " bytes");
  std::string out;
  const auto append = [](void* to, void* bytes, int count) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  };
  if (stbi_write_jpg_to_func(append, &out, width, height, 1, grey.data(), quality) == 0)
    throw error("stb_image_write: cannot encode a picture", error_kind::internal);
  return out;
}

}  // namespace diffam::io
