// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Missing, damaged or malicious inputs give a clear one-line error and the right exit code, and no output.
#include <sys/stat.h>

#include <cstring>

#include "run_program.hpp"

using namespace diffam;
using test::run;

namespace {

/// A plain NIfTI-1 volume of 4 x 4 x 4 int16 voxels, 10 mm, RAS, some contrast.
std::string small_volume() {
  std::string f(352 + 128, '\0');
  const auto put = [&](std::size_t at, auto value) { std::memcpy(f.data() + at, &value, sizeof value); };
  put(0, std::int32_t{348});
  const std::int16_t dim[8] = {3, 4, 4, 4, 1, 1, 1, 1};
  std::memcpy(f.data() + 40, dim, sizeof dim);
  put(70, std::int16_t{4});
  put(72, std::int16_t{16});
  for (std::size_t k = 0; k < 4; ++k) put(76 + 4 * k, k == 0 ? 1.f : 10.f);
  put(108, 352.f);
  put(254, std::int16_t{1});
  for (std::size_t k = 0; k < 3; ++k) put(280 + 20 * k, 10.f);
  std::memcpy(f.data() + 344, "n+1", 4);
  for (std::size_t v = 0; v < 64; ++v) put(352 + 2 * v, static_cast<std::int16_t>(v));
  return f;
}

constexpr const char* small_centres = R"([{"direction":["R","A","S"]},{"label":22,"X":1.5,"Y":1.5,"Z":1.5}])";

struct files {
  test::scratch_folder folder;
  std::filesystem::path ct = folder / "a_ct.nii", centres = folder / "a.json", out = folder / "out";

  files() {
    test::write_file(ct, small_volume());
    test::write_file(centres, small_centres);
  }
  std::vector<std::string> fit() const {
    return {"fit", "-i", ct.string(), "-c", centres.string(), "-o", out.string(), "-q"};
  }
  /// Requires this exit code and that no file is written.
  void refused(int code, const std::string& phrase) const {
    const auto before = test::files_below(folder.path());
    test::require_refused(run(fit()), code, phrase);
    CHECK(test::files_below(folder.path()) == before);
    CHECK_FALSE(std::filesystem::exists(out));
  }
};

}  // namespace

TEST_CASE("missing inputs have exit code 66", "[program]") {
  files f;
  f.ct = f.folder / "none.nii.gz";
  f.refused(66, "none.nii.gz");
  files g;
  g.centres = g.folder / "none.json";
  g.refused(66, "none.json");
  files h;
  h.ct = h.folder.path();
  h.refused(66, "folder");
  test::require_refused(run({"info", "/nowhere/a.nii"}), 66, "/nowhere/a.nii");
  test::require_refused(run({"eval", "-p", "/nowhere/a.nii", "-g", "/nowhere/b.nii"}), 66, "/nowhere/a.nii");
}

TEST_CASE("a pipe in place of a file is refused, not waited for", "[program]") {
  files f;
  f.ct = f.folder / "pipe.nii";
  REQUIRE(mkfifo(f.ct.c_str(), 0600) == 0);
  test::require_refused(run(f.fit()), 66, "pipe");
}

TEST_CASE("damaged volumes have exit code 65", "[program]") {
  const auto damaged = [](std::size_t at, auto value) {
    files f;
    std::string bytes = small_volume();
    std::memcpy(bytes.data() + at, &value, sizeof value);
    test::write_file(f.ct, bytes);
    f.refused(65, "a_ct.nii");
  };
  damaged(0, std::int32_t{12345});  // header size
  damaged(40, std::int16_t{9});     // number of axes
  damaged(42, std::int16_t{-4});    // length of an axis
  damaged(70, std::int16_t{128});   // colours
  damaged(108, 1e30f);              // offset of the data
  damaged(280, 0.f);                // a singular map
  files f;
  test::write_file(f.ct, small_volume().substr(0, 400));
  f.refused(65, "a_ct.nii");
  test::write_file(f.ct, "");
  f.refused(65, "a_ct.nii");
  std::string flat = small_volume();
  std::fill(flat.begin() + 352, flat.end(), '\0');
  test::write_file(f.ct, flat);
  f.refused(65, "contrast");
}

TEST_CASE("invalid centres have exit code 65", "[program]") {
  const auto centres = [](const std::string& text, const std::string& phrase) {
    files f;
    test::write_file(f.centres, text);
    f.refused(65, phrase);
  };
  centres("", "a.json");
  centres("[]", "none");
  centres("{]", "a.json");
  centres(std::string(100000, '['), "a.json");
  centres(R"([{"label":22,"X":1,"Y":1,"Z":1}])", "--centroid-frame");
  centres(R"([{"direction":["R","A","S"]},{"label":99,"X":1,"Y":1,"Z":1}])", "99");
  centres(R"([{"direction":["R","A","S"]},{"label":22,"X":1,"Y":1,"Z":1},{"label":22,"X":2,"Y":1,"Z":1}])",
          "two");
  centres(R"([{"direction":["R","A","S"]},{"label":22,"X":1000,"Y":1,"Z":1}])", "inside");
  centres(R"([{"direction":["R","A","S"]},{"label":22,"X":NaN,"Y":1,"Z":1}])", "none");
  centres(R"([{"direction":["R","R","S"]},{"label":22,"X":1,"Y":1,"Z":1}])", "direction");
}

TEST_CASE("templates that are not closed surfaces have exit code 65", "[program]") {
  files f;
  const auto file = (f.folder / "t.off").string();
  auto arguments = f.fit();
  arguments.insert(arguments.end(), {"-t", file});
  test::write_file(file, "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n");
  test::require_refused(run(arguments), 65, "closed");
  test::write_file(file, "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 7\n");
  test::require_refused(run(arguments), 65, "t.off");
  test::write_file(file, "OFF\n2000000000 1 0\n");
  test::require_refused(run(arguments), 65, "t.off");
  CHECK_FALSE(std::filesystem::exists(f.out));
}

TEST_CASE("outputs that cannot be created have exit code 73", "[program]") {
  files f;
  test::write_file(f.folder / "file", "x");
  f.out = f.folder / "file";
  test::require_refused(run(f.fit()), 73, "file");
  f.out = f.folder / "file" / "below";
  test::require_refused(run(f.fit()), 73, "file");
  f.out = "/proc/diffam";
  test::require_refused(run(f.fit()), 73, "/proc");
  CHECK(test::read_file(f.folder / "file") == "x");
}

TEST_CASE("names with line breaks and colour codes keep the error on one line", "[program]") {
  files f;
  f.ct = f.folder / "a\n\033[31mb.nii";
  test::require_refused(run(f.fit()), 66, "[31mb.nii");
}
