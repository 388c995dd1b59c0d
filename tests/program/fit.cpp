// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A whole fit of a small generated CT with the program: its outputs, equal bytes for any number of threads
// and after a stop, and errors that leave no file.
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "diffam/io/mesh_file.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/template.hpp"
#include "small_fit.hpp"

using namespace diffam;
using test::expected_files;
using test::fit;
using test::names_of;
using test::phantom;
using test::run;
using test::words;

namespace {

/// All results without the parts that differ between runs: times, threads, the iteration at which it resumed.
std::map<std::string, std::string> comparable(const std::filesystem::path& folder) {
  auto files = test::files_below(folder);
  auto report = nlohmann::json::parse(files.at("report.json"));
  for (const char* name : {"seconds", "threads", "resumed_at_iteration"}) report.erase(name);
  files["report.json"] = report.dump();
  return files;
}

/// The numbers of a CSV file; empty cells are 0.
std::vector<double> numbers_of(const std::string& csv) {
  std::vector<double> all;
  std::string cell;
  for (const char c : csv + "\n") {
    if (c != ',' && c != '\n') {
      cell += c;
      continue;
    }
    all.push_back(std::strtod(cell.c_str(), nullptr));
    cell.clear();
  }
  return all;
}

}  // namespace

TEST_CASE("phantom, fit and eval work together", "[program]") {
  const test::scratch_folder out;
  const auto o = run(fit(out / "r", {}, "40"));
  INFO(o.err);
  REQUIRE(o.code == 0);
  CHECK(o.out.find("L2") != std::string::npos);
  for (const auto& [name, contents] : test::files_below(out / "r")) CHECK_FALSE(contents.empty());
  CHECK(names_of(test::files_below(out / "r")) == expected_files);

  // Each vertex of a mesh has the number of its sub-region, after its three coordinates.
  const std::string mesh = test::read_file(out / "r/meshes/L2.ply");
  const std::size_t begin = mesh.find("end_header\n") + 11;
  CHECK(mesh.find("property uchar region\n") < begin);
  io::warning_list warnings;
  const std::size_t vertices = io::read_mesh(out / "r/meshes/L2.ply", warnings).vertices.size();
  std::set<int> regions;
  for (std::size_t v = 0; v < vertices; ++v)
    regions.insert(static_cast<unsigned char>(mesh.at(begin + 13 * v + 12)));
  CHECK(regions == std::set<int>{41, 42, 43, 44, 45, 46, 47, 48, 50});

  // The meshes in the files measure the same, but for the rounding of their vertices.
  const auto measured = run({"measure", "-q", "-r", (out / "r").string(), "-i",
                             (phantom() / "p_ct.nii.gz").string(), "-o", (out / "m").string()});
  INFO(measured.err);
  REQUIRE(measured.code == 0);
  for (const char* name : {"p_measures.csv", "p_landmarks.csv", "p_angles.csv"}) {
    INFO(name);
    const auto a = numbers_of(test::read_file(out / "r" / name)),
               b = numbers_of(test::read_file(out / "m" / name));
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i] == Approx(b[i]).margin(0.15));
  }
  REQUIRE(run({"measure", "-r", (out / "r").string()}).code == 73);  // its files exist
  REQUIRE(run({"measure", "-r", (out / "m").string()}).code == 66);  // no report

  const auto report = nlohmann::json::parse(test::read_file(out / "r/report.json"));
  CHECK(report["settings"]["iterations"] == 40);
  CHECK(report["loss_history"]["total"].size() == 40);
  CHECK(report["vertebrae"].size() == 2);
  CHECK(report["vertebrae"][0]["name"] == "L2");
  CHECK(report["vertebrae"][0]["label"] == 21);
  CHECK(report["vertebrae"][1]["mask_voxels"] > 1000);

  const auto scores =
      run({"eval", "-p", (out / "r/p_seg-vert_msk.nii.gz").string(), "-g",
           (phantom() / "p_truth.nii.gz").string(), "--json", (out / "scores.json").string()});
  INFO(scores.err << scores.out);
  REQUIRE(scores.code == 0);
  const auto json = nlohmann::json::parse(test::read_file(out / "scores.json"));
  CHECK(json["means"]["total"]["count"] == 2);
  CHECK(json["means"]["total"]["dice"] > 0.8);
  CHECK(json["means"]["total"]["surface"]["mean_mm"] < 2);

  const auto info = run({"info", (out / "r/p_seg-vert_msk.nii.gz").string()});
  CHECK(info.out.find("labels       21 22\n") != std::string::npos);
  CHECK(info.out.find("uint8") != std::string::npos);

  // The written centres can be read.
  CHECK(run({"fit", "-i", (phantom() / "p_ct.nii.gz").string(), "-c", (out / "r/p_ctd.mrk.json").string(),
             "-o", (out / "r2").string(), "--dry-run"})
            .code == 0);
}

