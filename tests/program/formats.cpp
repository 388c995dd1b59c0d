// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The program reads NRRD and MetaImage like NIfTI, names what other files are, and checks --mask-format.
#include "other_formats.hpp"
#include "small_fit.hpp"

using namespace diffam;
using test::run;

namespace {

/// A generated CT and its labels as NIfTI, NRRD and MetaImage.
class three_formats {
 public:
  three_formats() {
    for (const std::string name : {"p_ct", "p_truth"}) {
      const auto nifti = test::phantom() / (name + ".nii.gz");
      io::warning_list warnings;
      const auto v = io::read_volume(nifti, warnings);
      std::filesystem::copy_file(nifti, folder_ / (name + ".nii.gz"));
      test::write_nrrd(folder_ / (name + ".nrrd"), v);
      test::write_metaimage(folder_ / (name + ".mha"), v);
    }
  }
  std::string operator()(const std::string& name) const { return (folder_ / name).string(); }

 private:
  test::scratch_folder folder_;
};

}  // namespace

TEST_CASE("a fit of a CT as NRRD or MetaImage has the mask of the CT as NIfTI", "[program][formats]") {
  const three_formats path;
  io::warning_list warnings;
  const auto mask_of = [&](const std::string& input, const test::words& more) {
    auto arguments = test::fit(path("out_" + input), {"-q"}, "3");
    arguments[2] = path(input);
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto o = run(arguments);
    INFO(o.err);
    REQUIRE(o.code == 0);
    return io::read_label_volume<std::uint8_t>(path("out_" + input) + "/p_seg-vert_msk.nii.gz", warnings)
        .voxels;
  };
  const auto expected = mask_of("p_ct.nii.gz", {});
  CHECK((mask_of("p_ct.nrrd", {"--mask-format", "nrrd"}) == expected));
  CHECK((mask_of("p_ct.mha", {}) == expected));
  const std::string again = path("out_p_ct.nrrd/p_seg-vert.seg.nrrd");
  CHECK((io::read_label_volume<std::uint8_t>(again, warnings).voxels == expected));
  const auto scores = run({"eval", "-p", again, "-g", path("out_p_ct.nrrd/p_seg-vert_msk.nii.gz")});
  CHECK(scores.out.find("mean        (2)   1.0000") != std::string::npos);
  CHECK(run({"info", again}).out.find("L3 vertebra (layer 0, value 22)") != std::string::npos);
  test::require_refused(
      run({"fit", "-i", again, "-c", (test::phantom() / "p_ctd.json").string(), "-o", path("no")}), 65,
      "segmentation");
  test::require_refused(run({"fit", "-i", path("p_ct.mha"), "-c", (test::phantom() / "p_ctd.json").string(),
                             "-o", path("no"), "--mask-format", "dicom-seg"}),
                        2, "expected a CT as DICOM");
  CHECK_FALSE(std::filesystem::exists(path("no")));
}

TEST_CASE("info, find, eval and template read NRRD and MetaImage like NIfTI", "[program][formats]") {
  const three_formats path;
  const auto facts =
      [&](const std::string& file) {  // what info says of a volume, without file, format and affine
        const std::string all = run({"info", path(file)}).out;
        return all.substr(all.find("dimensions"), all.find("affine") - all.find("dimensions")) +
               all.substr(all.find("values"));
      };
  const auto found = [&](const std::string& file) {
    const std::string out = path("find_" + file);
    const auto o = run({"find", "-i", path(file), "-o", out, "-q"});
    INFO(o.err);
    REQUIRE(o.code == 0);
    return test::read_file(out + "/p_ctd.mrk.json");
  };
  const auto scores = [&](const std::string& file) {
    const auto o = run({"eval", "-p", path(file), "-g", path("p_truth.nii.gz")});
    INFO(o.err);
    return o.out;
  };
  const auto made = [&](const std::string& file) {
    const std::string out = path("mean_" + file + ".ply");
    const auto o =
        run({"template", "--from-masks", path(file), "--labels", "L3", "--vertices", "500", "-o", out});
    INFO(o.err);
    REQUIRE(o.code == 0);
    return test::read_file(out);
  };
  const std::string ct = facts("p_ct.nii.gz"), centres = found("p_ct.nii.gz"), mesh = made("p_truth.nii.gz");
  for (const std::string end : {".nrrd", ".mha"}) {
    INFO(end);
    CHECK(facts("p_ct" + end) == ct);
    CHECK(facts("p_truth" + end).find("labels       21 22") != std::string::npos);
    CHECK(found("p_ct" + end) == centres);
    CHECK(scores("p_truth" + end).find("mean        (2)   1.0000") != std::string::npos);
    CHECK(made("p_truth" + end) == mesh);
  }
}

TEST_CASE("the program says what a file is that it cannot read, and what to do", "[program][formats]") {
  using namespace std::string_literals;
  const test::scratch_folder folder;
  const auto refused = [&](const std::string& contents, const std::string& what, const std::string& do_this) {
    const std::string file = (folder / "a.nii.gz").string();
    test::write_file(file, contents);
    const test::words fit{
        "fit", "-i", file, "-c", (test::phantom() / "p_ctd.json").string(), "-o", (folder / "out").string()};
    for (const auto& words :
         {test::words{"info", file}, fit, test::words{"find", "-i", file, "-o", (folder / "out").string()},
          test::words{"eval", "-p", file, "-g", file},
          test::words{"template", "--from-masks", file, "-o", (folder / "t.ply").string()}}) {
      const auto o = run(words);
      test::require_refused(o, 65, what);
      CHECK(o.err.find(do_this) != std::string::npos);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "out"));
  };
  refused("<!DOCTYPE html>", "an HTML page", "download the file again");
  refused("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer", "git lfs pull");
  refused("BZh91AY", "a bzip2 file", "bunzip2");
  refused("7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it");
  refused("\x5c\x01\0\0"s + std::string(344, '\0'), "an Analyze 7.5 header", "convert the original scan");
  refused("CDF\1", "a MINC file", "mnc2nii");
  // A mask in place of a CT.
  const auto mask = (test::phantom() / "p_truth.nii.gz").string();
  auto arguments = test::fit(folder / "out");
  arguments[2] = mask;
  test::require_refused(run(arguments), 65, "as in a label volume");
  test::require_refused(run({"find", "-i", mask, "-o", (folder / "out").string()}), 65,
                        "as in a label volume");
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
}
