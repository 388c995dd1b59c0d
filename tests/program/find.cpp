// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam find` on a generated CT: its files, its pins, and its refusals.
#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>

#include "diffam/io/atomic_file.hpp"
#include "diffam/io/nifti.hpp"
#include "leg.hpp"
#include "run_program.hpp"

using namespace diffam;
using test::run;

namespace {

/// A generated CT of T11 to L3 with its centres.
class generated_spine {
 public:
  generated_spine() {
    const auto made = run({"phantom", "-o", folder_.path(), "--levels", "T11-L3", "--spacing", "1.5,1.5,2"});
    REQUIRE(made.code == 0);
  }
  std::filesystem::path ct() const { return folder_ / "phantom_ct.nii.gz"; }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  test::scratch_folder folder_;
};

nlohmann::json record(const std::filesystem::path& file) {
  return nlohmann::json::parse(test::read_file(file));
}

}  // namespace

TEST_CASE("find writes centres, a record and a picture, and a line a vertebra", "[program]") {
  const generated_spine spine;
  const auto done = run({"find", "-i", spine.ct(), "-o", spine / "out"});
  INFO(done.err);
  REQUIRE(done.code == 0);
  const auto files = test::files_below(spine / "out");
  CHECK(files.size() == 4);
  for (const std::string name :
       {"phantom_ctd.json", "phantom_ctd.mrk.json", "phantom_find.json", "phantom_find.png"})
    CHECK(files.count(name) == 1);
  const auto found = record(spine / "out/phantom_find.json");
  CHECK(found["vertebrae"].size() >= 5);
  CHECK(found["readings"].size() >= 2);
  CHECK(found["margin"].get<double>() >= 0);
  if (!found["sure"].get<bool>()) CHECK(done.err.find("--pin") != std::string::npos);

  test::require_refused(run({"find", "-i", spine.ct(), "-o", spine / "out"}), 73, "phantom_ctd.json");
  const auto again = run({"find", "-i", spine.ct(), "-o", spine / "again", "--threads", "1"});
  CHECK(again.code == 0);
  CHECK(test::files_below(spine / "again") == files);  // same bytes for any number of threads
}

TEST_CASE("a pin names a vertebra, and wrong pins are refused", "[program]") {
  const generated_spine spine;
  REQUIRE(run({"find", "-i", spine.ct(), "-o", spine / "out"}).code == 0);
  const auto place = record(spine / "out/phantom_find.json")["vertebrae"][2]["position_ras_mm"];
  const std::string at = std::to_string(place[0].get<double>()) + "," +
                         std::to_string(place[1].get<double>()) + "," +
                         std::to_string(place[2].get<double>());
  const auto pinned = run({"find", "-i", spine.ct(), "-o", spine / "pinned", "--pin", "L2=" + at});
  INFO(pinned.err);
  REQUIRE(pinned.code == 0);
  CHECK(record(spine / "pinned/phantom_find.json")["vertebrae"][2]["name"] == "L2");
  test::require_refused(run({"find", "-i", spine.ct(), "-o", spine / "x", "--pin", "L2=1,2"}), 2, "L2=1,2");
  test::require_refused(
      run({"find", "-i", spine.ct(), "-o", spine / "x", "--pin", "L2=" + at, "--pin", "L3=" + at}), 65,
      "L2 and L3");

  test::write_file(spine / "click.csv", "# frame: world-ras\nhere," + at + "\n");
  const auto clicked =
      run({"find", "-i", spine.ct(), "-o", spine / "clicked", "--pin", "L2", "-c", spine / "click.csv"});
  CHECK(clicked.code == 0);
  CHECK(test::files_below(spine / "clicked") == test::files_below(spine / "pinned"));
  test::require_refused(run({"find", "-i", spine.ct(), "-o", spine / "x", "--pin", "L2"}), 2, "-c");
  test::require_refused(run({"find", "-i", spine.ct(), "-o", spine / "x", "-c", ""}), 2, "empty");
  test::require_refused(run({"fit", "-i", spine.ct(), "-o", spine / "x", "-c", ""}), 2, "empty");
  test::require_refused(run({"fit", "-i", spine.ct(), "-o", spine / "x", "--extend"}), 2, "--extend");
  CHECK_FALSE(std::filesystem::exists(spine / "x"));
}

