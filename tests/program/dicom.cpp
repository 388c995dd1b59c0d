// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The program with DICOM series: the same results as for the CT as NIfTI, a DICOM Segmentation, the list of
// series and its choice, and patient data in the DICOM Segmentation alone. Without a Python that has pydicom
// and nibabel, or without GDCM, the tests skip visibly.
#include <algorithm>

#include "diffam/io/centroid_file.hpp"
#include "other_formats.hpp"
#include "small_fit.hpp"

using namespace diffam;
using test::run;

namespace {

/// The generated CT as the series "ct", and as "ct.nii.gz" in the same storage order.
struct made_series {
  test::scratch_folder folder;
  index_t slices = 0;
  made_series() {
    const auto ct = test::phantom() / "p_ct.nii.gz";
    test::write_series(ct, folder / "ct");
    // The centres in mm, which hold for every storage order.
    io::warning_list warnings;
    const auto header = io::read_volume_header(ct, warnings);
    slices = header.geometry.size[2];
    std::string text = "# frame: world-ras\nlabel,x,y,z\n";
    for (const auto& c : io::read_centroids(test::phantom() / "p_ctd.json", header.geometry, warnings))
      text += std::to_string(c.label) + "," + std::to_string(c.position[0]) + "," +
              std::to_string(c.position[1]) + "," + std::to_string(c.position[2]) + "\n";
    test::write_file(folder / "centres.csv", text);
  }
  /// Removes the middle slice.
  void lose_a_slice() const {
    const index_t k = slices / 2;
    std::string number = std::to_string(37 * k % 101);
    number.insert(0, 3 - number.size(), '0');
    REQUIRE(std::filesystem::remove(folder / ("ct/part" + std::to_string(k % 2) + "/1_" + number)));
  }
  std::string operator()(const std::string& name) const { return (folder / name).string(); }
  /// The command of a short fit of a CT.
  test::words fit(const std::string& input, const std::string& out, const test::words& more) const {
    test::words all = test::fit((*this)(out), more, "3");
    all[2] = (*this)(input);
    all[4] = (*this)("centres.csv");
    return all;
  }
};

/// The contents of a file, decompressed where it is gzip.
std::string plain(const std::filesystem::path& file) {
  io::byte_source in(file);
  std::string out, chunk(1 << 16, '\0');
  while (const std::size_t n = in.read(chunk.data(), chunk.size())) out.append(chunk, 0, n);
  return out;
}

bool tells_secrets(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("secret") != std::string::npos || text.find("19010203") != std::string::npos;
}

}  // namespace

TEST_CASE("a DICOM series gives the results of the CT as NIfTI", "[program][formats][dicom]") {
  if (!test::can_use_dicom()) return;
  const made_series made;
  const auto mask = [&](const std::string& input, const test::words& more) {
    const auto o = run(made.fit(input, "out_" + input, more));
    INFO(o.err);
    REQUIRE(o.code == 0);
    return plain(made("out_" + input) + "/ct_seg-vert_msk.nii.gz").substr(352);
  };
  CHECK((mask("ct", {"--mask-format", "dicom-seg"}) == mask("ct.nii.gz", {})));
  const std::string seg = test::read_file(made("out_ct/ct_seg-vert.dcm"));
  CHECK(seg.substr(128, 4) == "DICM");
  CHECK(seg.find("Secret^Patient") != std::string::npos);
  const auto found = [&](const std::string& input) {
    const auto o = run({"find", "-i", made(input), "-o", made("find_" + input), "-q"});
    INFO(o.err);
    REQUIRE(o.code == 0);
    return test::read_file(made("find_" + input) + "/ct_ctd.mrk.json");
  };
  CHECK(found("ct") == found("ct.nii.gz"));
  test::require_refused(
      run({"eval", "-p", made("out_ct/ct_seg-vert.dcm"), "-g", made("out_ct/ct_seg-vert_msk.nii.gz")}), 65,
      "a segmentation: save it as NIfTI or as .seg.nrrd");
}

