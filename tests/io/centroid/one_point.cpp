// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A file that holds one point, whose label the caller knows.
#include "diffam/io/centroid_file.hpp"
#include "io/scratch.hpp"

using namespace diffam;

TEST_CASE("a file of one point has the label that is asked for, whatever its name", "[io][centroid]") {
  const test::scratch_folder folder;
  const grid image{{100, 90, 40}, {{{0, 0, 2}, {-1, 0, 0}, {0, -1, 0}}}, {10, 50, 60}};  // PIR
  const io::centroid_options l3{.frame = {}, .only = 22};
  const std::string slicer = R"({"markups": [{"coordinateSystem": "RAS", "controlPoints": [)";
  const std::string place = R"("position": [20, 10, 30])";
  for (const auto& [name, contents] : std::map<std::string, std::string>{
           {"a.mrk.json", slicer + "{" + place + "}]}]}"},
           {"b.mrk.json", slicer + R"({"label": "F-1", )" + place + "}]}]}"},
           {"c.mrk.json", slicer + R"({"label": "L1", )" + place + "}]}]}"},
           {"d.csv", "# frame: ras\nclick,20,10,30"},
           {"e.json", R"([{"direction": ["P", "I", "R"]}, {"X": 40, "Y": 30, "Z": 5}])"}}) {
    INFO(name);
    io::warning_list warnings;
    const auto c = io::read_centroids(folder.put(name, contents), image, warnings, l3);
    CHECK(warnings.empty());
    REQUIRE(c.size() == 1);
    CHECK(c[0].label == 22);
    CHECK(norm(c[0].position - vec3<double>{20, 10, 30}) < 1e-9);
  }
  io::warning_list warnings;
  const auto two = folder.put("two.csv", "# frame: ras\na,20,10,30\nb,20,10,40");
  test::require_error(error_kind::bad_data, "L3: expected one point, found two",
                      [&] { io::read_centroids(two, image, warnings, l3); });
}
