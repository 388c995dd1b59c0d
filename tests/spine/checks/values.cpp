// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The review of values: a generated CT with and without air is HU; known offsets are found; other images are
// told.
#include <functional>

#include "diffam/exec/serial.hpp"
#include "diffam/io/centroid_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/checks.hpp"
#include "diffam/spine/phantom.hpp"
#include "support/golden.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

/// A chest, whose image has air and lung, and a loin, whose image is cropped to the body.
std::vector<phantom> bodies_of(const phantom_tissue& tissue) {
  std::vector<phantom> out;
  for (const auto& levels : std::vector<std::vector<int>>{{13, 14, 15}, {21, 22, 23}}) {
    phantom_params p;
    p.levels = levels;
    p.spacing = {2, 2, 2.5};
    p.noise = 40;
    p.tissue = tissue;
    out.push_back(make_phantom(exec::serial{}, p));
  }
  return out;
}
const std::vector<phantom>& bodies() {
  static const std::vector<phantom> made = bodies_of({});
  return made;
}

template <class Change>
value_review review(const phantom& ct, const Change& change, std::optional<double> subtracted = {},
                    const centroid_list* centres = nullptr) {
  volume<float> changed = ct.ct;
  for (float& v : changed.voxels) v = static_cast<float>(change(static_cast<double>(v)));
  return review_values(volume_view<float>(changed), centres != nullptr ? *centres : ct.centres, subtracted);
}

}  // namespace

TEST_CASE("HU are HU, and known offsets are found", "[spine][checks]") {
  for (const phantom& ct : bodies()) {
    const centroid_list none;
    CHECK(review(ct, [](double v) { return v; }).problem.empty());
    CHECK(review(
              ct, [](double v) { return v; }, {}, &none)
              .problem.empty());
    CHECK(review(ct, [](double v) { return v; }).offset == 0);
    CHECK(review(ct, [](double v) { return std::clamp(v, -200.0, 700.0); }).problem.empty());
    for (const double offset : {1000.0, 1024.0, 8192.0, 32768.0, -1024.0}) {
      const auto found = review(ct, [&](double v) { return v + offset; });
      INFO(offset << " " << found.problem);
      CHECK(found.problem.empty());
      CHECK(
          (found.offset == offset || found.or_offset == offset));  // fat and muscle are both 10 HU too dense
      CHECK(found.or_offset.has_value() == (std::abs(offset) < 2000));
    }
    CHECK(review(ct, [](double v) { return std::max(v + 1024, 0.0); }).problem.empty());
    const auto given = review(
        ct, [](double v) { return v + 500; }, 500.0);
    CHECK((given.problem.empty() && given.offset == 500));
    CHECK_THAT(review(
                   ct, [](double v) { return v + 1024; }, 0.0)
                   .problem,
               ContainsSubstring("seem to be HU + 1"));
  }
}

TEST_CASE("contrast agent above the end of a clipped image is no tissue", "[spine][checks]") {
  for (const phantom& body : bodies()) {
    volume<float> ct = body.ct;
    const auto n = ct.geometry.size;
    for (index_t k = 0; k < n[2]; ++k)
      for (index_t j = 0; j < n[1]; ++j)
        for (index_t i = 0; i < n[0]; ++i) {
          float& v = ct.at(i, j, k);
          const double in_front =
              ct.geometry.to_world({0, static_cast<double>(j), 0})[1] - body.centres[1].position[1];  // mm
          if (in_front > 25 && v > 0) v += 280;
          v = std::clamp(v, -160.0F, 240.0F);
        }
    CHECK(review_values(volume_view<float>(ct), body.centres).problem.empty());
  }
}

TEST_CASE("what fills an image is not air: the offset is that of the tissues", "[spine][checks]") {
  const centroid_list none;
  const auto fill = [](double hu) { return [hu](double v, std::size_t) { return v < -700 ? hu : v; }; };
  // As resampling leaves a filling of -1024, with a few lower values at the border of the body.
  const auto resampled = [](double v, std::size_t i) {
    return v >= -700 ? v : i % 997 == 0 ? -1100.0 : -1024 + static_cast<double>(i / 3 % 2);
  };
  const std::vector<std::function<double(double, std::size_t)>> fillings = {fill(-1023), fill(-1024),
                                                                            fill(-1000), resampled};
  // Patients whose fat and muscle are light or dense.
  for (const phantom_tissue& tissue :
       {phantom_tissue{.fat = -110, .muscle = 35}, phantom_tissue{.fat = -100, .muscle = 50}})
    for (const phantom& ct : bodies_of(tissue))
      for (const auto& filling : fillings)
        for (const double offset : {1000.0, 1024.0})
          for (const double least : {0.0, -3000.0})
            for (const centroid_list* centres : {&ct.centres, &none}) {
              volume<float> stored = ct.ct;
              for (std::size_t i = 0; i < stored.voxels.size(); ++i)
                stored.voxels[i] = static_cast<float>(std::max(filling(stored.voxels[i], i) + offset, least));
              const auto found = review_values(volume_view<float>(stored), *centres);
              INFO(offset << ", at least " << least << ", " << centres->size() << " centres, fat "
                          << tissue.fat << ": " << found.problem);
              CHECK(found.problem.empty());
              CHECK(found.offset == offset);
            }
}

