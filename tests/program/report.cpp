// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the report's page is made of: base64, slices of the CT, JSON that no text can break out of.
#include "diffam/mesh/primitives.hpp"
#include "report/base64.hpp"
#include "report/ct_slices.hpp"
#include "small_fit.hpp"

using namespace diffam;
using namespace diffam::program;

namespace {

volume<float> sloped_ct(const vec<index_t, 3>& size, const vec3<double>& spacing) {
  grid g;
  g.size = size;
  for (int a = 0; a < 3; ++a) g.axes(a, a) = spacing[a];
  volume<float> ct(g);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n)
    ct.voxels[n] = static_cast<float>((n * 7919) % 1400) - 250;
  return ct;
}

std::vector<triangle_mesh<double>> ball_at(const vec3<double>& centre, double radius) {
  auto ball = make_icosphere<double>(2, radius);
  for (auto& v : ball.vertices) v += centre;
  return {ball};
}

}  // namespace

TEST_CASE("base64 has the vectors of RFC 4648", "[program]") {
  const auto of = [](const std::string& s) { return base64_of(s); };
  CHECK(of("") == "");
  CHECK(of("f") == "Zg==");
  CHECK(of("fo") == "Zm8=");
  CHECK(of("foo") == "Zm9v");
  CHECK(of("foob") == "Zm9vYg==");
  CHECK(of("fooba") == "Zm9vYmE=");
  CHECK(of("foobar") == "Zm9vYmFy");
  CHECK(of("\xff\xfe\xfd") == "//79");
}

TEST_CASE("slices cover the meshes within the CT, in whole blocks of JPEG", "[program]") {
  const auto ct = sloped_ct({80, 90, 100}, {1, 1, 1});
  const auto meshes = ball_at({40, 45, 90}, 20);
  const ct_slices s = slices_around(ct, meshes, 1);
  const grid& g = s.geometry;
  CHECK(g.axes(0, 0) == Approx(0.75));
  CHECK(g.origin[0] == Approx(40 - 35 + 0.375));
  CHECK(g.size[2] == 59);  // z from 55 to 99, where the CT ends
  CHECK(g.size[1] % 8 == 0);
  CHECK(s.pictures.size() == 4);  // of 16 slices
}

TEST_CASE("slices become coarser until they fit, and are the same for any number of threads", "[program]") {
  const auto ct = sloped_ct({80, 90, 100}, {1, 1, 1});
  const auto meshes = ball_at({40, 45, 50}, 20);
  const ct_slices_options small{.most_bytes = 40000};
  const ct_slices s = slices_around(ct, meshes, 1, small);
  CHECK(s.bytes() <= 40000);
  CHECK(s.geometry.axes(0, 0) > 0.75);
  CHECK(slices_around(ct, meshes, 5, small).pictures == s.pictures);
  const ct_slices few = slices_around(ct, meshes, 1, {.most_voxels = 20000});
  CHECK(few.geometry.voxel_count() < 24000);  // rows are whole blocks
}

TEST_CASE("a CT that keeps nothing near the meshes has no slices", "[program]") {
  const auto ct = sloped_ct({20, 20, 20}, {1, 1, 1});
  CHECK(slices_around(ct, ball_at({500, 0, 0}, 5), 1).pictures.empty());
  CHECK(slices_around(volume_part<float>(ct.geometry, {}), ball_at({10, 10, 10}, 5), 1).pictures.empty());
}

TEST_CASE("fit writes the report unless it is told not to", "[program]") {
  const test::scratch_folder out;
  REQUIRE(test::run(test::fit(out / "a", {"-q", "--no-3d"}, "2")).code == 0);
  const std::string page = test::read_file(out / "a/p_report.html");
  CHECK(page.find("It was left out with --no-3d.") != std::string::npos);
  CHECK(page.find("{{") == std::string::npos);
  CHECK(page.find("</html>") != std::string::npos);
  CHECK(page.find("\"seconds\"") == std::string::npos);  // equal results, equal bytes
  REQUIRE(test::run(test::fit(out / "b", {"-q", "--report", "none"}, "2")).code == 0);
  CHECK_FALSE(std::filesystem::exists(out / "b/p_report.html"));
  test::require_refused(test::run(test::fit(out / "c", {"--report", "pdf"}, "2")), 2, "--report");
}
