// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Deflated DICOM files that would inflate to much more than their header states; headers that end at the end
// of the bytes that are read first; the sorting of thousands of frames.
#include <algorithm>

#include "io/dicom/series.hpp"

using namespace diffam;
using io::detail::dicom_set;

namespace {

constexpr int rows = 5, columns = 6;

/// A slice at height 2 k, whose voxels have the value 100 + k, with `more` as its private element (0009,1010)
/// and `behind` behind its voxels.
dicom_set slice(int k, const std::string& more = "", const std::string& behind = "") {
  std::string pixels;
  for (int v = 0; v < rows * columns; ++v)
    pixels += dicom_set::little(static_cast<std::uint64_t>(100 + k), 2);
  dicom_set d;
  d.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").text(0x00080018, "UI", "1.2." + std::to_string(k));
  d.text(0x00080060, "CS", "CT").text(0x0020000e, "UI", "1.2.3").us(0x00280002, {1});
  d.text(0x00280004, "CS", "MONOCHROME2").ds(0x00200032, {0, 0, 2.0 * k}).ds(0x00200037, {1, 0, 0, 0, 1, 0});
  d.ds(0x00280030, {1, 1}).us(0x00280010, {rows}).us(0x00280011, {columns}).us(0x00280100, {16});
  d.us(0x00280101, {16}).us(0x00280102, {15}).us(0x00280103, {1}).ds(0x00281052, {0}).ds(0x00281053, {1});
  if (!more.empty()) d.put(0x00091010, "UN", more);
  return d.put(0x7fe00010, "OW", pixels + behind);
}

/// The deflated bytes without the header and the trailer of gzip (RFC 1952).
std::string deflated(const std::string& bytes) {
  const std::string member = test::gzipped(bytes);
  return member.substr(10, member.size() - 18);
}

std::string file_of(const dicom_set& d, bool deflate = true) {
  const std::string head = io::detail::dicom_file_bytes(
      {}, "1.2", "1.2.3", "TEST", deflate ? "1.2.840.10008.1.2.1.99" : "1.2.840.10008.1.2.1");
  return head + (deflate ? deflated(d.bytes()) : d.bytes());
}

/// Whether the series in a folder has the voxels of slices 0 to 3.
bool is_sound(const io::path& folder) {
  io::warning_list warnings;
  const auto series = test::read_series(folder, warnings);
  bool same = warnings.empty() && series.geometry.size == vec<index_t, 3>{columns, rows, 4};
  for (std::size_t v = 0; v < series.voxels.size(); ++v)
    same = same && series.voxels[v] == static_cast<float>(100 + v / (rows * columns));
  return same;
}

io::detail::dicom_document parsed(const std::string& file, bool to_pixels, io::detail::parse_end& end) {
  io::detail::dicom_document d;
  d.bytes = file;
  end = io::detail::parse_document(d, to_pixels);
  return d;
}

}  // namespace