TEST_CASE("settings of the command line reach the fit and its report", "[program]") {
  const test::scratch_folder out;
  const auto o =
      run(fit(out / "r", {"--shape-rate", "0.03", "--final-rate", "0.5", "--rising-edges", "0.25"}, "2"));
  INFO(o.err);
  REQUIRE(o.code == 0);
  const auto settings = nlohmann::json::parse(test::read_file(out / "r/report.json"))["settings"];
  CHECK(settings["shape_rate"] == 0.03);
  CHECK(settings["final_rate"] == 0.5);
  CHECK(settings["modes"] == 30);
  test::require_refused(run(fit(out / "bad", {"--final-rate", "0"}, "2")), 2, "final_rate");
}

TEST_CASE("a folder of templates gives each level its own mesh", "[program]") {
  const test::scratch_folder out;
  std::filesystem::create_directories(out / "t");
  // The mesh of L3 is 0.6 times as large as that of L2. After one iteration, without the last stage, this is
  // still so.
  triangle_mesh<double> mesh = spine::make_template({.edge_length = 3});
  io::write_mesh(out / "t/L2.ply", mesh);
  for (auto& v : mesh.vertices) v *= 0.6;
  io::write_mesh(out / "t/mean_22.ply", mesh);
  test::write_file(out / "t/notes.txt", "not a mesh");
  const auto fitted = run(fit(out / "r", {"-q", "-t", (out / "t").string(), "--surface-stage", "0"}, "1"));
  INFO(fitted.err);
  REQUIRE(fitted.code == 0);
  const auto report = nlohmann::json::parse(test::read_file(out / "r/report.json"));
  CHECK(report["inputs"]["templates"].size() == 2);
  const double ratio = report["vertebrae"][0]["mesh_volume_ml"].get<double>() /
                       report["vertebrae"][1]["mesh_volume_ml"].get<double>();
  CHECK(ratio == Approx(1 / (0.6 * 0.6 * 0.6)).epsilon(0.2));
  std::filesystem::create_directories(out / "empty");
  test::require_refused(run(fit(out / "r2", {"-q", "-t", (out / "empty").string()})), 65, "L1.ply");
}

TEST_CASE("any number of threads writes the same bytes", "[program]") {
  const test::scratch_folder out;
  const auto with_threads = [&](const char* threads) { return words{"--threads", threads, "-q"}; };
  REQUIRE(run(fit(out / "one", with_threads("1"))).code == 0);
  REQUIRE(run(fit(out / "eight", with_threads("8"))).code == 0);
  REQUIRE(run(fit(out / "other", {"--seed", "2", "-q"})).code == 0);
  CHECK(comparable(out / "one") == comparable(out / "eight"));
  CHECK(comparable(out / "one")["meshes/L2.ply"] != comparable(out / "other")["meshes/L2.ply"]);
}

