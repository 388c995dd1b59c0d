// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Damaged and malicious NIfTI files give a clear one-line error, quickly and with little memory.
#include <sys/resource.h>

#include <limits>

#include "hostile_nifti.hpp"

using namespace diffam;
using test::accept;
using test::inf_f;
using test::nan_f;
using test::raw_nifti;
using test::refuse;
using test::require_error;

TEST_CASE("the unchanged file of these tests is valid", "[io][nifti]") {
  const test::scratch_folder folder;
  const auto image = accept(folder, raw_nifti().bytes());
  for (std::size_t i = 0; i < 24; ++i) CHECK(image.image.voxels[i] == static_cast<float>(i));
}

TEST_CASE("invalid NIfTI header fields are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  const auto with = [](int offset, auto value) { return raw_nifti().set(offset, value).bytes(); };
  using i16 = std::int16_t;
  refuse(folder, with(0, 347), "sizeof_hdr: expected 348 (NIfTI-1) or 540 (NIfTI-2), found 347");
  refuse(folder, with(0, 0), "sizeof_hdr");
  refuse(folder, with(raw_nifti::magic, 'x'), "magic: expected n+1, found \"x+1\"");
  refuse(folder, with(raw_nifti::magic + 1, 'i'), ".hdr/.img pair");
  for (const int axes : {-1, 0, 8, 255}) refuse(folder, with(raw_nifti::dim, i16(axes)), "dim[0]");
  refuse(folder, with(raw_nifti::dim, i16(2)), "dim[0]: expected a volume");
  refuse(folder, with(raw_nifti::dim + 2, i16(0)), "dim[1]: expected a positive length, found 0");
  refuse(folder, with(raw_nifti::dim + 6, i16(-2)), "dim[3]: expected a positive length, found -2");
  refuse(folder, with(raw_nifti::datatype, i16(128)), "RGB");
  refuse(folder, with(raw_nifti::datatype, i16(2304)), "RGBA");
  refuse(folder, with(raw_nifti::datatype, i16(32)), "complex");
  refuse(folder, with(raw_nifti::datatype, i16(3)), "datatype: expected a scalar");
  refuse(folder, with(raw_nifti::bitpix, i16(8)), "bitpix: expected 16 for datatype 4, found 8");
  for (const float offset : {nan_f, inf_f, -inf_f, 0.0f, 348.0f, 351.0f, 352.5f, -1e30f})
    refuse(folder, with(raw_nifti::vox_offset, offset), "vox_offset");
  refuse(folder, with(raw_nifti::vox_offset, 1e9f), "past the end");
  for (const float p : {0.0f, nan_f, inf_f, 1e-30f, 1e30f}) {
    refuse(folder, raw_nifti().set(raw_nifti::pixdim + 4, p).set<i16>(raw_nifti::sform_code, 0).bytes(),
           "pixdim[1]");
    accept(folder, with(raw_nifti::pixdim + 4, p), "no voxel size; the sform is used");
  }
  for (const float s : {nan_f, inf_f, -inf_f}) {  // many programs write them for: not scaled
    const auto image =
        accept(folder, raw_nifti().set(raw_nifti::slope, s).set(raw_nifti::inter, nan_f).bytes(),
               "voxels are not scaled");
    CHECK(image.image.voxels[23] == 23);
  }
  refuse(folder, with(raw_nifti::inter, nan_f), "scl_inter");
  refuse(folder, with(raw_nifti::srow, nan_f), "sform");
  refuse(folder, with(raw_nifti::srow, 0.0f), "sform: expected an invertible map");
  refuse(folder, raw_nifti().set(raw_nifti::srow + 16, -2.0f).set(raw_nifti::srow + 20, 0.0f).bytes(),
         "sform");  // the second column is zero
  refuse(folder, raw_nifti().set(raw_nifti::srow + 4, -2.0f).set(raw_nifti::srow + 20, 0.0f).bytes(),
         "singular");  // the second column repeats the first
}

TEST_CASE("several volumes are refused, a single one in four dimensions is read", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti four;
  four.set<std::int16_t>(raw_nifti::dim, 4);
  CHECK(accept(folder, four.bytes()).image.geometry.size == vec<index_t, 3>{4, 3, 2});
  four.set<std::int16_t>(raw_nifti::dim + 8, 2).data += four.data;
  refuse(folder, four.bytes(), "dim[4]: expected one volume, found 2");
}

