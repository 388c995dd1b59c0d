// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam template` as a user runs it: templates from masks, built-in templates, checks, and errors.
#include <nlohmann/json.hpp>

#include "diffam/io/mesh_file.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/template.hpp"
#include "run_program.hpp"

using namespace diffam;
using test::run;

namespace {

triangle_mesh<double> read(const std::filesystem::path& file) {
  std::vector<std::string> warnings;
  return io::read_mesh(file, warnings);
}

/// A generated spine of three lumbar vertebrae, with its mask and centres.
struct spine_files {
  test::scratch_folder folder;
  std::string truth = (folder / "p_truth.nii.gz").string(), centres = (folder / "p_ctd.json").string();

  spine_files() {
    const auto made = run({"phantom", "-o", folder.path().string(), "--name", "p", "--levels", "L1-L3",
                           "--spacing", "1.5", "1.5", "2"});
    REQUIRE(made.code == 0);
  }
};

}  // namespace

TEST_CASE("a template of generated masks is a closed vertebra in its frame", "[program]") {
  const spine_files f;
  const auto file = f.folder / "mean.ply";
  const std::vector<std::string> command = {"template", "--from-masks", f.truth,      "--centres",
                                            f.centres,  "--labels",     "L1-L2",      "--vertices",
                                            "1200",     "-o",           file.string()};
  const auto o = run(command);
  INFO(o.err);
  REQUIRE(o.code == 0);
  CHECK(o.out.find("2 vertebrae") != std::string::npos);
  const auto mesh = read(file);
  const auto report = check_mesh(mesh);
  CHECK(report.ok());
  CHECK(report.components == 1);
  CHECK(report.genus == 1);
  CHECK(std::abs(report.vertices - 1200) <= 24);
  vec3<double> low{99, 99, 99}, high = -low;
  for (const auto& v : mesh.vertices)
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], v[k]), high[k] = std::max(high[k], v[k]);
  CHECK(high[1] < 25);  // the body lies in front of the origin
  CHECK(low[1] < -40);  // the processes lie behind it
  CHECK(std::abs(low[0] + high[0]) < 6);
  CHECK(run({"template", "--check", file.string()}).code == 0);
  // An existing file is replaced only with --overwrite.
  test::require_refused(run(command), 73, "--overwrite");
}

TEST_CASE("templates per label share their faces", "[program]") {
  const spine_files f;
  const auto folder = f.folder / "family";
  const auto o = run({"template", "--from-masks", f.truth, "--labels", "L1-L2", "--per-label", "--vertices",
                      "800", "-o", folder.string()});
  INFO(o.err);
  REQUIRE(o.code == 0);
  const auto l1 = read(folder / "L1.ply"), l2 = read(folder / "L2.ply");
  CHECK(l1.faces == l2.faces);
  CHECK(l1.vertices != l2.vertices);
  CHECK_FALSE(std::filesystem::exists(folder / "L3.ply"));
  CHECK(run({"template", "--check", (folder / "L1.ply").string(), (folder / "L2.ply").string()}).code == 0);
}

TEST_CASE("built-in templates are written, one or several", "[program]") {
  const test::scratch_folder folder;
  const auto l3 = folder / "new" / "L3.stl";
  REQUIRE(run({"template", "--level", "L3", "-o", l3.string()}).code == 0);
  CHECK(check_mesh(read(l3)).genus == 1);
  const auto some = folder / "some";
  const auto o = run({"template", "--level", "T12-L1", "-o", some.string()});
  REQUIRE(o.code == 0);
  CHECK(read(some / "T12.ply").faces == read(some / "L1.ply").faces);
  CHECK(o.out.find("T12") != std::string::npos);
}

TEST_CASE("a folder of templates has the levels of one run", "[program]") {
  const test::scratch_folder scratch;
  const auto folder = scratch / "t";
  const auto write = [&](const std::string& levels, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"template", "--level", levels, "-o", folder.string()};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  const auto names = [&] {
    std::string all;
    for (const auto& [name, contents] : test::files_below(folder)) all += name + " ";
    return all;
  };
  REQUIRE(write("L1-L3").code == 0);
  test::write_file(folder / "notes.txt", "mine");
  test::require_refused(write("L4-L5"), 73,
                        "L1.ply: is of another run, and the levels of a folder belong together");
  REQUIRE(write("L4-L5", {"--overwrite"}).code == 0);
  CHECK(names() == ".diffam_files.json L4.ply L5.ply notes.txt ");
  test::write_file(folder / "own_T12.obj", "mine");  // not diffam's, so it has to stay
  test::require_refused(write("L4-L5", {"--overwrite"}), 73, "own_T12.obj");
  CHECK(names() == ".diffam_files.json L4.ply L5.ply notes.txt own_T12.obj ");
}