TEST_CASE("series are listed and chosen, and a missing slice is told", "[program][formats][dicom]") {
  if (!test::can_use_dicom()) return;
  const made_series made;
  const auto one = run({"info", made("ct")});
  CHECK(one.out.find("DICOM") != std::string::npos);
  test::write_series(test::phantom() / "p_ct.nii.gz", made.folder / "ct", 2);
  const auto list = run({"info", made("ct")});
  CHECK(list.code == 0);
  CHECK(list.out.find("  1  CT \"Spine ") != std::string::npos);
  CHECK(list.out.find("  2  CT \"Spine ") != std::string::npos);
  CHECK(list.out.find("B60s, " + std::to_string(made.slices) + " slices of") != std::string::npos);
  for (const test::words& words :
       {made.fit("ct", "out", {}), test::words{"find", "-i", made("ct"), "-o", made("out")}})
    test::require_refused(run(words), 2, "choose with --series: 1: CT \"Spine ");
  CHECK_FALSE(std::filesystem::exists(made("out")));
  CHECK(run(made.fit("ct", "out", {"--series", "2", "-q"})).code == 0);
  const std::string uid = list.out.substr(list.out.rfind(", ") + 2);  // the last line ends with it
  CHECK(run(made.fit("ct", "by_uid", {"--series", uid.substr(0, uid.find('\n')), "-q"})).code == 0);

  const made_series gap;
  gap.lose_a_slice();
  test::require_refused(run(gap.fit("ct", "out", {})), 65, "1 missing between");
  CHECK_FALSE(std::filesystem::exists(gap("out")));
  const auto filled = run(gap.fit("ct", "out", {"--fill-gaps"}));
  CHECK(filled.code == 0);
  CHECK(filled.err.find("1 are interpolated") != std::string::npos);
}

TEST_CASE("patient data go into the DICOM Segmentation alone", "[program][formats][dicom]") {
  if (!test::can_use_dicom()) return;
  const made_series made;
  std::string said;
  const auto say = [&](const test::words& words) {
    const auto o = run(words);
    said += o.out + o.err;
    return o.code;
  };
  CHECK(say({"info", made("ct")}) == 0);
  CHECK(say({"find", "-i", made("ct"), "-o", made("out_find"), "-v"}) == 0);
  CHECK(say(made.fit("ct", "out_1", {"--dry-run"})) == 0);
  CHECK(say(made.fit("ct", "out_1", {"--preview"})) == 0);
  CHECK(say(made.fit("ct", "out_2", {"--mask-format", "dicom-seg", "-v"})) == 0);
  CHECK(say(made.fit("ct", "out_3", {"--mask-format", "nrrd"})) == 0);
  CHECK(say({"measure", "-r", made("out_2"), "-i", made("ct"), "-o", made("out_4")}) == 0);
  test::write_series(test::phantom() / "p_ct.nii.gz", made.folder / "ct", 2);
  CHECK(say({"info", made("ct")}) == 0);
  CHECK(say(made.fit("ct", "out_5", {})) == 2);
  made.lose_a_slice();
  const int first = say(made.fit("ct", "out_5", {"--series", "1"})),
            second = say(made.fit("ct", "out_6", {"--series", "2"}));
  CHECK((first == 0) != (second == 0));  // their order is that of random UIDs; one has lost a slice
  CHECK_FALSE(tells_secrets(said));
  std::size_t files = 0, told = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(made.folder.path())) {
    const std::string name = entry.path().string();
    if (!entry.is_regular_file() || name.find("/out_") == std::string::npos) continue;
    INFO(name);
    ++files;
    CHECK_FALSE(tells_secrets(entry.path().filename().string()));
    const bool secret = tells_secrets(plain(entry.path()));
    told += secret ? 1 : 0;
    CHECK(secret == name.ends_with("_seg-vert.dcm"));
  }
  CHECK(files > 30);
  CHECK(told == 1);
}

TEST_CASE("a real chest as DICOM has the mask of the chest as NIfTI", "[program][dicom][real]") {
  const std::filesystem::path data = std::filesystem::path(DIFFAM_SHARED_DIR) / "data/lidc0001_chest_C7-L3";
  if (!std::filesystem::exists(data / "dicom.zip")) {
    WARN("SKIPPED: no real series in the shared folder");
    return;
  }
  if (!test::has_dicom()) return;
  const test::scratch_folder folder;
  std::string masks[2];
  for (const int n : {0, 1}) {
    const std::filesystem::path out = folder / std::to_string(n);
    const auto o = run({"fit", "-i", (data / (n == 0 ? "ct.nii.gz" : "dicom.zip")).string(), "-c",
                        (data / "ct.mrk.json").string(), "-o", out.string(), "--preset", "fast",
                        "--iterations", "5", "-q"});
    INFO(o.err);
    REQUIRE(o.code == 0);
    masks[n] = plain(out / (n == 0 ? "ct_seg-vert_msk.nii.gz" : "dicom_seg-vert_msk.nii.gz"));
  }
  CHECK((masks[0].substr(352) == masks[1].substr(352)));
}
