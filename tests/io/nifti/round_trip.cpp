// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Valid NIfTI files: all stored types, both byte orders, parts of a volume, and outputs that copy the
// geometry of the input bit for bit.
#include "diffam/io/nifti.hpp"
#include "raw_nifti.hpp"

using namespace diffam;
using test::raw_nifti;
using test::require_error;

namespace {

template <class T>
void check_type(std::int16_t code, bool big_endian) {
  INFO("datatype " << code << (big_endian ? ", big-endian" : ""));
  const test::scratch_folder folder;
  raw_nifti f(big_endian);
  f.set(raw_nifti::datatype, code).set(raw_nifti::bitpix, static_cast<std::int16_t>(8 * sizeof(T)));
  f.set(raw_nifti::slope, 0.5f).set(raw_nifti::inter, -3.0f);
  f.data.clear();
  std::vector<T> stored{std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max(), T(0), T(1)};
  if (std::is_same_v<T, double>) stored[0] = T(-1e30), stored[1] = T(1e30);
  if (std::is_same_v<T, float>) stored[0] = T(-1e38), stored[1] = T(1e38);
  for (int i = 0; i < 20; ++i) stored.push_back(T(i * 5));
  for (const T v : stored) f.append(v);
  io::warning_list warnings;
  const auto image = io::read_nifti(folder.put("a.nii", f.bytes()), warnings).image;
  CHECK(warnings.empty());
  for (std::size_t i = 0; i < stored.size(); ++i)
    CHECK(image.voxels[i] == static_cast<float>(0.5 * static_cast<double>(stored[i]) - 3.0));
  // World = srow (i, j, k, 1), computed by hand: (-2 i + 10, 2 j + 0.5 k + 20, 3 k + 30).
  CHECK(image.geometry.to_world({1, 2, 3}) == vec3<double>{8, 25.5, 39});
}

volume<float> counted(const vec<index_t, 3>& size) {
  volume<float> v({size, {{{0.5, 0, 0}, {0, 0, -2}, {0, 1.5, 0}}}, {-7, 8, 9}});
  for (std::size_t i = 0; i < v.voxels.size(); ++i) v.voxels[i] = static_cast<float>(i);
  return v;
}

}  // namespace

TEST_CASE("every stored type in both byte orders", "[io][nifti]") {
  for (const bool big : {false, true}) {
    check_type<std::uint8_t>(2, big);
    check_type<std::int16_t>(4, big);
    check_type<std::int32_t>(8, big);
    check_type<float>(16, big);
    check_type<double>(64, big);
    check_type<std::int8_t>(256, big);
    check_type<std::uint16_t>(512, big);
    check_type<std::uint32_t>(768, big);
    check_type<std::int64_t>(1024, big);
    check_type<std::uint64_t>(1280, big);
  }
}

TEST_CASE("slope 0 means values as stored", "[io][nifti]") {
  const test::scratch_folder folder;
  io::warning_list w;
  const io::path file =
      folder.put("a.nii", raw_nifti().set(raw_nifti::slope, 0.0f).set(raw_nifti::inter, 5.0f).bytes());
  CHECK(io::read_nifti(file, w).image.voxels[4] == 4);
}

TEST_CASE("a part has the same voxels at the same places", "[io][nifti]") {
  const test::scratch_folder folder;
  const volume<float> v = counted({9000, 5, 6});  // rows longer than one piece of the reader
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    io::write_nifti(folder / name, v);
    io::warning_list w;
    const auto header = io::read_nifti_header(folder / name, w);
    for (const voxel_box& box : {voxel_box{{3, 1, 2}, {8996, 3, 3}}, voxel_box{{8192, 0, 5}, {1, 5, 1}},
                                 voxel_box{{8000, 4, 0}, {192, 1, 6}}, voxel_box{{}, {9000, 5, 6}}}) {
      const auto part = io::read_nifti_part<float>(folder / name, header, box, w);
      REQUIRE(part.geometry.size == v.geometry.size);
      CHECK(part.voxels == crop<float>(v, box).voxels);
    }
    const auto small = io::read_nifti_part<std::int16_t>(folder / name, header, {{}, {40, 1, 1}}, w);
    CHECK(small.voxels.at(39) == 39);
    CHECK(w.empty());
    require_error(error_kind::usage, "expected a box of voxels", [&] {
      io::read_nifti_part<float>(folder / name, header, {{}, {1, 6, 1}}, w);
    });
  }
}

