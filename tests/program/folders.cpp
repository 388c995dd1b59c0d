// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Folders with results of earlier runs, folders in use, and centres from masks.
#include "diffam/image/label_box.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/labels.hpp"
#include "owned_folder.hpp"
#include "small_fit.hpp"

using namespace diffam;
using test::fit;
using test::phantom;
using test::run;
using test::words;

TEST_CASE("existing results are kept without --overwrite", "[program]") {
  const test::scratch_folder out;
  io::warning_list warnings;
  REQUIRE(run(fit(out / "r", {"-q"}, "1")).code == 0);
  const auto before = test::files_below(out / "r");
  test::require_refused(run(fit(out / "r", {"-q"})), 73, "--overwrite");
  CHECK(test::files_below(out / "r") == before);
  // With --overwrite, all files of the earlier run go and others stay; here the second run has L3 alone, from
  // a mask.
  test::write_file(out / "r/notes.txt", "mine");
  auto labels = io::read_nifti_labels<std::uint8_t>(phantom() / "p_truth.nii.gz", warnings);
  for (auto& voxel : labels.labels.voxels) voxel = voxel == 22 ? voxel : std::uint8_t{0};
  io::write_nifti_labels(out / "l3.nii", labels.labels, labels.header);
  auto again = fit(out / "r", {"-q", "--overwrite"}, "1");
  again[4] = (out / "l3.nii").string();
  const auto o = run(again);
  INFO(o.err);
  REQUIRE(o.code == 0);
  words names = test::expected_files;
  std::erase(names, "meshes/L2.ply");
  names.insert(names.begin() + 2, "notes.txt");
  CHECK(test::names_of(test::files_below(out / "r")) == names);
}

TEST_CASE("centres from a mask: cut vertebrae are named also with -q, one label for all is refused",
          "[program]") {
  const test::scratch_folder out;
  io::warning_list warnings;
  const auto truth = io::read_nifti_labels<std::uint8_t>(phantom() / "p_truth.nii.gz", warnings).labels;
  auto arguments = fit(out / "r", {"-q", "--dry-run"});
  arguments[4] = (out / "m.nii").string();
  const label_box upper = label_boxes(truth)[21];
  auto cut = truth;  // the image ends in the middle of L2's body
  cut.geometry.size[2] = (upper.first[2] + upper.last[2]) / 2;
  cut.voxels.resize(static_cast<std::size_t>(cut.geometry.voxel_count()));
  io::write_nifti(out / "m.nii", cut);
  const auto o = run(arguments);
  INFO(o.err);
  CHECK(o.code == 0);
  CHECK(o.out.find("vertebrae   L3 \n") != std::string::npos);
  CHECK(o.err.find("m.nii: L2: is cut by the border or too small; ignored: no result") != std::string::npos);
  CHECK(std::count(o.err.begin(), o.err.end(), '\n') == 1);
  auto one = truth;
  for (auto& voxel : one.voxels) voxel = voxel == 0 ? std::uint8_t{0} : std::uint8_t{1};
  io::write_nifti(out / "m.nii", one);
  test::require_refused(run(arguments), 65, "does each vertebra have its own label?");
}

TEST_CASE("a mask with TotalSegmentator's numbers is refused, and read with --labels totalseg", "[program]") {
  const test::scratch_folder out;
  io::warning_list warnings;
  auto labels = io::read_nifti_labels<std::uint8_t>(phantom() / "p_truth.nii.gz", warnings).labels;
  for (auto& voxel : labels.voxels)
    voxel = static_cast<std::uint8_t>(spine::to_totalsegmentator(voxel).value_or(0));
  labels.voxels[0] = 25;  // the sacrum
  const auto mask = out / "m.nii";
  io::write_nifti(mask, labels);
  auto arguments = fit(out / "r", {"-q", "--dry-run"});
  arguments[4] = mask.string();
  test::require_refused(run(arguments), 65, "found none of them, and 29, as in a mask of TotalSegmentator");
  test::require_refused(run({"template", "--from-masks", mask.string(), "-o", (out / "t.ply").string()}), 65,
                        "as in a mask of TotalSegmentator");
  arguments.insert(arguments.end(), {"--labels", "totalseg"});
  const auto o = run(arguments);
  INFO(o.err);
  CHECK(o.code == 0);
  CHECK(o.out.find("vertebrae   L2 L3 \n") != std::string::npos);
}

TEST_CASE("a second run into a folder in use is refused", "[program]") {
  const test::scratch_folder out;
  program::owned_folder folder(out / "r", "fit");
  folder.claim({});
  const auto before = test::files_below(out.path());
  test::require_refused(run(fit(out / "r", {"-q", "--overwrite"})), 73, "another run that writes to it");
  CHECK(test::files_below(out.path()) == before);
}