TEST_CASE("a deflated file is inflated as far as its header asks", "[io][dicom]") {
  const std::string vast(std::size_t{100} << 20, '\0');
  const test::scratch_folder folder;
  for (int k = 0; k < 4; ++k) folder.put(std::to_string(k) + ".dcm", file_of(slice(k)));
  CHECK(is_sound(folder.path()));

  // Pixels that are much longer than the header states: only those that it states are read.
  const std::string long_pixels = file_of(slice(2, "", vast));
  CHECK(long_pixels.size() < 1 << 20);
  io::detail::parse_end end{};
  for (const bool to_pixels : {true, false}) {
    const auto d = parsed(long_pixels, to_pixels, end);
    CHECK(d.inflated.capacity() <= 1 << 17);
    CHECK(d.data.number(0x0028, 0x0011) == columns);
    if (!to_pixels) CHECK(d.data.bytes(0x7fe0, 0x0010).size() == 2 * rows * columns);
  }
  folder.put("2.dcm", long_pixels);
  CHECK(is_sound(folder.path()));

  // A header of some MB is read, one of 100 MB is not.
  folder.put("2.dcm", file_of(slice(2, vast.substr(0, 5 << 20))));
  CHECK(is_sound(folder.path()));
  const std::string long_header = file_of(slice(2, vast));
  for (const bool to_pixels : {true, false}) {
    const auto d = parsed(long_header, to_pixels, end);
    CHECK(end == io::detail::parse_end::damaged);
    CHECK(d.inflated.capacity() <= 1 << 27);
  }
  folder.put("2.dcm", long_header);
  io::warning_list warnings;
  test::require_error(error_kind::bad_data, "1 missing between",
                      [&] { test::read_series(folder.path(), warnings); });

  // A stream that is cut off or damaged.
  const std::string whole = file_of(slice(2));
  for (std::uint64_t n = 0; n < 200; ++n) {
    folder.put("2.dcm", test::damaged(whole, n, whole.size()));
    try {
      test::read_series(folder.path(), warnings);
    } catch (const error& e) {
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("a header that goes on where the bytes end that are read first is read whole", "[io][dicom]") {
  constexpr std::size_t first_bytes = 1 << 16, element_head = 12;
  for (const bool deflate : {false, true}) {
    // The private element ends with these bytes: of the file, or of the inflated data set.
    const std::string before = file_of(slice(0, "xx"), deflate);
    dicom_set to_private;
    to_private.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").text(0x00080018, "UI", "1.2.0");
    to_private.text(0x00080060, "CS", "CT");
    const std::size_t start =
        (deflate ? 0 : file_of({}, false).size()) + to_private.bytes().size() + element_head;
    const test::scratch_folder folder;
    for (int k = 0; k < 4; ++k)
      folder.put(std::to_string(k) + ".dcm",
                 file_of(slice(k, std::string(first_bytes - start, 'x')), deflate));
    INFO(before.size());
    CHECK(is_sound(folder.path()));
  }
}

TEST_CASE("thousands of frames are sorted as one by one", "[io][dicom]") {
  // Frames of 3 files and of 300 planes, whose numbers are rounded.
  std::vector<io::dicom_slice> frames;
  for (std::size_t n = 0; n < 6000; ++n) {
    const std::size_t mixed = n * 7919 % 6000, plane = mixed % 300;
    io::dicom_slice s;
    s.series = std::to_string(mixed % 3);
    s.frame = static_cast<index_t>(n);
    s.placed = plane % 17 != 0;
    s.photometric = plane % 11 == 0 ? "RGB" : "MONOCHROME2";
    s.rows = 20 + static_cast<index_t>(plane % 2);
    const double angle = static_cast<double>(plane) * 0.01 + static_cast<double>(mixed / 300 % 5) * 1e-7;
    s.along_row = {std::cos(angle), std::sin(angle), 0};
    s.along_column = {-std::sin(angle), std::cos(angle), 0};
    s.row_spacing = 1 + static_cast<double>(plane % 7) * 1e-3 + static_cast<double>(mixed / 300 % 3) * 1e-6;
    s.column_spacing = 1;
    frames.push_back(s);
  }
  const auto same_plane = [](const io::dicom_slice& a, const io::dicom_slice& b) {
    return a.series == b.series && a.rows == b.rows && a.placed == b.placed &&
           a.photometric == b.photometric && std::abs(a.row_spacing - b.row_spacing) < 1e-4 &&
           norm(a.along_row - b.along_row) < 1e-4;
  };
  auto ordered = frames;  // frame by frame, as files are numbered
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.series < b.series; });
  std::vector<std::vector<index_t>> expected;
  std::vector<io::dicom_slice> firsts;
  for (const auto& s : ordered) {
    const auto home =
        std::find_if(firsts.begin(), firsts.end(), [&](const auto& f) { return same_plane(f, s); });
    const auto at = static_cast<std::size_t>(home - firsts.begin());
    if (home == firsts.end()) firsts.push_back(s), expected.emplace_back();
    expected[at].push_back(s.frame);
  }
  const auto sorted = io::detail::sort_into_series(frames);
  REQUIRE(sorted.size() == expected.size());
  CHECK(sorted.size() == 300);
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    std::vector<index_t> found;
    for (const auto& s : sorted[k].slices) found.push_back(s.frame);
    CHECK(found == expected[k]);
    CHECK(sorted[k].left_out.empty() == (sorted[k].first().placed && sorted[k].first().photometric != "RGB"));
  }
}

TEST_CASE("a stack whose slices turn little by little is refused", "[io][dicom]") {
  io::dicom_series series;
  for (int k = 0; k < 5; ++k) {
    io::dicom_slice s;
    const double angle = k * 5e-5;
    s.placed = true;
    s.position = {0, 0, 2.0 * k};
    s.along_row = {std::cos(angle), std::sin(angle), 0};
    s.along_column = {-std::sin(angle), std::cos(angle), 0};
    s.row_spacing = s.column_spacing = 1;
    series.slices.push_back(s);
  }
  const auto sorted = io::detail::sort_into_series(series.slices);
  REQUIRE(sorted.size() == 1);
  test::require_error(error_kind::bad_data, "ImageOrientationPatient", [&] {
    io::stack_slices(sorted[0], false, [](const auto&, const auto&) { return true; });
  });
}