namespace {

/// Checks that a part of a file of type T equals the crop of the whole, with the same warnings.
template <class T>
void check_parts(std::int16_t code, bool big_endian, int orientation) {
  INFO("datatype " << code << " big-endian " << big_endian << " orientation " << orientation);
  const test::scratch_folder folder;
  raw_nifti f(big_endian);
  const std::int16_t size[] = {7, 5, 6};
  for (int a = 0; a < 3; ++a) f.set(raw_nifti::dim + 2 + 2 * a, size[a]);
  f.set(raw_nifti::datatype, code).set(raw_nifti::bitpix, static_cast<std::int16_t>(8 * sizeof(T)));
  f.set(raw_nifti::slope, 0.3f).set(raw_nifti::inter, -3.7f);
  const int axis[3] = {orientation % 3, (orientation + 1) % 3, (orientation + 2) % 3};
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) {
      const float sign = (orientation >> (3 + c) & 1) != 0 ? -1.f : 1.f;
      f.set(raw_nifti::srow + 4 * (4 * r + c), axis[c] == r ? sign * (0.7f + float(c)) : 0.1f * sign);
    }
  f.data.clear();
  for (int i = 0; i < 7 * 5 * 6; ++i) f.append(static_cast<T>((i * 37) % 120));
  if constexpr (std::is_floating_point_v<T>) {  // non-finite values and the lowest value in slice 0
    f.data.replace(0, sizeof(T), f.encoded(std::numeric_limits<T>::quiet_NaN()));
    f.data.replace(4 * sizeof(T), sizeof(T), f.encoded(T(-5000)));
    f.data.replace(100 * sizeof(T), sizeof(T), f.encoded(std::numeric_limits<T>::infinity()));
  }
  for (const bool gzip : {false, true}) {
    const auto file =
        gzip ? folder.put("a.nii.gz", test::gzipped(f.bytes())) : folder.put("a.nii", f.bytes());
    io::warning_list said;
    const auto whole = io::read_nifti(file, said);
    for (const voxel_box& box : {voxel_box{{1, 2, 2}, {5, 2, 3}}, voxel_box{{0, 0, 2}, {7, 5, 4}},
                                 voxel_box{{6, 0, 0}, {1, 5, 6}}, voxel_box{{}, {7, 5, 6}}}) {
      io::warning_list found;
      const auto header = io::read_nifti_header(file, found);
      const auto part = io::read_nifti_part<float>(file, header, box, found, {.require_contrast = true});
      const auto expected = crop<float>(whole.image, box);
      CHECK(part.voxels == expected.voxels);
      CHECK(found == said);
      const vec3<double> corner{double(box.first[0]), double(box.first[1]), double(box.first[2])};
      CHECK(part.geometry.to_world(corner) == expected.geometry.to_world({0, 0, 0}));
    }
  }
}

}  // namespace

TEST_CASE("a part is the crop of the whole, for every type and orientation", "[io][nifti]") {
  for (int orientation = 0; orientation < 3 * 8; ++orientation) {
    const bool big = orientation % 2 == 1;
    const int turned = orientation / 8 + 8 * (orientation % 8);  // which axis is first, and the signs
    check_parts<std::int16_t>(4, big, turned);
    check_parts<std::uint8_t>(2, big, turned);
    check_parts<float>(16, big, turned);
  }
  check_parts<double>(64, true, 0);
}

TEST_CASE("values are rounded and clamped into 16 bits", "[io][nifti]") {
  const test::scratch_folder folder;
  volume<float> v = counted({4, 1, 1});
  v.voxels = {1e6f, -1e6f, 2.6f, -2.6f};
  io::write_nifti(folder / "a.nii", v);
  io::warning_list w;
  const auto header = io::read_nifti_header(folder / "a.nii", w);
  const auto s = io::read_nifti_part<std::int16_t>(folder / "a.nii", header, {{}, header.geometry.size}, w);
  CHECK(s.voxels == std::vector<std::int16_t>{32767, -32768, 3, -3});
}

