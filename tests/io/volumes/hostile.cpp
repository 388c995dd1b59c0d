// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Damaged, malicious and foreign files: one clear line each, quickly and with little memory.
#include "diffam/io/volume_file.hpp"
#include "io/scratch.hpp"

using namespace diffam;
using test::require_error;

namespace {

const std::string voxels = std::string(48, '\1');  // 4 x 3 x 2 of 16 bits
const std::string nrrd_head =
    "NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\n"
    "space directions: (1,0,0) (0,1,0) (0,0,2)\nendian: little\nencoding: raw\nspace origin: (0,0,0)\n";
const std::string meta_head =
    "ObjectType = Image\nNDims = 3\nBinaryDataByteOrderMSB = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n"
    "Offset = 0 0 0\nElementSpacing = 1 1 2\nDimSize = 4 3 2\nElementType = MET_SHORT\n";
const std::string nrrd = nrrd_head + "\n" + voxels, meta = meta_head + "ElementDataFile = LOCAL\n" + voxels;

std::string with(std::string text, const std::string& old, const std::string& by) {
  REQUIRE(text.find(old) != std::string::npos);
  return text.replace(text.find(old), old.size(), by);
}

volume<float> read(const test::scratch_folder& folder, const std::string& bytes,
                   const std::string& name = "in") {
  io::warning_list warnings;
  return io::read_volume(folder.put(name, bytes), warnings, {.intensities = true});
}

void refuse(const std::string& bytes, const std::string& phrase, const std::string& name = "in",
            error_kind kind = error_kind::bad_data) {
  const test::scratch_folder folder;
  require_error(kind, phrase, [&] { read(folder, bytes, name); });
}

}  // namespace

TEST_CASE("the unchanged files of these tests are valid", "[io][volumes]") {
  const test::scratch_folder folder;
  for (const auto& bytes : {nrrd, meta}) {
    const auto v = read(folder, bytes);
    CHECK(v.voxels == std::vector<float>(24, 257));
    CHECK(v.geometry.axes(0, 0) == -1);
    CHECK(v.geometry.axes(2, 2) == 2);
  }
}

TEST_CASE("invalid NRRD headers are refused", "[io][volumes]") {
  const auto bad = [](const char* old, const char* by, const char* phrase) {
    refuse(with(nrrd, old, by), phrase);
  };
  bad("NRRD0004", "NRRD0009", "magic");
  bad("type: short\n", "", "type: expected this field");
  bad("type: short", "type: block", "type: expected a scalar");
  bad("dimension: 3", "dimension: 2", "dimension: expected 3 to 16");
  bad("dimension: 3", "dimension: 99999999999999999999", "dimension");
  bad("sizes: 4 3 2", "sizes: 4 3", "sizes: expected 3 numbers");
  bad("sizes: 4 3 2", "sizes: 4 3 -2", "sizes: expected positive");
  bad("sizes: 4 3 2", "sizes: 4 3 2000000", "cannot hold them");
  bad("sizes: 4 3 2", "sizes: 4000000000 3000000000 2", "overflows");
  bad("sizes: 4 3 2", "sizes: 4 3 1", "more data");
  bad("(0,1,0)", "(0,1", "space directions");
  bad("(0,1,0)", "none", "sizes: expected one volume");
  bad("(0,1,0)", "(0,0,2)", "singular");
  bad("(0,1,0)", "(0,nan,0)", "space directions");
  bad("(0,1,0)", "(0,x,0)", "space directions: expected 3 numbers");
  bad("left-posterior-superior", "left-posterior-superior-time", "space");
  bad("endian: little\n", "", "endian: expected this field");
  bad("encoding: raw", "encoding: bzip2", "save the file again, with gzip");
  bad("encoding: raw", "encoding: ascii", "encoding");
  bad("encoding: raw", "encoding: gzip", "compressed data");
  bad("encoding: raw", "encoding: raw\nbyte skip: 999", "byte skip");
  refuse(with(nrrd, "encoding: raw", "encoding: raw\ndata file: none.raw"), "none.raw", "in",
         error_kind::missing_input);
  bad("type: short", "type: short\ntype: short", "twice");
  bad("type: short", "no colon", "field: value");
  refuse("NRRD0004\n" + std::string(2 << 20, 'x'), "at most 1 MiB");
}

TEST_CASE("invalid MetaImage headers are refused", "[io][volumes]") {
  const auto bad = [](const char* old, const char* by, const char* phrase) {
    refuse(with(meta, old, by), phrase);
  };
  bad("= Image", "= Tube", "ObjectType");
  bad("NDims = 3", "NDims = 2", "NDims");
  bad("DimSize = 4 3 2", "DimSize = 4 3 0", "DimSize");
  bad("DimSize = 4 3 2", "DimSize = 4 3 999999", "cannot hold them");
  bad("MET_SHORT", "MET_SHORT_ARRAY", "ElementType");
  bad("ElementSpacing = 1 1 2", "ElementSpacing = 1 0 2", "ElementSpacing");
  bad("ElementSpacing = 1 1 2", "ElementSpacing = 1 nan 2", "ElementSpacing");
  bad("1 0 0 0 1 0 0 0 1", "1 0 0 1 0 0 0 0 1", "singular");
  bad("MSB = False", "MSB = maybe", "True or False");
  bad("ElementDataFile = LOCAL\n", "", "Key = value");
  bad("= LOCAL", "= slice%03d.raw", "as one file");
  bad("= LOCAL", ("= slice%03d" + std::string(300, 'x')).c_str(), "as one file");  // no system has such names
  refuse(with(meta, "= LOCAL", "= none.raw"), "none.raw", "in", error_kind::missing_input);
  bad("NDims = 3", "NDims = 3\nCompressedData = True", "compressed data");
  bad("ObjectType", "NDims", "twice");
}