TEST_CASE("sizes that no memory or file can hold are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti huge;
  for (int a = 1; a <= 3; ++a) huge.set<std::int16_t>(raw_nifti::dim + 2 * a, 32767);
  refuse(folder, huge.bytes(), "a file that cannot hold them");
  refuse(folder, test::gzipped(huge.bytes()), "a file that cannot hold them");

  std::string two(544, '\0');  // NIfTI-2, 2^40 voxels along each axis
  const auto set = [&](std::size_t offset, auto value) {
    std::memcpy(two.data() + offset, &value, sizeof value);
  };
  set(0, std::int32_t{540});
  two.replace(4, 8, std::string_view("n+2\0\r\n\032\n", 8));
  for (std::size_t a = 0; a < 4; ++a) set(16 + 8 * a, a == 0 ? std::int64_t{3} : std::int64_t{1} << 40);
  refuse(folder, two, "one whose size overflows");
  two[4 + 4] = '\n';  // as after a transfer that converts line ends
  refuse(folder, two, "magic");

  io::volume_options small;
  small.max_bytes = 24 * 4 - 1;
  refuse(folder, raw_nifti().bytes(), "of voxels in memory, found 4 x 3 x 2", error_kind::bad_data, small);
  const io::path file = folder.put("in.nii", raw_nifti().bytes());
  io::warning_list warnings;
  const auto header = io::read_nifti_header(file, warnings);  // of a part, only its own voxels count
  CHECK(io::read_nifti_part<float>(file, header, {{3, 2, 1}, {1, 1, 1}}, warnings, small).voxels[0] == 23);
}

TEST_CASE("units other than mm are converted", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti metres;
  metres.header[raw_nifti::units] = 1;
  for (int a = 0; a < 12; ++a) {
    float v = 0;
    std::memcpy(&v, metres.header.data() + raw_nifti::srow + 4 * a, 4);
    metres.set(raw_nifti::srow + 4 * a, v / 1000);
  }
  for (int a = 1; a <= 3; ++a) metres.set(raw_nifti::pixdim + 4 * a, 0.001f);
  CHECK(accept(folder, metres.bytes(), "metres").image.geometry.axes(2, 2) == Approx(3));
}

TEST_CASE("extensions of an invalid size are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  const auto with = [](std::int32_t size) {
    raw_nifti f;
    f.header[raw_nifti::extension] = 1;
    f.set(raw_nifti::vox_offset, 352.0f + 64.0f);
    return f.header + f.encoded(size) + std::string(60, 'e') + f.data;
  };
  for (const int size : {-1, 0, 7, 65, 1 << 30}) refuse(folder, with(size), "extension size");
  CHECK(accept(folder, with(64)).image.voxels[5] == 5);
  CHECK(accept(folder, with(60), "multiple of 16").image.voxels[5] == 5);
}

TEST_CASE("voxels that are not finite are replaced, and images without contrast are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti f;
  f.set<std::int16_t>(raw_nifti::datatype, 16).set<std::int16_t>(raw_nifti::bitpix, 32);
  const auto fill = [&](auto value) {
    f.data.clear();
    for (int i = 0; i < 24; ++i) f.append(static_cast<float>(value(i)));
  };
  fill([](int i) { return i == 3 ? nan_f : i == 7 ? inf_f : static_cast<float>(i) - 5; });
  const auto image = accept(folder, f.bytes(), "2 voxels are not finite; the lowest value, -5").image;
  CHECK(image.voxels[3] == -5);
  CHECK(image.voxels[7] == -5);
  CHECK(image.voxels[8] == 3);
  io::warning_list w;
  const auto header = io::read_nifti_header(folder / "in.nii", w);
  const auto half = io::read_nifti_part<std::int16_t>(folder / "in.nii", header, {{}, {4, 3, 2}}, w);
  CHECK(half.voxels[7] == -5);
  CHECK(half.voxels[8] == 3);
  fill([](int) { return nan_f; });
  refuse(folder, f.bytes(), "no finite voxel");
  fill([](int i) { return i < 12 ? nan_f : static_cast<float>(i); });
  accept(folder, f.bytes(), "12 voxels are not finite; the lowest value, 12");
  const auto lower = io::read_nifti_part<float>(folder / "in.nii", header, {{}, {4, 3, 1}}, w);
  CHECK(lower.voxels == std::vector<float>(12, 12.f));  // the rest of the file has finite voxels
  fill([](int) { return 7; });
  refuse(folder, f.bytes(), "all voxels equal to 7", error_kind::bad_data, {.require_contrast = true});
  accept(folder, f.bytes());
}

