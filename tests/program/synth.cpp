// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam synth`: images from a fit, with their masks and centres, and what it refuses.
#include "diffam/io/nifti.hpp"
#include "diffam/io/volume_file.hpp"
#include "diffam/mesh/primitives.hpp"
#include "small_fit.hpp"
#include "synth/variation.hpp"

using namespace diffam;

namespace {

const test::scratch_folder& fitted() {
  static const test::scratch_folder folder;
  static const test::outcome made = test::run(test::fit(folder.path(), {"-q", "--report", "none"}, "60"));
  INFO(made.err);
  REQUIRE(made.code == 0);
  return folder;
}

test::outcome synth(const std::filesystem::path& out, const test::words& more = {}) {
  test::words all{"synth", "-r", fitted().path().string(), "-o", out.string()};
  all.insert(all.end(), more.begin(), more.end());
  return test::run(all);
}

volume<float> image_in(const std::filesystem::path& file) {
  std::vector<std::string> warnings;
  return io::read_nifti(file, warnings).image;
}

/// Mean of an image where a mask has labels, of values up to 700 HU: a fit learns no larger ones.
double mean_in(const volume<float>& image, const volume<float>& mask) {
  double sum = 0, count = 0;
  for (std::size_t v = 0; v < image.voxels.size(); ++v)
    if (mask.voxels[v] > 0) sum += static_cast<double>(std::min(image.voxels[v], 700.0f)), ++count;
  return sum / count;
}

}  // namespace

TEST_CASE("an image from a fit has its mask, and the CT's intensities in it", "[program]") {
  const test::scratch_folder out;
  REQUIRE(synth(out / "s_ct.nii.gz", {"--threads", "1"}).code == 0);
  CHECK(test::names_of(test::files_below(out.path())) ==
        test::words{"s_ct.nii.gz", "s_ctd.json", "s_seg-vert_msk.nii.gz"});
  const auto image = image_in(out / "s_ct.nii.gz"), mask = image_in(out / "s_seg-vert_msk.nii.gz"),
             of_fit = image_in(fitted() / "p_seg-vert_msk.nii.gz"),
             ct = image_in(test::phantom() / "p_ct.nii.gz");
  CHECK(mask.voxels == of_fit.voxels);
  CHECK(mean_in(image, mask) == Approx(mean_in(ct, mask)).margin(40));
  REQUIRE(synth(out / "t_ct.nii.gz", {"--threads", "2"}).code == 0);
  CHECK(test::read_file(out / "t_ct.nii.gz") == test::read_file(out / "s_ct.nii.gz"));
}

TEST_CASE("a background stays where the vertebrae are far", "[program]") {
  const test::scratch_folder out;
  const std::string ct = (test::phantom() / "p_ct.nii.gz").string();
  REQUIRE(synth(out / "s_ct.nii.gz", {"--background", ct, "--noise", "0", "--blur", "0"}).code == 0);
  const auto image = image_in(out / "s_ct.nii.gz"), before = image_in(ct),
             mask = image_in(out / "s_seg-vert_msk.nii.gz");
  CHECK(image.voxels[0] == before.voxels[0]);
  CHECK(image.voxels.back() == before.voxels.back());
  CHECK(mean_in(image, mask) == Approx(mean_in(before, mask)).margin(40));
  const auto again = test::run({"fit", "-i", (out / "s_ct.nii.gz").string(), "-c",
                                (out / "s_ctd.json").string(), "-o", (out / "f").string(), "--dry-run"});
  CHECK(again.code == 0);  // it passes for a CT, and the centres are where its vertebrae are
  CHECK(again.err.find("warning") == std::string::npos);
  test::require_refused(synth(out / "t_ct.nii.gz", {"--background", ct, "--spacing", "1", "1", "1"}), 2,
                        "--spacing or --background");
}

