// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Centre files: all formats give the same points, and wrong files are refused.
#include "two_centres.hpp"

using namespace diffam;
using test::check_two;
using test::pir_image;
using test::read;
using test::refuse;
using test::require_error;
using test::warn;

namespace {

const std::string verse_two =
    R"([{"direction": ["P", "I", "R"]}, {"label": 20, "X": 30, "Y": 10, "Z": 10}, {"label": 21, "X": 28, "Y": 40, "Z": 11}])";

std::string verse(const std::string& entries) {
  return R"([{"direction": ["P", "I", "R"]}, )" + entries + "]";
}

}  // namespace

TEST_CASE("the same two centres in every format", "[io][centroid]") {
  const test::scratch_folder folder;
  check_two(read(folder, verse_two));
  check_two(read(folder, "\xef\xbb\xbf" + verse_two));
  // The same grid turned to RAS: i' = k, j' = 99 - i, k' = 89 - j.
  check_two(read(folder, R"([{"label": "L2", "X": 11, "Y": 71, "Z": 49}, {"direction": ["R", "A", "S"]},
                             {"label": 20.0, "X": 10, "Y": 69, "Z": 79}])"));
  // TPTBox on a grid of its own: 2 mm voxels, axes y, z, x: world = (2 c + 1, 2 a + 2, 2 b + 3).
  check_two(read(folder, R"([{"direction": ["A", "S", "R"], "zoom": [2, 2, 2], "origin": [1, 2, 3],
      "rotation": [[0, 0, 1], [1, 0, 0], [0, 1, 0]], "shape": [9, 9, 9], "format": "POI", "level_one_info": "Vertebra"},
      {"L1": {"50": [9, 23.5, 14.5], "41": [0, 0, 0]}, "21": {"50": [10, 8.5, 15.5]}}])"));
  check_two(read(folder, R"([{"format": "POI_GLOBAL", "coordinate_system": "nib"},
      {"20": {"50": [30, 20, 50]}, "21": {"50": [32, 22, 20]}}])"));
  check_two(read(folder, R"([{"format": "POI_GLOBAL", "coordinate_system": "itk"},
      {"20": {"50": [-30, -20, 50]}, "21": {"50": [-32, -22, 20]}}])"));
  check_two(read(folder, R"({"markups": [{"type": "Fiducial", "controlPoints": [
      {"label": "l1 ", "position": [-30, -20, 50]}, {"label": "L2", "position": [-32, -22, 20]}]}]})"));
  check_two(
      read(folder, R"({"markups": [{"coordinateSystem": "RAS", "coordinateUnits": "mm", "controlPoints": [
      {"label": "L1", "position": [30, 20, 50]}, {"label": "L2", "position": [32, 22, 20]}]}]})"));
  check_two(
      read(folder, "# frame: world-lps\nlabel,x,y,z\r\nL1,-30,-20,50\r\n21, -32, -22, 20\r\n", "c.csv"));
  check_two(read(folder, "# frame: voxel\n\nL1,30,10,10\nL2,28,40,11", "c.CSV"));
}

TEST_CASE("coordinates are read in the frame that the caller names", "[io][centroid]") {
  const test::scratch_folder folder;
  const auto with = [&](const char* frame, const std::string& contents, const std::string& name = "c.json") {
    check_two(read(folder, contents, name, {.frame = io::parse_centroid_frame(frame)}));
  };
  const auto list = [](const char* one, const char* two) {
    return std::string(R"([{"label": 20, )") + one + R"(}, {"label": 21, )" + two + "}]";
  };
  with("voxel", list(R"("X": 30, "Y": 10, "Z": 10)", R"("X": 28, "Y": 40, "Z": 11)"));
  with("voxel-RAS", list(R"("X": 10, "Y": 69, "Z": 79)", R"("X": 11, "Y": 71, "Z": 49)"));
  // Resampled to 1 mm the third axis has twice as many steps: k = 10 is 20.
  with("voxel-PIR-1mm", list(R"("X": 30, "Y": 10, "Z": 20)", R"("X": 28, "Y": 40, "Z": 22)"));
  with("world-ras", list(R"("X": 30, "Y": 20, "Z": 50)", R"("X": 32, "Y": 22, "Z": 20)"));
  with("LPS", "20,-30,-20,50\n21,-32,-22,20\n", "c.csv");
  for (const char* wrong :
       {"", "voxel-", "voxel-PPR", "voxel-PIR-", "voxel-PIR-0mm", "voxel-PIR-xmm", "world"})
    require_error(error_kind::usage, "centroid frame: expected", [&] { io::parse_centroid_frame(wrong); });
  io::warning_list warnings;
  check_two(read(folder, verse_two, warnings, "c.json", {.frame = io::parse_centroid_frame("ras")}));
  CHECK(test::has_warning(warnings, "the frame given is not used"));
}

