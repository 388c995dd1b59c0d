// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// JPEG files hold the picture that was encoded, as stb's own decoder reads it.
#include "diffam/io/jpeg.hpp"

#include "io/scratch.hpp"

#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

using namespace diffam;

TEST_CASE("a JPEG holds its grey values to within its compression", "[io]") {
  constexpr int width = 40, height = 24;
  std::vector<std::uint8_t> grey;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) grey.push_back(static_cast<std::uint8_t>(4 * x + 3 * y));
  const std::string file = io::jpeg_text(width, height, grey, 90);
  int w = 0, h = 0, channels = 0;
  std::uint8_t* read = stbi_load_from_memory(reinterpret_cast<const std::uint8_t*>(file.data()),
                                             static_cast<int>(file.size()), &w, &h, &channels, 1);
  REQUIRE(read != nullptr);
  REQUIRE(w == width);
  REQUIRE(h == height);
  for (std::size_t i = 0; i < grey.size(); ++i) REQUIRE(std::abs(read[i] - grey[i]) <= 6);
  stbi_image_free(read);
  CHECK(io::jpeg_text(width, height, grey, 30).size() < file.size());
}

TEST_CASE("a picture of another size than its data is refused", "[io]") {
  const std::vector<std::uint8_t> grey(6);
  test::require_error(error_kind::usage, "one byte a pixel", [&] { io::jpeg_text(2, 2, grey, 75); });
  test::require_error(error_kind::usage, "0 x 3", [&] { io::jpeg_text(0, 3, {}, 75); });
}