TEST_CASE("--extend finds the vertebrae that no centre names, and keeps the clicks", "[program]") {
  const generated_spine spine;
  const auto table = [&](const std::string& name, const std::string& lines) {
    test::write_file(spine / name, "# frame: world-ras\n" + lines);
    return (spine / name).string();
  };
  REQUIRE(run({"find", "-i", spine.ct(), "-o", spine / "out"}).code == 0);
  const auto places = record(spine / "out/phantom_find.json")["vertebrae"];
  const auto line = [&](const std::string& name, std::size_t v, double off = 0) {
    const auto& x = places[v]["position_ras_mm"];
    return name + "," + std::to_string(x[0].get<double>()) + "," + std::to_string(x[1].get<double>()) + "," +
           std::to_string(x[2].get<double>() + off) + "\n";
  };
  const std::string two = places[1]["name"], three = places[2]["name"];
  const auto extended = run({"fit", "-i", spine.ct(), "-o", spine / "fit", "--extend", "--accept-levels",
                             "--iterations", "5", "-c", table("some.csv", line(two, 1, 2) + line(three, 2))});
  INFO(extended.err);
  REQUIRE(extended.code == 0);
  const auto found = record(spine / "fit/phantom_find.json")["vertebrae"];
  CHECK(found.size() == places.size());
  CHECK(std::abs(found[1]["position_ras_mm"][2].get<double>() -
                 places[1]["position_ras_mm"][2].get<double>() - 2) < 0.01);
  test::require_refused(run({"fit", "-i", spine.ct(), "-o", spine / "x", "--extend", "-c",
                             table("swapped.csv", line(two, 1) + line(three, 3))}),
                        65, two + " above " + three);
}

TEST_CASE("fit warns of names that contradict the image, and not of sound ones", "[program]") {
  const generated_spine spine;
  const auto dry = [&](const std::string& centres) {
    return run({"fit", "-i", spine.ct(), "-o", spine / "out", "--dry-run", "-c", centres});
  };
  const auto sound = dry(spine / "phantom_ctd.json");
  CHECK(sound.code == 0);
  CHECK(sound.err.find("contradict") == std::string::npos);
  auto centres = record(spine / "phantom_ctd.json");
  for (auto& c : centres)
    if (c.contains("label")) c["label"] = c["label"].get<int>() + 1;
  test::write_file(spine / "off.json", centres.dump());
  const auto off = dry(spine / "off.json");
  CHECK(off.code == 0);
  CHECK(off.err.find("the names T12-L4 contradict the image") != std::string::npos);
}

TEST_CASE("a signal ends a search at once, and nothing is written", "[program]") {
  const generated_spine spine;
  const auto stopped =
      test::run_and_signal({"find", "-i", spine.ct(), "-o", spine / "out", "--verbose"}, "reading", SIGTERM);
  CHECK(stopped.code == 75);
  CHECK_FALSE(std::filesystem::exists(spine / "out"));
}

TEST_CASE("fit without centres finds them, and refuses existing results before it searches", "[program]") {
  const generated_spine spine;
  const auto planned = run({"fit", "-i", spine.ct(), "-o", spine / "out", "--dry-run", "--accept-levels"});
  INFO(planned.err);
  CHECK(planned.code == 0);
  CHECK_FALSE(std::filesystem::exists(spine / "out"));
  test::require_refused(run({"find", "-i", spine.ct(), "-o", spine / "x", "--pin", "L2=nan,0,0"}), 2,
                        "L2=nan");

  std::filesystem::create_directory(spine / "old");
  io::write_file(spine / "old/phantom_seg-vert_msk.nii.gz", "an earlier result");
  test::require_refused(run({"fit", "-i", spine.ct(), "-o", spine / "old", "--accept-levels"}), 73, "msk");
  CHECK(test::files_below(spine / "old").size() == 1);
}

TEST_CASE("an image without a spine is one line and exit code 65", "[program]") {
  const test::scratch_folder folder;
  io::write_nifti(folder / "knee_ct.nii.gz", test::leg());
  test::require_refused(run({"find", "-i", folder / "knee_ct.nii.gz", "-o", folder / "out"}), 65, "spine");
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  test::require_refused(run({"fit", "-i", folder / "knee_ct.nii.gz", "-o", folder / "out"}), 65, "spine");
}