TEST_CASE("a label volume repeats the input's geometry bit for bit", "[io][nifti]") {
  const test::scratch_folder folder;
  for (const bool big : {false, true}) {
    raw_nifti f(big);
    f.set<std::int16_t>(raw_nifti::dim, 4).set<std::int16_t>(raw_nifti::qform_code, 2);
    f.set(raw_nifti::pixdim, -1.0f).set(raw_nifti::quatern, 0.1f).set(raw_nifti::qoffset, 1.0f / 3);
    f.set(raw_nifti::pixdim + 20, 0.25f).set(raw_nifti::slope, 2.0f).set(raw_nifti::inter, -1024.0f);
    f.header[raw_nifti::units] = 10;
    io::warning_list w;
    const auto ct = io::read_nifti(folder.put("ct.nii", f.bytes()), w);
    volume<std::uint8_t> labels(ct.image.geometry);
    for (std::size_t i = 0; i < 24; ++i) labels.voxels[i] = static_cast<std::uint8_t>(i + 1);
    io::write_nifti_labels(folder / "seg.nii", labels, ct.header);
    const std::string out = test::contents_of(folder / "seg.nii");
    REQUIRE(out.size() == 352 + 24);
    raw_nifti expected(false);  // like the input, in this machine's byte order
    expected.set<std::int16_t>(raw_nifti::dim, 4).set<std::int16_t>(raw_nifti::qform_code, 2);
    expected.set(raw_nifti::pixdim, -1.0f).set(raw_nifti::quatern, 0.1f).set(raw_nifti::qoffset, 1.0f / 3);
    expected.set(raw_nifti::pixdim + 20, 0.25f);
    expected.header[raw_nifti::units] = 10;
    const auto same = [&](std::size_t offset, std::size_t bytes) {
      return out.substr(offset, bytes) == expected.header.substr(offset, bytes);
    };
    CHECK(same(raw_nifti::dim, 16));
    CHECK(same(raw_nifti::pixdim, 32));
    CHECK(same(raw_nifti::units, 1));
    CHECK(same(raw_nifti::qform_code, 76));  // codes, quaternion, offsets, rows
    io::warning_list again;
    const auto back = io::read_nifti_labels<std::uint8_t>(folder / "seg.nii", again);
    CHECK(back.labels.voxels == labels.voxels);
    CHECK(back.header.slope == 1);
    CHECK(back.header.inter == 0);
    CHECK(back.labels.geometry.axes.row[1] == ct.image.geometry.axes.row[1]);
  }
}

TEST_CASE("labels are whole numbers, or nearly", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti f;
  io::warning_list w;
  const auto read = [&] {
    w.clear();
    return io::read_nifti_labels<std::uint8_t>(folder.put("a.nii", f.bytes()), w).labels.voxels;
  };
  CHECK(read()[23] == 23);
  CHECK(w.empty());
  f.set(raw_nifti::slope, 0.5f);
  require_error(error_kind::bad_data, "expected whole numbers (labels), found 0.5 in row (0..., 0, 0)", read);
  f.set(raw_nifti::slope, 1.0004f);  // 23 becomes 23.0092
  CHECK(read()[23] == 23);
  REQUIRE(w.size() == 1);
  CHECK(test::has_warning(w, "data: 23 voxels are not whole numbers, by at most 0.01; rounded"));
  f.set(raw_nifti::slope, 1.0005f);  // 23 becomes 23.0115
  require_error(error_kind::bad_data, "expected whole numbers", read);
  f.set(raw_nifti::slope, -1.0f);  // 0, -1, ... -23
  CHECK(read() == std::vector<std::uint8_t>(24));
  CHECK(test::has_warning(w, "data: 23 voxels are no labels from 0 to 255 (-23 to -1); read as 0"));
  f.set(raw_nifti::slope, 12.0f);  // 22 and 23 become 264 and 276
  CHECK(read()[21] == 252);
  CHECK(read()[22] == 0);
  CHECK(test::has_warning(w, "data: 2 voxels are no labels from 0 to 255 (264 to 276); read as 0"));
}