TEST_CASE("a check reports defects and sets the exit code", "[program]") {
  const test::scratch_folder folder;
  const auto checked = [&](const triangle_mesh<double>& mesh) {
    const auto file = folder / "m.ply";
    std::filesystem::remove(file);
    io::write_mesh(file, mesh);
    return run({"template", "--check", file.string()});
  };
  const triangle_mesh<double> l3 = spine::make_template();
  const auto sound = checked(l3);
  CHECK(sound.code == 0);
  CHECK(sound.out.find("verdict              good") != std::string::npos);
  const auto sphere = checked(make_icosphere(2, 20.0));
  CHECK(sphere.code == 0);
  CHECK(sphere.out.find("genus                0; a vertebra with its canal has 1") != std::string::npos);

  auto bad = l3;
  bad.faces.pop_back();
  const auto open = checked(bad);
  CHECK(open.code == 65);
  CHECK(open.out.find("3 boundary edges") != std::string::npos);
  bad = l3;
  for (face& t : bad.faces) std::swap(t[1], t[2]);
  CHECK(checked(bad).code == 65);
  bad = l3;
  for (auto& v : bad.vertices) v[1] += 120;
  CHECK(checked(bad).out.find("mm outside of the mesh") != std::string::npos);
  bad = l3;
  bad.vertices[0] = bad.vertices[0] * -1.0;
  const auto crossing = checked(bad);
  CHECK(crossing.code == 65);
  CHECK(crossing.out.find("pass through one another") != std::string::npos);

  // All files are checked. One bad file decides the exit code, and the JSON has both.
  io::write_mesh(folder / "good.ply", l3);
  const auto both = run({"template", "--check", (folder / "good.ply").string(), (folder / "m.ply").string(),
                         "--json", (folder / "c.json").string()});
  CHECK(both.code == 65);
  const auto json = nlohmann::json::parse(test::read_file(folder / "c.json"));
  REQUIRE(json.size() == 2);
  CHECK(json[0]["defects"] == "");
  CHECK(json[0]["genus"] == 1);
  CHECK(json[1]["self_intersections"].get<int>() > 0);
}

TEST_CASE("the template command refuses wrong arguments and writes nothing", "[program]") {
  const test::scratch_folder folder;
  const auto out = (folder / "o.ply").string(), mask = (folder / "m.nii").string();
  test::require_refused(run({"template"}), 2, "--from-masks");
  test::require_refused(run({"template", "--level", "L3", "--all", "-o", out}), 2, "several");
  test::require_refused(run({"template", "--level", "L3"}), 2, "-o");
  test::require_refused(run({"template", "--level", "L9", "-o", out}), 2, "L9");
  test::require_refused(run({"template", "--level", "L3", "-o", (folder / "o.txt").string()}), 2, ".ply");
  test::require_refused(run({"template", "--level", "L3", "-o", out, "--json", "x"}), 2, "--json");
  test::require_refused(run({"template", "--from-masks", mask, "-o", out}), 66, "m.nii");
  test::require_refused(run({"template", "--from-masks", mask, "--centres", "a", "b", "-o", out}), 2,
                        "as many");
  test::require_refused(run({"template", "--from-masks", mask, "--connectivity", "a.ply", "-o", out}), 2,
                        "--per-label");
  test::require_refused(run({"template", "--from-masks", mask, "-o", folder.path().string()}), 2, ".ply");
  test::require_refused(run({"template", "--from-masks", mask, "--vertices", "7", "-o", out}), 2,
                        "--vertices");
  test::require_refused(run({"template", "--check", (folder / "none.ply").string()}), 66, "none.ply");
  test::write_file(folder / "t.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 7\n");
  test::require_refused(run({"template", "--check", (folder / "t.off").string()}), 65, "t.off");
  test::write_file(mask, "not a volume");
  test::require_refused(run({"template", "--from-masks", mask, "-o", out}), 65, "m.nii");
  test::require_refused(run({"template", "--from-masks", mask, "-o", mask + "/o.ply"}), 73, "folder");
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("masks without a whole vertebra are refused", "[program]") {
  const spine_files f;
  const auto out = (f.folder / "o.ply").string();
  test::require_refused(run({"template", "--from-masks", f.truth, "--labels", "C3", "-o", out}), 65, "C3");
  CHECK_FALSE(std::filesystem::exists(out));
}
