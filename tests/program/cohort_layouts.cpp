// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The scans of data sets in all layouts, what is refused, and the parts of the group's outputs.
#include <cmath>

#include "cohort/box_plot.hpp"
#include "cohort/csv.hpp"
#include "cohort/nnunet.hpp"
#include "cohort/scans.hpp"
#include "run_program.hpp"
#include "support/thrown.hpp"

using namespace diffam;
using namespace diffam::program;
using test::kind_of;
using words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

/// Creates empty files.
void touch(const fs::path& folder, const words& names) {
  for (const auto& name : names) {
    fs::create_directories((folder / name).parent_path());
    test::write_file(folder / name, "x");
  }
}

/// One line for each scan: name, folder, and its files below the data, "-" for none.
words lines_of(const scan_list& found, const fs::path& data) {
  const auto below = [&](const fs::path& file) {
    return file.empty() ? "-" : file.lexically_relative(data).generic_string();
  };
  words lines;
  for (const auto& s : found.scans)
    lines.push_back(s.name() + " " + s.folder().generic_string() + " " + below(s.ct) + " " +
                    below(s.centres) + " " + below(s.truth));
  return lines;
}

}  // namespace

TEST_CASE("scans in the layout of VerSe", "[program][cohort]") {
  const test::scratch_folder data;
  touch(data.path(),
        {"rawdata/sub-verse004/sub-verse004_ct.nii.gz", "rawdata/sub-verse512/sub-verse512_dir-ax_ct.nii.gz",
         "derivatives/sub-verse004/sub-verse004_seg-vert_msk.nii.gz",
         "derivatives/sub-verse004/sub-verse004_seg-subreg_ctd.json",
         "derivatives/sub-verse004/sub-verse004_seg-vert_snp.png", "work/other_ct.nii.gz",
         "derivatives/sub-verse512/sub-verse512_dir-ax_seg-vb_ctd.json"});
  const scan_list found = find_scans(data.path(), data / "out");
  CHECK(found.layout == "VerSe");
  CHECK(lines_of(found, data.path()) ==
        words{"sub-verse004 sub-verse004 rawdata/sub-verse004/sub-verse004_ct.nii.gz "
              "derivatives/sub-verse004/sub-verse004_seg-subreg_ctd.json "
              "derivatives/sub-verse004/sub-verse004_seg-vert_msk.nii.gz",
              "sub-verse512_dir-ax sub-verse512/dir-ax rawdata/sub-verse512/sub-verse512_dir-ax_ct.nii.gz "
              "derivatives/sub-verse512/sub-verse512_dir-ax_seg-vb_ctd.json -"});
}

TEST_CASE("scans in BIDS, where results of diffam lie among the derivatives", "[program][cohort]") {
  const test::scratch_folder data;
  touch(data.path(),
        {"dataset_description.json", "sub-a/ses-1/ct/sub-a_ses-1_ct.nii.gz",
         "sub-a/ses-2/ct/sub-a_ses-2_ct.nii.gz", "derivatives/manual/sub-a/ses-2/sub-a_ses-2_ctd.json",
         "derivatives/diffam/sub-a/ses-1/sub-a_ses-1_ctd.json",
         "derivatives/old/sub-a/ses-1/sub-a_ses-1_ctd.json"});
  test::write_file(data / "derivatives/old/dataset_description.json",
                   R"({"GeneratedBy": [{"Name": "diffam"}]})");
  const scan_list found = find_scans(data.path(), data / "derivatives/diffam");
  CHECK(found.layout == "BIDS");
  CHECK(lines_of(found, data.path()) ==
        words{"sub-a_ses-1 sub-a/ses-1 sub-a/ses-1/ct/sub-a_ses-1_ct.nii.gz - -",
              "sub-a_ses-2 sub-a/ses-2 sub-a/ses-2/ct/sub-a_ses-2_ct.nii.gz "
              "derivatives/manual/sub-a/ses-2/sub-a_ses-2_ctd.json -"});
  cohort_arguments asked;
  asked.sessions = {"ses-2"};
  CHECK(chosen_scans(found.scans, asked).size() == 1);
  asked.participants = {"sub-a"};
  asked.sessions.clear();
  CHECK(chosen_scans(found.scans, asked).size() == 2);
  asked.participants = {"b"};
  CHECK(kind_of([&] { chosen_scans(found.scans, asked); }) == error_kind::usage);
}

TEST_CASE("scans in a folder, with files that begin alike", "[program][cohort]") {
  const test::scratch_folder data;
  touch(data.path(), {"scan_1.nii.gz", "scan_1_seg.nii.gz", "scan_1.mrk.json", "scan_12.mha",
                      "scan_12_ctd.json", "scan_12_poi.json", "notes.txt", ".hidden.nii.gz"});
  CHECK(lines_of(find_scans(data.path(), data / "out"), data.path()) ==
        words{"sub-scan1 sub-scan1 scan_1.nii.gz scan_1.mrk.json scan_1_seg.nii.gz",
              "sub-scan12 sub-scan12 scan_12.mha scan_12_ctd.json -"});
  const test::scratch_folder folders;  // one name in two folders
  touch(folders.path(), {"x/ct.nii", "x/ct_ctd.json", "y/ct.nii", "y/ct_ctd.json"});
  CHECK(lines_of(find_scans(folders.path(), folders / "out"), folders.path()) ==
        words{"sub-xct sub-xct x/ct.nii x/ct_ctd.json -", "sub-yct sub-yct y/ct.nii y/ct_ctd.json -"});
  touch(folders.path(), {"xct.nii"});
  CHECK(kind_of([&] { find_scans(folders.path(), folders / "out"); }) == error_kind::bad_data);
}

