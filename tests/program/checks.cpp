// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Inputs that are readable but wrong: values that are no HU, mirrored images, templates in metres. They are
// corrected or refused before a fit, in a dry run too.
#include <nlohmann/json.hpp>

#include "diffam/io/centroid_file.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/template.hpp"
#include "run_program.hpp"

using namespace diffam;
using test::run;
using words = std::vector<std::string>;

namespace {

/// A generated CT of two vertebrae, made once, with its centres.
struct made_ct {
  test::scratch_folder folder;
  volume<float> ct;
  spine::centroid_list centres;

  made_ct() {
    const auto o = run({"phantom", "-o", folder.path().string(), "--name", "p", "--levels", "L2-L3",
                        "--spacing", "2", "2", "2.5"});
    REQUIRE(o.code == 0);
    std::vector<std::string> warnings;
    ct = io::read_nifti(folder / "p_ct.nii.gz", warnings).image;
    centres = io::read_centroids(folder / "p_ctd.json", ct.geometry, warnings);
  }
};

const made_ct& made() {
  static const made_ct m;
  return m;
}

words fit(const std::filesystem::path& ct, const std::filesystem::path& centres,
          const std::filesystem::path& out, const words& more = {}) {
  words all{"fit",          "-i", ct.string(), "-c",  centres.string(), "-o", out.string(),
            "--iterations", "1",  "--samples", "500", "--modes",        "30", "-q"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// The generated CT with other values, as a file.
template <class Change>
std::filesystem::path changed(const test::scratch_folder& folder, const Change& change) {
  volume<float> v = made().ct;
  for (float& x : v.voxels) x = change(x);
  io::write_nifti(folder / "x_ct.nii", v);
  return folder / "x_ct.nii";
}

}  // namespace

TEST_CASE("values that are HU + 1024 are corrected and told", "[program]") {
  const test::scratch_folder folder;
  const auto centres = made().folder / "p_ctd.json", out = folder / "r";
  const auto ct = changed(folder, [](float x) { return x + 1024; });
  const auto o = run(fit(ct, centres, out));
  INFO(o.err);
  REQUIRE(o.code == 0);
  const auto report = nlohmann::json::parse(test::read_file(out / "report.json"));
  CHECK(report["hu_offset"] == 1024);
  CHECK(report["warnings"].dump().find("HU + 1024") != std::string::npos);
  const auto plain = run(fit(made().folder / "p_ct.nii.gz", centres, folder / "plain"));
  REQUIRE(plain.code == 0);
  CHECK(test::read_file(folder / "plain/meshes/L2.ply") == test::read_file(out / "meshes/L2.ply"));

  const auto measured = [&](const std::filesystem::path& results, const std::filesystem::path& of_ct,
                            const std::string& name) {
    const auto there = folder / ("measures_of_" + name);
    const auto m = run({"measure", "-q", "-r", results.string(), "-i", of_ct.string(), "-o", there.string()});
    INFO(m.err);
    REQUIRE(m.code == 0);
    return test::read_file(there / (name + "_measures.csv"));
  };
  const std::string of_hu = measured(folder / "plain", made().folder / "p_ct.nii.gz", "p");
  CHECK(measured(out, ct, "x") == of_hu);  // densities too
  CHECK(of_hu.find("_hu") != std::string::npos);

  const auto as_asked = run(fit(ct, centres, folder / "asked", {"--hu-offset", "1024"}));
  REQUIRE(as_asked.code == 0);
  CHECK(nlohmann::json::parse(test::read_file(folder / "asked/report.json"))["warnings"].empty());
}

TEST_CASE("values that are no HU are refused, or taken as they are where one says so", "[program]") {
  const test::scratch_folder folder;
  const auto centres = made().folder / "p_ctd.json", out = folder / "r";
  const auto ct = changed(folder, [](float x) { return (std::clamp(x, -1000.f, 1000.f) + 1000) / 2000; });
  for (const char* dry : {"--dry-run", "--overwrite"}) {
    test::require_refused(run(fit(ct, centres, out, {dry})), 65, "expected HU");
    test::require_refused(run(fit(ct, centres, out, {dry, "--hu-offset", "0"})), 65, "0..1");
  }
  CHECK(run(fit(ct, centres, out, {"--dry-run", "--hu-offset", "none"})).code == 0);
  test::require_refused(run(fit(ct, centres, out, {"--hu-offset", "many"})), 2, "--hu-offset");
  test::require_refused(run(fit(ct, centres, out, {"--window-low", "700"})), 2, "window");
  test::require_refused(run({"find", "-i", ct.string(), "-o", out.string(), "-q"}), 65, "expected HU");
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("an image that is mirrored from front to back is refused", "[program]") {
  const test::scratch_folder folder;
  volume<float> v = made().ct;
  const auto n = v.geometry.size;
  for (index_t k = 0; k < n[2]; ++k)
    for (index_t j = 0; j < n[1]; ++j)
      for (index_t i = 0; i < n[0]; ++i) v.at(i, j, k) = made().ct.at(i, n[1] - 1 - j, k);
  io::write_nifti(folder / "x_ct.nii", v);
  spine::centroid_list centres = made().centres;
  for (auto& c : centres) {
    vec3<double> x = v.geometry.to_index(c.position);
    x[1] = static_cast<double>(n[1] - 1) - x[1];
    c.position = v.geometry.to_world(x);
  }
  io::write_verse_centroids(folder / "x_ctd.json", centres, v.geometry);
  test::require_refused(run(fit(folder / "x_ct.nii", folder / "x_ctd.json", folder / "r", {"--dry-run"})), 65,
                        "front to back");
}

TEST_CASE("a template in metres is refused by the check and by the fit", "[program]") {
  const test::scratch_folder folder;
  triangle_mesh<double> mesh = spine::make_template();
  for (auto& v : mesh.vertices) v *= 0.001;
  io::write_mesh(folder / "m.ply", mesh);
  const auto checked = run({"template", "--check", (folder / "m.ply").string()});
  CHECK(checked.code == 65);
  CHECK(checked.out.find("are its units metres?") != std::string::npos);
  test::require_refused(run(fit(made().folder / "p_ct.nii.gz", made().folder / "p_ctd.json", folder / "r",
                                {"-t", (folder / "m.ply").string()})),
                        65, "are its units metres?");
}