TEST_CASE("every kind of other file is named, with what to do", "[io][volumes]") {
  using namespace std::string_literals;
  refuse("<!DOCTYPE html><html></html>", "HTML page");
  refuse("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull");
  refuse("BZh91AY", "bunzip2");
  refuse("7z\xbc\xaf\x27\x1c", "7-Zip");
  refuse("\x5c\x01\0\0"s + std::string(344, '\0'), "Analyze 7.5");
  refuse("CDF\1", "mnc2nii");
  refuse("\x89HDF\r\n\x1a\n", "mnc2nii", "a.mnc");
  refuse("ply\n", "a mesh");
  refuse("{}", "JSON");
  refuse("no such thing", "another kind of file");
  refuse(std::string(128, '\0') + "DICM", "DICOM needs GDCM", "in", error_kind::missing_input);
  refuse("PK\3\4", "zip archive", "in", error_kind::missing_input);
  refuse("", "empty");
  refuse(with(nrrd, "type: short", "Segment0_Name:=L1\ntype: short"), "segmentation");
}

TEST_CASE("randomly damaged NRRD and MetaImage files never crash", "[io][volumes]") {
  const test::scratch_folder folder;
  const std::string seg = with(nrrd, "encoding", "Segment0_Name:=L1\nSegment0_LabelValue:=257\nencoding");
  for (std::uint64_t n = 0; n < 1500; ++n)
    for (const auto& bytes : {nrrd, meta, seg}) {
      const io::path file = folder.put("in", test::damaged(bytes, n, bytes.size() - voxels.size()));
      io::warning_list warnings;
      try {
        const auto in = io::open_volume(file, warnings);
        if (in->geometry().voxel_count() < 1000) io::read_labels<std::uint16_t>(*in, warnings);
      } catch (const error& e) {
        CHECK(std::string(e.what()).find('\n') == std::string::npos);
      }
    }
}

TEST_CASE("segments of a .seg.nrrd become the labels of their vertebrae", "[io][volumes]") {
  const test::scratch_folder folder;
  const std::string keys =
      "Segment0_ID:=a\nSegment0_Name:=L2 vertebra\nSegment0_Layer:=0\nSegment0_LabelValue:=1\n"
      "Segment1_Name:=vertebrae_T12\nSegment1_Layer:=1\nSegment1_LabelValue:=1\n"
      "Segment2_Name:=L1-L2 disc\nSegment2_Layer:=0\nSegment2_LabelValue:=200\n";
  std::string head =
      with(nrrd_head, "sizes: 4 3 2", "sizes: 2 4 3 2") + "kinds: list domain domain domain\n" + keys;
  head = with(with(head, "dimension: 3", "dimension: 4"), "directions: ", "directions: none ");
  std::string data(96, '\0');
  data[4 * 3] = '\1';                    // layer 0 of voxel 3
  data[4 * 5 + 2] = '\1';                // layer 1 of voxel 5
  data[4 * 7] = data[4 * 7 + 2] = '\1';  // both of voxel 7
  data[4 * 9] = '\xc8';
  io::warning_list warnings;
  const io::path file = folder.put("a.seg.nrrd", head + "\n" + data);
  const auto labels = io::read_label_volume<std::uint8_t>(file, warnings).voxels;
  CHECK((labels[3] == 21 && labels[5] == 19 && labels[7] == 19 && labels[9] == 200));
  CHECK(std::count(labels.begin(), labels.end(), 0) == 20);
  CHECK(test::has_warning(warnings, "overlap in 1 voxels"));
  const auto totalseg = [](int label) { return spine::to_totalsegmentator(label); };
  CHECK(io::read_label_volume<std::uint8_t>(file, warnings, {.label_number = totalseg}).voxels[3] == 30);
  data[4 * 9] = '\7';
  const io::path unknown = folder.put("b.seg.nrrd", head + "\n" + data);
  require_error(error_kind::bad_data, "the LabelValue of a segment",
                [&] { io::read_label_volume<std::uint8_t>(unknown, warnings); });
  const std::string floats = with(with(nrrd_head, "type: short", "type: float"), "4 3 2", "1 1 1");
  const io::path not_finite =
      folder.put("c.seg.nrrd", floats + "Segment0_Name:=L1\nSegment0_LabelValue:=1\n\n" + "\xff\xff\xff\xff");
  require_error(error_kind::bad_data, "the LabelValue of a segment",
                [&] { io::read_label_volume<std::uint8_t>(not_finite, warnings); });
}
