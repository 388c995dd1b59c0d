// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The program reads NRRD and MetaImage like NIfTI, names what other files are, and checks --mask-format.
#include "run_program.hpp"

#include "diffam/io/volume_file.hpp"

using namespace diffam;
using test::run;

namespace {

/// The voxels of a volume as little-endian 16-bit numbers.
std::string int16_bytes(const volume<float>& v) {
  std::string out;
  for (const float x : v.voxels) {
    const auto n = static_cast<std::uint16_t>(static_cast<std::int16_t>(x));
    out += static_cast<char>(n & 0xff);
    out += static_cast<char>(n >> 8);
  }
  return out;
}

std::string numbers(const vec3<double>& x, double sign) {
  return std::to_string(-sign * x[0]) + "," + std::to_string(-sign * x[1]) + "," +
         std::to_string(x[2] * sign);
}

}  // namespace

TEST_CASE("a fit of a CT as NRRD or MetaImage has the mask of the CT as NIfTI", "[program][formats]") {
  const test::scratch_folder folder;
  const auto path = [&](const std::string& name) { return (folder / name).string(); };
  REQUIRE(run({"phantom", "-o", path(""), "--name", "p", "--levels", "L3-L4", "--spacing", "2,2,2"}).code ==
          0);
  io::warning_list warnings;
  const auto ct = io::read_volume(folder / "p_ct.nii.gz", warnings);
  const grid& g = ct.geometry;
  std::string size, matrix, spacing, directions;
  for (int a = 0; a < 3; ++a) {
    const vec3<double> step = transpose(g.axes).row[a], unit = (1 / norm(step)) * step;
    size += " " + std::to_string(g.size[a]);
    spacing += " " + std::to_string(norm(step));
    directions += " (" + numbers(step, 1) + ")";
    matrix += " " + std::to_string(-unit[0]) + " " + std::to_string(-unit[1]) + " " + std::to_string(unit[2]);
  }
  std::string origin = numbers(g.origin, 1);
  test::write_file(folder / "p_ct.nrrd", "NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes:" + size +
                                             "\nspace directions:" + directions +
                                             "\nendian: little\nencoding: raw\nspace origin: (" + origin +
                                             ")\n\n" + int16_bytes(ct));
  std::replace(origin.begin(), origin.end(), ',', ' ');
  test::write_file(folder / "p_ct.mha", "NDims = 3\nDimSize =" + size + "\nElementSpacing =" + spacing +
                                            "\nTransformMatrix =" + matrix + "\nOffset = " + origin +
                                            "\nElementType = MET_SHORT\nElementDataFile = LOCAL\n" +
                                            int16_bytes(ct));
  const auto mask_of = [&](const std::string& input, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{
        "fit",  "-i",           path(input), "-c", path("p_ctd.json"), "-o", path("out_" + input), "--preset",
        "fast", "--iterations", "3",         "-q"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto o = run(arguments);
    INFO(o.err);
    REQUIRE(o.code == 0);
    return io::read_label_volume<std::uint8_t>(folder / ("out_" + input) / "p_seg-vert_msk.nii.gz", warnings)
        .voxels;
  };
  const auto expected = mask_of("p_ct.nii.gz", {});
  CHECK((mask_of("p_ct.nrrd", {"--mask-format", "nrrd"}) == expected));
  CHECK((mask_of("p_ct.mha", {}) == expected));
  const auto again = folder / "out_p_ct.nrrd" / "p_seg-vert.seg.nrrd";
  CHECK((io::read_label_volume<std::uint8_t>(again, warnings).voxels == expected));
  const auto scores = run({"eval", "-p", again.string(), "-g", path("out_p_ct.nrrd/p_seg-vert_msk.nii.gz")});
  CHECK(scores.code == 0);
  CHECK(run({"info", path("p_ct.nrrd")}).out.find("NRRD") != std::string::npos);
  CHECK(run({"info", again.string()}).out.find("L3 vertebra (layer 0, value 22)") != std::string::npos);
  test::require_refused(run({"fit", "-i", again.string(), "-c", path("p_ctd.json"), "-o", path("no")}), 65,
                        "segmentation");
  test::require_refused(run({"fit", "-i", path("p_ct.mha"), "-c", path("p_ctd.json"), "-o", path("no"),
                             "--mask-format", "dicom-seg"}),
                        2, "expected a CT as DICOM");
  CHECK_FALSE(std::filesystem::exists(folder / "no"));
}

TEST_CASE("the program says what a file is that it cannot read", "[program][formats]") {
  const test::scratch_folder folder;
  const auto refused = [&](const std::string& contents, const std::string& phrase) {
    test::write_file(folder / "a.nii.gz", contents);
    test::require_refused(run({"info", (folder / "a.nii.gz").string()}), 65, phrase);
  };
  refused("<!DOCTYPE html>", "HTML page");
  refused("version https://git-lfs.github.com/spec/v1\n", "git lfs pull");
}