TEST_CASE("the offset of real scans is found", "[spine][checks][data]") {
  const std::string folder = "data/verse014_ct_L1-L5/sub-verse014";
  for (const std::string& name :
       {folder + "_ct.nii.gz", std::string("data/totalsegmentator_3mm/example_ct.nii.gz"),
        std::string("data/totalseg_aorta_metal/ct.nii.gz"),
        std::string("data/tptbox_ct_L3/sub-ct_label-22_ct.nii.gz")}) {
    if (!test::shared_file_present(name)) continue;
    io::warning_list warnings;
    const volume<float> ct = io::read_nifti(test::shared_dir() / name, warnings).image;
    centroid_list centres;
    if (name.starts_with(folder))
      centres = io::read_centroids(test::shared_dir() / (folder + "_seg-vb_ctd.json"), ct.geometry, warnings);
    for (const double offset : {1000.0, 1024.0}) {
      volume<float> stored = ct;
      for (float& v : stored.voxels) v = std::max(v + static_cast<float>(offset), 0.f);
      const auto found = review_values(volume_view<float>(stored), centres);
      INFO(name << " " << offset << " " << found.problem);
      CHECK(found.problem.empty());
      CHECK(found.offset == offset);
      CHECK(found.or_offset.has_value());
    }
  }
}

TEST_CASE("HU without bone at the centres are told as such, and never shifted", "[spine][checks]") {
  const phantom& chest = bodies()[0];
  for (const vec3<double>& shift :
       {vec3<double>{-45, 10, 0}, vec3<double>{45, 10, 0}, vec3<double>{0, -75, 0}}) {
    centroid_list moved = chest.centres;
    for (auto& c : moved) c.position += shift;
    const auto found = review(
        chest, [](double v) { return v; }, {}, &moved);
    INFO(shift[0] << " " << shift[1] << ": offset " << found.offset << ", " << found.problem);
    CHECK(found.offset == 0);
    CHECK(found.no_bone);
    CHECK_THAT(found.problem, ContainsSubstring("median"));
  }
}

TEST_CASE("a whole image that is mostly air is HU", "[spine][checks]") {
  for (const phantom& ct : bodies()) {
    volume<float> wide(ct.ct.geometry, -990);  // ten times as much air, with the grain of a scanner
    wide.geometry.size[2] *= 10;
    wide.voxels.resize(static_cast<std::size_t>(wide.geometry.voxel_count()));
    for (std::size_t i = 0; i < wide.voxels.size(); ++i)
      wide.voxels[i] = static_cast<float>(-990 + static_cast<int>(i * 7 % 31) - 15);
    std::copy(ct.ct.voxels.begin(), ct.ct.voxels.end(), wide.voxels.begin());
    const value_review found = review_values(volume_view<float>(wide), {});
    INFO(found.problem);
    CHECK(found.problem.empty());
    CHECK(found.offset == 0);
  }
}

TEST_CASE("images that are no CT in HU are told", "[spine][checks]") {
  for (const phantom& ct : bodies()) {
    const auto problem = [&](const auto& change) { return review(ct, change).problem; };
    CHECK_THAT(problem([](double v) { return (std::clamp(v, -1000.0, 1000.0) + 1000) / 2000; }),
               ContainsSubstring("0..1"));
    CHECK_THAT(problem([](double v) { return std::round((std::clamp(v, -200.0, 300.0) + 200) * 0.51); }),
               ContainsSubstring("0..255"));
    CHECK_FALSE(problem([](double v) { return v + 500; }).empty());
    CHECK_FALSE(problem([](double v) { return std::clamp(100 - v, -140.0, 260.0); }).empty());
    for (const double shift : {0.0, 1024.0, 3000.0})
      CHECK_FALSE(problem([&](double v) { return shift - v; }).empty());
    for (const double gain : {0.3, 1.0, 3.0})  // fat brighter than muscle, bone and air dark
      CHECK_FALSE(problem([&](double v) {
                    return gain * (v < -500 ? 10 : v < -30 ? 600 : v < 120 ? 180 : v < 400 ? 350 : 30);
                  }).empty());
    volume<float> labels(ct.truth.geometry);
    std::copy(ct.truth.voxels.begin(), ct.truth.voxels.end(), labels.voxels.begin());
    CHECK_FALSE(review_values(volume_view<float>(labels), ct.centres).problem.empty());
  }
}

TEST_CASE("too few voxels are not judged", "[spine][checks]") {
  grid g;
  g.size = {4, 4, 4};
  const volume<float> tiny(g, 5.f);
  CHECK_FALSE(review_values(volume_view<float>(tiny), {}).judged);
}