TEST_CASE("an image from a fit can have other voxels, over the same field of view", "[program]") {
  const test::scratch_folder out;
  REQUIRE(synth(out / "s_ct.nii.gz", {"--spacing", "1", "2", "5"}).code == 0);
  const grid made = image_in(out / "s_ct.nii.gz").geometry,
             of_fit = image_in(fitted() / "p_seg-vert_msk.nii.gz").geometry;
  for (int a = 0; a < 3; ++a) {
    const double wide = made.spacing()[a] * static_cast<double>(made.size[a]);
    CHECK(std::abs(wide - of_fit.spacing()[a] * static_cast<double>(of_fit.size[a])) < 5);
  }
  CHECK(made.spacing()[2] == Approx(5));
  REQUIRE(synth(out / "like_ct.nii.gz", {"--like", (out / "s_ct.nii.gz").string()}).code == 0);
  CHECK(image_in(out / "like_ct.nii.gz").geometry.size == made.size);
}

TEST_CASE("a varied image shows the meshes of its mask, which moved by 3 mm at most", "[program]") {
  grid g;
  g.size = {48, 48, 48};
  const volume<float> background(g, 0);
  const std::vector<triangle_mesh<double>> meshes{[] {
    auto mesh = make_icosphere<double>(3, 12);
    for (auto& x : mesh.vertices) x += vec3<double>{24, 24, 24};
    return mesh;
  }()};
  const std::vector<int> values{7};
  const distance_curve step{{-0.01, 0.01}, {1000, 0}};
  auto v = program::draw_variation(5);
  CHECK(v.params.noise != program::draw_variation(6).params.noise);
  double moved = 0;
  for (const auto& x : meshes[0].vertices) moved = std::max(moved, norm(v.moved(x) - x));
  CHECK((moved > 0.5 && moved <= 3));
  v.params.noise = v.params.blur = v.thickness = 0, v.params.step = 0.2;
  const auto made = program::make_scan(v, meshes, values, step, background);
  const auto still = program::make_scan(meshes, values, step, g, v.params, &background);
  // Voxels where two masks, or an image and a mask, differ, as a share of the sphere.
  const auto differing = [&](const volume<float>& ct, const volume<std::uint8_t>& mask) {
    double count = 0;
    for (std::size_t n = 0; n < mask.voxels.size(); ++n)
      count += (ct.voxels[n] > 500) != (mask.voxels[n] == 7);
    return count / 7238;  // 4/3 pi 12^3
  };
  CHECK(differing(made.ct, made.mask) < 0.01);
  CHECK(differing(still.ct, made.mask) > 0.05);
  // Thick slices spread an edge along z alone, by the variance of their profile.
  v.thickness = 5;
  const auto thick = program::make_scan(v, meshes, values, step, background);
  const auto spread = [&](int axis) {
    double before = 0, after = 0;
    std::size_t n = 0;
    for (index_t k = 0; k < 48; ++k)
      for (index_t j = 0; j < 48; ++j)
        for (index_t i = 0; i < 48; ++i, ++n) {
          const double x = static_cast<double>(vec<index_t, 3>{i, j, k}[axis]) - 24;
          before += x * x * static_cast<double>(made.ct.voxels[n]);
          after += x * x * static_cast<double>(thick.ct.voxels[n]);
        }
    double sum = 0;
    for (const float hu : made.ct.voxels) sum += static_cast<double>(hu);
    return (after - before) / sum;
  };
  CHECK(spread(2) == Approx(2).margin(0.01));  // (5^2 - 1^2) / 12
  CHECK(std::abs(spread(0)) < 0.01);
  CHECK(thick.mask.voxels == made.mask.voxels);
}

TEST_CASE("an image that cannot be made is refused, and nothing is written", "[program]") {
  const test::scratch_folder out;
  test::require_refused(synth(out / "s.png"), 2, ".nii.gz");
  test::write_file(out / "s_ctd.json", "mine");
  test::require_refused(synth(out / "s_ct.nii.gz"), 73, "s_ctd.json");
  test::require_refused(test::run({"synth", "-r", out.path().string(), "-o", (out / "x_ct.nii.gz").string()}),
                        66, "report.json");
  test::write_file(out / "report.json", "{}");
  test::require_refused(test::run({"synth", "-r", out.path().string(), "-o", (out / "x_ct.nii.gz").string()}),
                        65, "report.json");
  CHECK(test::names_of(test::files_below(out.path())) == test::words{"report.json", "s_ctd.json"});
}