TEST_CASE("files that end too early or too late are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  const std::string plain = raw_nifti().bytes(), packed = test::gzipped(plain);
  refuse(folder, plain.substr(0, 3), "header");
  refuse(folder, plain.substr(0, 200), "header: expected bytes up to 348, found the end of the file at 200");
  refuse(folder, plain.substr(0, plain.size() - 1), "data");
  refuse(folder, plain + "x", "more data");
  refuse(folder, packed.substr(0, 2), "cut off");
  for (std::size_t cut = 1; cut <= 20; ++cut)
    refuse(folder, packed.substr(0, packed.size() - cut), "cut off");
  // The same where the missing part has no kept voxel.
  for (const std::string& bytes :
       {plain.substr(0, plain.size() - 1), plain + "x", packed.substr(0, packed.size() - 1), packed + "x"}) {
    const auto file = folder.put("part.nii", bytes);
    io::warning_list w;
    require_error(error_kind::bad_data, "part.nii", [&] {
      io::read_nifti_part<float>(file, io::read_nifti_header(file, w), {{}, {2, 1, 1}}, w);
    });
  }
  refuse(folder, test::gzipped(plain.substr(0, plain.size() - 1)),
         "data: expected bytes up to 400, found the end of the file at 399");
  refuse(folder, test::gzipped(plain + "x"), "more data");

  std::string wrong = packed;
  wrong[packed.size() - 8] = static_cast<char>(wrong[packed.size() - 8] ^ 1);
  refuse(folder, wrong, "incorrect data check");
  wrong = packed;
  wrong[packed.size() - 1] = 1;
  refuse(folder, wrong, "incorrect length check");
  refuse(folder, packed + "garbage", "no gzip member");
  refuse(folder, packed + std::string(10, '\0') + "x", "no gzip member");
  refuse(folder, packed + packed, "more data");
  // RFC 1952 allows several members. Block compressors write them, with an empty one at the end.
  CHECK(accept(folder,
               test::gzipped(plain.substr(0, 360)) + test::gzipped(plain.substr(360)) + test::gzipped(""))
            .image.voxels[23] == 23);
  accept(folder, packed + std::string(100, '\0'), "100 zero bytes follow");
}

TEST_CASE("inputs that are not NIfTI files are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  io::warning_list w;
  require_error(error_kind::missing_input, "a folder", [&] { io::read_nifti(folder.path(), w); });
  require_error(error_kind::missing_input, "No such file", [&] { io::read_nifti(folder / "no.nii", w); });
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  require_error(error_kind::missing_input, "a pipe", [&] { io::read_nifti(folder / "pipe", w); });
  refuse(folder, "", "an empty file");
  refuse(folder, "this is a text, no image\n", "sizeof_hdr");
}

TEST_CASE("a gzip bomb is refused before it is decompressed", "[io][nifti]") {
  const test::scratch_folder folder;
  const std::string zeros(std::size_t{64} << 20, '\0');
  const std::string bomb = test::gzipped(zeros);
  std::string many;
  for (int i = 0; i < 32; ++i) many += bomb;  // 2 GB of zeros in 2 MB
  CHECK(many.size() < (3u << 20));
  refuse(folder, many, "sizeof_hdr");
  refuse(folder, test::gzipped(raw_nifti().bytes()) + many, "more data");
  raw_nifti claims;  // 1.9 GB of voxels exist: refused by the memory limit before a byte is read
  for (int a = 1; a <= 3; ++a) claims.set<std::int16_t>(raw_nifti::dim + 2 * a, 990);
  const io::path file = folder.put("in.nii", test::gzipped(claims.header) + many);
  io::warning_list warnings;
  struct rusage before {
  }, after{};
  ::getrusage(RUSAGE_SELF, &before);
  require_error(error_kind::bad_data, "in memory",
                [&] { io::read_nifti(file, warnings, {.max_bytes = index_t{1} << 30}); });
  ::getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 10000);  // kB
}

TEST_CASE("a header that changes between two reads is noticed", "[io][nifti]") {
  const test::scratch_folder folder;
  const io::path file = folder.put("in.nii", raw_nifti().bytes());
  io::warning_list w;
  const auto header = io::read_nifti_header(file, w);
  folder.put("in.nii", raw_nifti().set(raw_nifti::slope, 2.0f).bytes());
  require_error(error_kind::bad_data, "the file has changed", [&] {
    io::read_nifti_part<float>(file, header, {{}, header.geometry.size}, w);
  });
}

TEST_CASE("a damaged NIfTI file gives an error or an image, never a crash", "[io][nifti]") {
  const test::scratch_folder folder;
  int refused = 0;
  const std::string plain = raw_nifti().bytes(), packed = test::gzipped(plain);
  for (std::uint64_t n = 0; n < 20000; ++n) {
    const io::path file = folder.put("in.nii", test::damaged(n % 4 == 0 ? packed : plain, n, 352));
    io::warning_list w;
    try {
      const auto image = io::read_nifti(file, w, {.max_bytes = 1 << 20}).image;
      CHECK(std::ssize(image.voxels) == image.geometry.voxel_count());
    } catch (const error& e) {
      ++refused;
      if (e.kind() != error_kind::bad_data) FAIL(e.what());
    }
  }
  CHECK(refused > 3000);
}
