// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Pictures: the tests decode the bytes of a PNG file and check its checksums.
#include "diffam/io/png.hpp"

#include "io/scratch.hpp"

using namespace diffam;

namespace {

std::uint32_t big_endian(const std::string& s, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t k = 0; k < 4; ++k) v = v << 8 | static_cast<unsigned char>(s[at + k]);
  return v;
}

/// Reverses the filters of a PNG's rows (ISO/IEC 15948, section 9.2), 3 bytes per pixel.
std::vector<std::uint8_t> unfiltered(const std::vector<std::uint8_t>& rows, int height, int width) {
  std::vector<std::uint8_t> out;
  const auto at = [&](int x, int y) {
    return x < 0 || y < 0 ? 0 : static_cast<int>(out[static_cast<std::size_t>(y * width + x)]);
  };
  for (int y = 0; y < height; ++y) {
    const auto first = static_cast<std::size_t>(y * (width + 1));
    for (int x = 0; x < width; ++x) {
      const int a = at(x - 3, y), b = at(x, y - 1), c = x < 3 ? 0 : at(x - 3, y - 1), p = a + b - c;
      const int to_a = std::abs(p - a), to_b = std::abs(p - b), to_c = std::abs(p - c);
      const int paeth = to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
      const int guess[] = {0, a, b, (a + b) / 2, paeth};
      REQUIRE(rows[first] < 5);
      out.push_back(
          static_cast<std::uint8_t>(rows[first + static_cast<std::size_t>(x) + 1] + guess[rows[first]]));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a PNG holds its pixels, and its checksums are right", "[io][png]") {
  io::rgb_image image(5, 3, {1, 2, 3});
  image.set(4, 2, {250, 251, 252});
  image.set(0, 1, {7, 0, 255});
  const test::scratch_folder folder;
  io::write_png(folder / "a.png", image);
  const std::string s = test::contents_of(folder / "a.png");
  REQUIRE(s.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  std::string packed, types;
  for (std::size_t at = 8; at < s.size();) {
    const std::size_t size = big_endian(s, at);
    const std::string type = s.substr(at + 4, 4), body = s.substr(at + 8, size);
    const auto* begin = reinterpret_cast<const Bytef*>(s.data() + at + 4);
    CHECK(crc32(0, begin, static_cast<uInt>(size + 4)) == big_endian(s, at + 8 + size));
    types += type + " ";
    if (type == "IHDR") CHECK(body == std::string("\0\0\0\5\0\0\0\3\x08\x02\0\0\0", 13));
    if (type == "IDAT") packed += body;
    at += size + 12;
  }
  CHECK(types == "IHDR IDAT IEND ");
  std::vector<std::uint8_t> rows(3 * (1 + 15));
  uLongf size = rows.size();
  REQUIRE(uncompress(rows.data(), &size, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) ==
          Z_OK);
  REQUIRE(size == rows.size());
  CHECK(unfiltered(rows, 3, 15) == image.data);
}

TEST_CASE("lines reach both ends, and nothing is drawn outside", "[io][png]") {
  const io::rgb red{255, 0, 0};
  for (const auto& [x, y] :
       std::vector<std::pair<int, int>>{{9, 3}, {3, 9}, {0, 5}, {5, 0}, {9, 9}, {5, 5}, {0, 9}}) {
    io::rgb_image image(10, 10);
    image.line(5, 5, x, y, red);
    CHECK(image.get(5, 5) == red);
    CHECK(image.get(x, y) == red);
    int drawn = 0;
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 10; ++i) drawn += image.get(i, j) == red;
    CHECK(drawn == 1 + std::max(std::abs(x - 5), std::abs(y - 5)));  // one pixel per step of the longer side
  }
  io::rgb_image image(4, 4);
  image.line(-100, -100, 100, 100, red);
  image.set(4, 0, red);
  image.set(0, -1, red);
  for (int j = 0; j < 4; ++j)
    for (int i = 0; i < 4; ++i) CHECK((image.get(i, j) == red) == (i == j));
}

TEST_CASE("pictures of an invalid size are refused", "[io][png]") {
  test::require_error(error_kind::usage, "1 to 65535 pixels", [] { io::rgb_image(0, 3); });
  test::require_error(error_kind::usage, "1 to 65535 pixels", [] { io::rgb_image(3, 70000); });
  test::require_error(error_kind::usage, "3 bytes a pixel", [] { io::png_text({}); });
}