TEST_CASE("a stopped and resumed run writes the same bytes as an uninterrupted one", "[program]") {
  const test::scratch_folder out;
  REQUIRE(run(fit(out / "whole", {}, "60")).code == 0);
  for (const int signal : {SIGTERM, SIGUSR1, SIGINT}) {
    const auto folder = out / std::to_string(signal);
    const auto stopped = test::run_and_signal(fit(folder, {}, "60"), "fitting", signal);
    INFO(stopped.err);
    REQUIRE(stopped.code == 75);
    CHECK(stopped.out.empty());
    CHECK(test::files_below(folder).size() == 2);  // only the checkpoint and the record of files
    test::require_refused(run(fit(folder, {"-q"}, "60")), 73, "--resume");
    test::require_refused(run(fit(folder, {"-q", "--resume"}, "61")), 65, "settings");
    const auto resumed = run(fit(folder, {"--resume"}, "60"));
    INFO(resumed.err);
    REQUIRE(resumed.code == 0);
    CHECK(comparable(folder) == comparable(out / "whole"));
  }
}

TEST_CASE("a dry run writes nothing, a preview one picture", "[program]") {
  const test::scratch_folder out;
  const auto plan = run(fit(out / "r", {"--dry-run"}));
  INFO(plan.err);
  CHECK(plan.code == 0);
  CHECK(plan.out.find("12 iterations") != std::string::npos);
  CHECK(plan.out.find("MB planned") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(out / "r"));
  REQUIRE(run(fit(out / "r", {"--preview", "-q"})).code == 0);
  CHECK(test::files_below(out / "r").size() == 2);
  CHECK(test::read_file(out / "r/p_preview.png").substr(1, 3) == "PNG");
}

TEST_CASE("an output that is an input is refused and not touched", "[program]") {
  const test::scratch_folder out;
  std::filesystem::copy_file(phantom() / "p_ct.nii.gz", out / "p_ct.nii.gz");
  std::filesystem::copy_file(phantom() / "p_ctd.json", out / "p_ctd.json");
  const auto before = test::files_below(out.path());
  test::require_refused(run({"fit", "-i", (out / "p_ct.nii.gz").string(), "-c", (out / "p_ctd.json").string(),
                             "-o", out.path().string(), "--overwrite"}),
                        2, "p_ctd.json");
  CHECK(test::files_below(out.path()) == before);
  const auto truth = (phantom() / "p_truth.nii.gz").string();
  test::require_refused(run({"eval", "-p", truth, "-g", truth, "--json", truth, "--overwrite"}), 2,
                        "p_truth");
}

TEST_CASE("the mask can have TotalSegmentator's numbers", "[program]") {
  const test::scratch_folder out;
  auto centres = nlohmann::json::parse(test::read_file(phantom() / "p_ctd.json"));
  for (auto& entry : centres)
    if (entry.contains("label")) entry["label"] = 51 - entry["label"].get<int>();
  test::write_file(out / "c.json", centres.dump());
  words arguments = fit(out / "r", {"--labels", "totalseg", "-q"});
  arguments[4] = (out / "c.json").string();
  REQUIRE(run(arguments).code == 0);
  const auto info = run({"info", (out / "r/p_seg-vert_msk.nii.gz").string()});
  CHECK(info.out.find("labels       29 30\n") != std::string::npos);
  CHECK(std::filesystem::exists(out / "r/meshes/L2.ply"));
}

TEST_CASE("one fit can use templates with different faces", "[program]") {
  const test::scratch_folder folder;
  std::filesystem::create_directory(folder / "t");
  io::write_mesh(folder / "t/L2.ply", spine::make_template({.edge_length = 3}));
  io::write_mesh(folder / "t/L3.ply", spine::make_template({.edge_length = 2.6}));
  const auto o = run(fit(folder / "r", {"-t", (folder / "t").string()}, "3"));
  INFO(o.err);
  REQUIRE(o.code == 0);
  CHECK(o.err.find("the mesh of L3 was fitted to those of L2") != std::string::npos);
  std::vector<std::string> warnings;
  CHECK(io::read_mesh(folder / "r/meshes/L2.ply", warnings).faces ==
        io::read_mesh(folder / "r/meshes/L3.ply", warnings).faces);
}
