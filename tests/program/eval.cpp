// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam eval` with label volumes as other tools leave them: other storage orders, scales and numbers.
#include <nlohmann/json.hpp>

#include "diffam/io/centroid_file.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/metrics/label_surface.hpp"
#include "diffam/metrics/storage_order.hpp"
#include "run_program.hpp"

using namespace diffam;

namespace {

const grid lps{{9, 8, 12}, {{{-2, 0, 0}, {0, -2, 0}, {0, 0, 3}}}, {10, 20, 30}};

/// Two blocks, L1 above L2.
template <class T = std::uint8_t>
volume<T> blocks(const grid& g = lps, double scale = 1, double offset = 0) {
  volume<T> v(g, static_cast<T>(offset));
  for (index_t k = 2; k < 10; ++k)
    for (index_t j = 2; j < 5; ++j)
      for (index_t i = 3; i < 7; ++i) v.at(i, j, k) = static_cast<T>(scale * (k < 6 ? 21 : 20) + offset);
  return v;
}

struct comparison {
  test::scratch_folder folder;
  comparison() { io::write_nifti(folder / "p.nii", blocks()); }
  template <class T>
  test::outcome with(const volume<T>& truth) const {
    io::write_nifti(folder / "g.nii", truth);
    return test::run({"eval", "-p", (folder / "p.nii").string(), "-g", (folder / "g.nii").string()});
  }
  template <class T>
  void agrees(const volume<T>& truth, const std::string& warning) const {
    const auto o = with(truth);
    INFO(o.err << o.out);
    CHECK(o.code == 0);
    CHECK(o.out.find("mean        (2)   1.0000") != std::string::npos);
    CHECK((warning.empty() ? o.err.empty() : o.err.find(warning) != std::string::npos));
  }
  void refused(const grid& truth, const std::string& phrase) const {
    test::require_refused(with(volume<std::uint8_t>(truth, 20)), 65, phrase);
  }
};

}  // namespace

TEST_CASE("the same voxels in any storage order are compared", "[program]") {
  const comparison c;
  constexpr int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (std::size_t n = 0; n < 6; ++n) {  // every order of the axes, each with other directions
    metrics::storage_order order;
    for (int a = 0; a < 3; ++a)
      order.axis[a] = orders[n][a], order.reversed[a] = static_cast<int>(n + 1) >> a & 1;
    c.agrees(metrics::in_order(blocks(), order), "");
  }
}

TEST_CASE("volumes of different geometry are refused by what differs", "[program]") {
  const comparison c;
  grid g = lps;
  g.size[2] = 11;
  c.refused(g, "size: 9 x 8 x 12 voxels in the prediction, 9 x 8 x 11 voxels in the truth");
  g = lps;
  g.origin[1] += 0.25;
  c.refused(g,
            "place of the first voxel in mm: (10, 20, 30) in the prediction, (10, 20.25, 30) in the truth; "
            "corners lie up to 0.125 voxels apart");
  g = lps;
  g.axes(2, 2) = 3.01;
  c.refused(g, "voxel sizes in mm: (2, 2, 3) in the prediction, (2, 2, 3.01) in the truth");
  g = lps;
  g.axes(0, 2) = 0.05;
  c.refused(g, "directions of the axes");
}

TEST_CASE("labels with a scale, below 0 or above 255 are read", "[program]") {
  const comparison c;
  c.agrees(blocks<float>(lps, 1.0002), "not whole numbers, by at most 0.01; rounded");
  c.agrees(blocks<std::int16_t>(lps, 1, 0), "");
  volume<std::int16_t> odd = blocks<std::int16_t>();
  odd.voxels[0] = -1, odd.voxels[1] = 1000;
  c.agrees(odd, "2 voxels are no labels from 0 to 255 (-1 to 1000); read as 0");
  test::require_refused(c.with(blocks<float>(lps, 1.02)), 65, "expected whole numbers (labels)");
}

TEST_CASE("volumes without a vertebra in common are refused", "[program]") {
  const comparison c;
  test::require_refused(c.with(blocks(lps, 0.5)), 65,  // 10 of 20 and 21: T3
                        "expected vertebrae in common, found L1 L2 in the prediction and T3 in the truth");
  test::require_refused(c.with(blocks(lps, 0)), 65, "none in the truth");
}

TEST_CASE("VerSe's measures and vertex distances are scored on request", "[program]") {
  const comparison c;
  const auto at = [&](const char* name) { return (c.folder / name).string(); };
  const vec3<double> l1 = lps.to_world({4.5, 3, 7.5}), l2 = lps.to_world({4.5, 3, 3.5});
  io::write_verse_centroids(at("p.json"), {{20, l1 + vec3<double>{3, 0, 4}}, {21, l1}}, lps);
  io::write_verse_centroids(at("g.json"), {{20, l1}, {21, l2}}, lps);
  std::filesystem::create_directory(c.folder / "meshes");
  auto surface = metrics::label_surface(blocks(), 20);
  for (auto& v : surface.vertices) v[2] += 1;
  io::write_mesh(c.folder / "meshes/L1.ply", surface);
  std::vector<std::string> command{"eval",       "-p",        at("p.nii"), "-g",        at("p.nii"), "--json",
                                   at("s.json"), "--spacing", "1",         "--centres", at("p.json")};
  test::require_refused(test::run(command), 2, "--centres requires --true-centres");
  for (const std::string& more : {std::string("--true-centres"), at("g.json"), std::string("--meshes")})
    command.push_back(more);
  command.push_back(c.folder.path().string());  // no mesh there
  test::require_refused(test::run(command), 65, "expected meshes of the truth's vertebrae, like L1.ply");
  command.back() = at("meshes");
  const auto o = test::run(command);
  INFO(o.err << o.out);
  REQUIRE(o.code == 0);
  CHECK(o.out.find("identified: 1 of 2 vertebrae; centres off by 8.50 mm in the mean") != std::string::npos);
  const auto scores = nlohmann::json::parse(test::read_file(at("s.json")));
  CHECK(scores["spacing_mm"] == 1);
  CHECK(scores["labels"][0]["truth_ml"].get<double>() == Approx(4 * 3 * 4 * 12 / 1000.0));
  CHECK(scores["labels"][0]["centre"]["identified"] == true);
  CHECK(scores["labels"][0]["centre"]["distance_mm"].get<double>() == Approx(5).margin(0.01));
  CHECK(scores["labels"][1]["centre"]["identified"] == false);  // it is at L1
  CHECK(scores["labels"][0]["vertices"]["largest_mm"].get<double>() == Approx(1).margin(0.01));
  CHECK_FALSE(scores["labels"][1].contains("vertices"));
  CHECK(scores["labelling"]["identification_rate"] == 0.5);
}