TEST_CASE("a volume with its own grid is read back, and its two forms agree", "[io][nifti]") {
  const test::scratch_folder folder;
  for (const char* name : {"a.nii", "a.nii.gz"})
    for (const index_t length : {index_t{11}, index_t{40000}}) {  // the longer one needs NIfTI-2
      const volume<float> v = counted({length, 3, 2});
      io::write_nifti(folder / name, v);
      io::warning_list w;
      const auto back = io::read_nifti(folder / name, w);
      CHECK(w.empty());  // no warning: the forms agree
      CHECK(back.header.bytes.layout->version == (length > 32767 ? 2 : 1));
      CHECK(back.header.bytes.integer(back.header.bytes.layout->qform_code) == 1);
      CHECK(back.image.voxels == v.voxels);
      CHECK(norm(back.image.geometry.to_world({3, 2, 1}) - v.geometry.to_world({3, 2, 1})) < 1e-5);
      CHECK(back.image.geometry.size == v.geometry.size);
    }
}

TEST_CASE("every right-angled orientation gets a qform that agrees", "[io][nifti]") {
  const test::scratch_folder folder;
  constexpr int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders)
    for (int signs = 0; signs < 8; ++signs) {
      volume<std::int16_t> v({{2, 3, 4}, {}, {1, 2, 3}});
      for (int a = 0; a < 3; ++a)
        for (int b = 0; b < 3; ++b)
          v.geometry.axes(b, a) = order[a] == b ? ((signs >> a & 1) != 0 ? -1.0 - a : 1.0 + a) : 0.0;
      io::write_nifti(folder / "a.nii", v);
      io::warning_list w;
      const auto header = io::read_nifti_header(folder / "a.nii", w);
      CHECK(w.empty());
      CHECK(header.bytes.integer(header.bytes.layout->qform_code) == 1);
      for (int r = 0; r < 3; ++r) CHECK(header.geometry.axes.row[r] == v.geometry.axes.row[r]);
    }
}

TEST_CASE("a part is written like the whole volume with zeros around it, byte for byte", "[io][nifti]") {
  const test::scratch_folder folder;
  const grid g{{61, 47, 90}, {{{0.5, 0, 0.1}, {0, 0, -2}, {0, 1.5, 0}}}, {-7, 8, 9}};
  io::write_nifti(folder / "ct.nii", volume<float>(g));
  io::warning_list w;
  const auto header = io::read_nifti_header(folder / "ct.nii", w);
  const voxel_box boxes[] = {{{9, 8, 7}, {40, 30, 60}},
                             {{0, 0, 89}, {61, 47, 1}},
                             {{60, 0, 0}, {1, 47, 90}},
                             {{}, {61, 47, 90}},
                             {}};
  for (const voxel_box& box : boxes) {
    volume_part<std::uint8_t> part(g, box);
    std::uint32_t state = 1;
    for (auto& voxel : part.voxels) {  // runs give matches, noise gives literals in the compressor
      state = state * 1664525u + 1013904223u;
      voxel = (state >> 28) < 5 ? static_cast<std::uint8_t>(state >> 16) : 22;
    }
    const volume<std::uint8_t> whole = expanded<std::uint8_t>(part);
    for (const std::string end : {".nii", ".nii.gz"}) {
      io::write_nifti(folder / ("part" + end), part, header);
      io::write_nifti(folder / ("whole" + end), whole, header);
      CHECK(test::contents_of(folder / ("part" + end)) == test::contents_of(folder / ("whole" + end)));
    }
    const std::string bytes = test::contents_of(folder / "part.nii");
    REQUIRE(bytes.size() == 352 + whole.voxels.size());
    CHECK(std::equal(whole.voxels.begin(), whole.voxels.end(),
                     reinterpret_cast<const unsigned char*>(bytes.data()) + 352));
    // The same bytes as from a single call of the compressor.
    CHECK(test::contents_of(folder / "part.nii.gz") == test::gzipped(bytes));
  }
  const volume_part<std::uint8_t> other(grid{{61, 47, 91}}, {});
  require_error(error_kind::usage, "expected the size of the input",
                [&] { io::write_nifti(folder / "out.nii", other, header); });
  CHECK_FALSE(std::filesystem::exists(folder / "out.nii"));
}

TEST_CASE("output names without .nii or .nii.gz are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  require_error(error_kind::usage, ".nii or .nii.gz", [&] {
    io::write_nifti(folder / "a.nrrd", counted({1, 1, 1}));
  });
  CHECK(folder.entries() == 0);
}