TEST_CASE("labels with TotalSegmentator numbers are read", "[io][centroid]") {
  const test::scratch_folder folder;
  check_two(read(folder,
                 R"([{"format": "POI_GLOBAL"}, {"31": {"50": [30, 20, 50]}, "30": {"50": [32, 22, 20]}}])",
                 "c.json", {.numbering = io::label_numbering::totalsegmentator}));
}

TEST_CASE("written centres are read back", "[io][centroid]") {
  const test::scratch_folder folder;
  const auto c = read(folder, verse_two);
  io::write_verse_centroids(folder / "a.json", c, pir_image());
  CHECK(test::contents_of(folder / "a.json") ==
        R"([{"direction":["P","I","R"]},{"label":20,"X":30.0,"Y":10.0,"Z":10.0},)"
        R"({"label":21,"X":28.0,"Y":40.0,"Z":11.0}])"
        "\n");
  io::write_slicer_markups(folder / "b.mrk.json", c);
  for (const char* name : {"a.json", "b.mrk.json"}) {
    io::warning_list w;
    check_two(io::read_centroids(folder / name, pir_image(), w));
  }
}

TEST_CASE("T13 comes between T12 and L1", "[io][centroid]") {
  const test::scratch_folder folder;
  const auto c = read(folder, "# frame: ras\nL1,30,20,20\nT13,30,20,35\nT12,30,20,50\n", "c.csv");
  REQUIRE(c.size() == 3);
  CHECK(c[0].label == 19);
  CHECK(c[1].label == 28);
  CHECK(c[2].label == 20);
}

TEST_CASE("oblique images get the letters of the closest axes", "[io][centroid]") {
  grid g = pir_image();
  CHECK(io::axis_codes_of(g).letters() == "PIR");
  g.axes = {{{0.7, 0.2, -0.6}, {0.5, -0.8, 0.3}, {0.4, 0.5, 0.8}}};
  CHECK(io::axis_codes_of(g).letters() == "RPS");
  CHECK_FALSE(io::axis_codes_from("PPR"));
  CHECK_FALSE(io::axis_codes_from("PI"));
  CHECK(io::axis_codes_from("lAs")->letters() == "LAS");
}

TEST_CASE("invalid or repeated directions are refused", "[io][centroid]") {
  const std::string point = R"({"label": 20, "X": 30, "Y": 10, "Z": 10})";
  refuse("[" + point + "]", "--centroid-frame");
  refuse(verse(point + R"(, {"direction": ["P", "I", "R"]})"), "direction: expected one entry, found two");
  for (const char* d :
       {R"(["P", "P", "R"])", R"(["P", "I"])", R"(["P", "I", "X"])", "\"PIR\"", "7", "[1, 2, 3]"})
    refuse(std::string(R"([{"direction": )") + d + "}, " + point + "]", "direction: expected three letters");
}