TEST_CASE("scans as folders of DICOM", "[program][cohort]") {
  const test::scratch_folder data;
  touch(data.path(), {"A1/README", "empty/notes"});
  fs::create_directories(data / "A1/series/part");
  test::write_file(data / "A1/series/part/1", std::string(128, '\0') + "DICM");
  const scan_list found = find_scans(data.path(), data / "out");
  CHECK(found.layout == "DICOM");
  CHECK(lines_of(found, data.path()) == words{"sub-A1 sub-A1 A1 - -"});
}

TEST_CASE("scans of a table", "[program][cohort]") {
  const test::scratch_folder data;
  const fs::path table = data / "scans.csv";
  test::write_file(table, "ct,subject,session,centres\r\n\"a, b.nii\",sub-7,2,c.json\r\nd_ct.nii,,,\r\n");
  CHECK(lines_of(find_scans(table, data / "out"), data.path()) ==
        words{"sub-7_ses-2 sub-7/ses-2 a, b.nii c.json -", "sub-d sub-d d_ct.nii - -"});
  for (const char* wrong : {"scan\na.nii\n", "ct,wrong\na.nii,1\n", "ct,subject\na.nii\n",
                            "ct,subject\na.nii,x y\n", "ct,subject\n,a\n", "ct\n"}) {
    test::write_file(table, wrong);
    INFO(wrong);
    CHECK(kind_of([&] { find_scans(table, data / "out"); }) == error_kind::bad_data);
  }
}

TEST_CASE("a cohort refuses what cannot be meant, in one line", "[program][cohort]") {
  const test::scratch_folder data;
  const auto refused = [&](const words& arguments, int code, const std::string& phrase) {
    words all{"cohort", "-q"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    test::require_refused(test::run(all), code, phrase);
  };
  const std::string here = data.path().string(), out = (data / "out").string();
  refused({here, out, "participant"}, 65, "expected CTs");
  refused({here + "/none", out, "group"}, 66, "none");
  refused({here, here, "participant"}, 2, "another folder");
  refused({here, out, "all"}, 2, "level");
  touch(data.path(), {"s_ct.nii", "out/dataset_description.json"});
  refused({here, out, "participant", "--participant-label", "x"}, 2, "expected one of the 1 scans");
  refused({here, out, "group"}, 73, "another data set");
  refused({here + "/s_ct.nii", out, "group"}, 65, "a table of paths");
}

TEST_CASE("fields of a table are read back as they were written", "[program][cohort]") {
  const test::scratch_folder folder;
  test::write_file(folder / "t.csv",
                   csv_line({"a", "b"}) + csv_line({"x, \"y\"", ""}) + csv_line({"1\n2", "3"}));
  const csv_table t = read_csv(folder / "t.csv");
  CHECK(t.find("b") == 1);
  CHECK(t.rows == std::vector<words>{{"x, \"y\"", ""}, {"1 2", "3"}});
}

TEST_CASE("boxes have the quartiles of their values, and whiskers within 1.5 ranges", "[program][cohort]") {
  const box b = box_of({5, 1, 2, 3, 4, 100});  // quartiles 2.25 and 4.75: whiskers within -1.5 and 8.5
  CHECK((b.first == 2.25 && b.median == 3.5 && b.third == 4.75));
  CHECK((b.low == 1 && b.high == 5));
  CHECK(b.outliers == std::vector<double>{100});
  const box one = box_of({0.5});
  CHECK((one.low == 0.5 && one.median == 0.5 && one.high == 0.5));
  scan_result r;
  CHECK(dice_plot({r}).empty());
  r.vertebrae.push_back({"L1", 20, true, 1, 0.87, 1, 1, {}, {}});
  r.vertebrae.push_back({"T12", 19, true, 1, NAN, NAN, NAN, {}, {}});
  const std::string svg = dice_plot({r});
  CHECK(svg.find(">L1<") != std::string::npos);
  CHECK(svg.find(">lumbar<") != std::string::npos);
  CHECK(svg.find(">T12<") == std::string::npos);
}

TEST_CASE("background is known between accepted neighbours, below the second one's centre",
          "[program][cohort]") {
  const auto ranges = [](std::vector<exported_vertebra> vertebrae) {
    std::vector<std::pair<double, double>> all;
    for (const auto& r : known_background(vertebrae))
      if (r.low <= r.high) all.emplace_back(r.low, r.high);
    return all;
  };
  using pairs = std::vector<std::pair<double, double>>;
  CHECK(ranges({{18, 18, 90, true}, {19, 19, 60, true}, {20, 20, 30, true}}) == pairs{{30, 60}});
  CHECK(ranges({{18, 18, 90, true}, {19, 19, 60, false}, {20, 20, 30, true}}).empty());
  CHECK(ranges({{18, 18, 90, true}, {20, 20, 30, true}}).empty());  // T12 is missing between them
  CHECK(ranges({{23, 23, 60, true}, {24, 24, 30, true}}) == pairs{{-INFINITY, 30}});  // to the feet below L5
  CHECK(ranges({{1, 1, 60, true}, {2, 2, 40, true}}) == pairs{{40, INFINITY}});
}