TEST_CASE("invalid or repeated labels are refused", "[io][centroid]") {
  const auto at = [](const std::string& label, int y) {
    return "{\"label\": " + label + ", \"X\": 30, \"Y\": " + std::to_string(y) + ", \"Z\": 10}";
  };
  refuse(verse(at("20", 10) + ", " + at("20", 40)), "L1: expected one centre, found two");
  refuse(verse(at("20", 10) + ", " + at("\"L1\"", 40)), "L1: expected one centre, found two");
  for (const char* label :
       {"0", "255", "-1", "29", "\"F-1\"", "\"\"", "20.5", "1e300", "\"L9\"", "99999999999999"})
    refuse(verse(at(label, 10)), "label: expected a vertebra by name (C1 to L6) or VerSe number");
  for (const char* label : {"null", "[20]", "{}", "true"}) refuse(verse(at(label, 10)), "label");
  CHECK(warn(verse(at("20", 10) + ", " + at("26", 40)), "\"26\" cannot be fitted") == 1);
  for (const char* name : {"\"S1\"", "\"vertebrae_S1\"", "\"S1 sacral vertebra\"", "\"Cocc\""})
    CHECK(warn(verse(at("20", 10) + ", " + at(name, 40)), "cannot be fitted; ignored") == 1);
  refuse("{\"markups\": [{\"controlPoints\": [{\"label\": \"F\\n1\", \"position\": [1, 2, 3]}]}]}",
         "\"F?1\"");
}

TEST_CASE("coordinates that are not numbers are skipped or refused", "[io][centroid]") {
  const auto x = [](const std::string& value) {
    return verse(R"({"label": 20, "X": 30, "Y": 10, "Z": 10}, {"label": 21, "X": )" + value +
                 R"(, "Y": 40, "Z": 11})");
  };
  for (const char* value : {"NaN", "null", "Infinity", "-Infinity", "-NaN"})
    CHECK(warn(x(value), "L2: is not a number; ignored") == 1);
  refuse(x("1e400"), "json: expected numbers that a double can hold");
  refuse(x("\"30\""), "X: expected a number, found \"\"30\"\"");
  refuse(x("[1]"), "X: expected a number");
  refuse(x("nan"), "json");
  refuse(verse(R"({"label": 20, "X": 30, "Y": 10})"), "expected X, Y and Z");
  refuse(verse(R"({"label": 20, "X": NaN, "Y": 10, "Z": 1})"), "centres: expected one or more, found none");
  const test::scratch_folder folder;
  io::warning_list w;  // the word NaN in a string stays
  require_error(error_kind::bad_data, "\"NaN\"",
                [&] { read(folder, verse(R"({"label": "NaN", "X": 3, "Y": 1, "Z": 1})"), w); });
}

TEST_CASE("points that cannot be one spine in this image", "[io][centroid]") {
  const auto at = [](int label, int y, int z = 10) {
    return "{\"label\": " + std::to_string(label) + ", \"X\": 30, \"Y\": " + std::to_string(y) +
           ", \"Z\": " + std::to_string(z) + "}";
  };
  CHECK(warn(verse(at(20, 10) + ", " + at(21, 40) + "," + at(22, 90)),
             "L3: is outside of the image, at voxel "
             "(30, 90, 10)") == 2);
  refuse(verse(at(20, 200)), "1 of 1 outside: is the frame right");
  refuse(verse(at(20, 10) + ", " + at(21, 90) + "," + at(22, 140)), "2 of 3 outside");
  refuse(verse(at(20, 10) + ", " + at(21, 12)), "L1 and L2: expected centres in two places");
  refuse(verse(at(20, 10) + ", " + at(22, 40) + ", " + at(21, 70)), "a turn back at L2");
  refuse(verse(at(20, 40) + ", " + at(21, 10)), "expected L1 above L2, found it below");
  CHECK(warn(verse(at(20, 40)), "only one") == 1);
  refuse("[]", "centres: expected one or more, found none");
  refuse(R"([{"direction": ["P", "I", "R"]}])", "centres: expected one or more, found none");
}

TEST_CASE("invalid, too deep or too large JSON is refused", "[io][centroid]") {
  for (const char* s : {"{", "[1, 2", "[}", "text", "[\"\\ud800\"]", "{} x", "\"unclosed", "[1]]"})
    refuse(s, "c.json");
  for (const char* s : {"{}", "3", "null", "\"PIR\"", R"({"a": 1})"})
    refuse(s, "format: expected centres of VerSe");
  for (const char* s : {"[1]", "[[]]", "[null]", "[{}]", R"([{"direction": ["P", "I", "R"]}, 5])"})
    refuse(s, "c.json");
  refuse(std::string(100000, '['), "at most 32 levels of nesting");
  refuse(std::string(100000, '[') + std::string(100000, ']'), "at most 32 levels of nesting");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  refuse(objects, "at most 32 levels of nesting");
  refuse(std::string(100'000'000, ' '), "size: expected at most 16.7 MB, found 100 MB");
}

TEST_CASE("TPTBox and Slicer files with missing parts are refused", "[io][centroid]") {
  const std::string points = R"({"L1": {"50": [9, 23.5, 14.5]}})";
  const auto poi = [&](const std::string& header) { return "[{" + header + "}, " + points + "]"; };
  const std::string rotation = R"("rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]])";
  refuse(poi(R"("format": "POI")"), "zoom: expected an entry in the header");
  refuse(poi(R"("zoom": [1, 1, 1], "origin": [0, 0, 0])"), "rotation: expected an entry");
  refuse(poi(R"("zoom": [1, 0, 1], "origin": [0, 0, 0], )" + rotation), "zoom: expected positive numbers");
  refuse(poi(R"("zoom": [1, 1, 1], "origin": [0, NaN, 0], )" + rotation), "origin: expected three numbers");
  refuse(poi(R"("zoom": [1, 1, 1], "origin": [0, 0, 0], "rotation": [[0, 0, 0], [0, 1, 0], [0, 0, 1]])"),
         "rotation: expected a rotation");
  refuse(poi(R"("format": "POI_GLOBAL", "coordinate_system": "xyz")"),
         "coordinate_system: expected nib or itk");
  refuse(R"([{"format": "POI"}])", "entries: expected a header and the points");
  refuse(R"([{"format": "POI_GLOBAL"}, {"L1": 5}])", "L1: expected an object");
  refuse(R"([{"format": "POI_GLOBAL"}, {"L1": {"50": [1, 2]}}])", "L1: expected three numbers");
  CHECK(warn(R"([{"format": "POI_GLOBAL"}, {"L1": {"50": [30, 20, 50]}, "L2": {"41": [1, 2, 3]}}])",
             "L2: has no body centre (50)") == 1);
  refuse(R"({"markups": 1})", "markups: expected a list");
  refuse(R"({"markups": [{}]})", "controlPoints");
  refuse(R"({"markups": [{"coordinateSystem": "XYZ", "controlPoints": []}]})",
         "coordinateSystem: expected LPS or RAS");
  refuse(R"({"markups": [{"coordinateUnits": "cm", "controlPoints": []}]})", "coordinateUnits: expected mm");
  refuse(R"({"markups": [{"controlPoints": []}]})", "centres: expected one or more");
  CHECK(warn(R"({"markups": [{"controlPoints": [{"label": "L1", "position": [-30, -20, 50]},
      {"label": "L2", "position": [0, 0, 0], "positionStatus": "undefined"}]}]})",
             "L2: is not a number; ignored") == 1);
}

TEST_CASE("a damaged centre file gives an error or centres, never a crash", "[io][centroid]") {
  const test::scratch_folder folder;
  const std::string slicer =
      R"({"markups": [{"type": "Fiducial", "coordinateSystem": "RAS", "controlPoints": [
      {"label": "L1", "position": [30, 20, 50]}, {"label": "L2", "position": [32, 22, 20]}]}]})";
  const std::string tptbox = R"([{"zoom": [2, 2, 2], "origin": [1, 2, 3], "rotation": [[0, 0, 1], [1, 0, 0],
      [0, 1, 0]], "format": "POI"}, {"L1": {"50": [9, 23.5, 14.5]}, "21": {"50": [10, 8.5, 15.5]}}])";
  int refused = 0;
  for (std::uint64_t n = 0; n < 9000; ++n) {
    const std::string& whole = n % 3 == 0 ? verse_two : n % 3 == 1 ? slicer : tptbox;
    io::warning_list w;
    try {
      const auto centres = read(folder, test::damaged(whole, n, whole.size()), w);
      CHECK(!centres.empty());
    } catch (const error& e) {
      ++refused;
      if (e.kind() != error_kind::bad_data) FAIL(e.what());
    }
  }
  CHECK(refused > 3000);
}
