// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tests on real scans, masks, centres and meshes.
#include "diffam/io/centroid_file.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/mesh/check.hpp"
#include "io/scratch.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

/// The mask's label at each centre; 0 outside.
template <class T>
std::vector<int> labels_at(const spine::centroid_list& centres, const volume<T>& mask) {
  std::vector<int> out;
  for (const auto& c : centres) {
    const auto x = mask.geometry.to_index(c.position);
    out.push_back(mask.at(std::lround(x[0]), std::lround(x[1]), std::lround(x[2])));
  }
  return out;
}

}  // namespace

TEST_CASE("VerSe: each centre lies in its own vertebra", "[io][data]") {
  struct study {
    std::string mask, centres;
    std::vector<int> labels;
  };
  const std::string verse = "data/verse014_ct_L1-L5/sub-verse014", more = "data/verse_masks_only/sub-verse0";
  const study studies[] = {
      {verse + "_seg-vert_msk.nii.gz", verse + "_seg-vb_ctd.json", {20, 21, 22, 23, 24}},
      {more + "04_seg-vert_msk.nii.gz",
       more + "04_seg-subreg_ctd.json",
       {16, 17, 18, 19, 20, 21, 22, 23, 24}},
      {more + "10_seg-vert_msk.nii.gz", more + "10_seg-subreg_ctd.json", {20, 21, 22, 23, 24}}};
  for (const study& s : studies) {
    if (!test::shared_file_present(s.mask)) continue;
    INFO(s.mask);
    io::warning_list warnings;
    const auto mask = io::read_nifti_labels<std::uint8_t>(test::shared_dir() / s.mask, warnings).labels;
    const auto centres = io::read_centroids(test::shared_dir() / s.centres, mask.geometry, warnings);
    CHECK(warnings.empty());
    CHECK(labels_at(centres, mask) == s.labels);

    // Other formats, and an image with other axes, give the same points.
    const test::scratch_folder folder;
    grid turned = mask.geometry;  // axes in reverse order, the first one mirrored
    const auto& g = mask.geometry;
    for (int a = 0; a < 3; ++a) {
      turned.size[a] = g.size[2 - a];
      for (int r = 0; r < 3; ++r) turned.axes(r, a) = g.axes(r, 2 - a) * (a == 0 ? -1 : 1);
    }
    turned.origin = g.to_world({0, 0, static_cast<double>(g.size[2] - 1)});
    io::write_verse_centroids(folder / "a.json", centres, g);
    io::write_slicer_markups(folder / "b.mrk.json", centres);
    for (const char* name : {"a.json", "b.mrk.json"})
      for (const grid* image : std::initializer_list<const grid*>{&g, &turned}) {
        const auto back = io::read_centroids(folder / name, *image, warnings);
        REQUIRE(back.size() == centres.size());
        for (std::size_t i = 0; i < back.size(); ++i)
          CHECK(norm(back[i].position - centres[i].position) < 0.005);  // mm: files have three decimals
      }
  }
}

TEST_CASE("real volumes are read, and their geometry is repeated bit for bit", "[io][data]") {
  const test::scratch_folder folder;
  for (const std::string name :
       {"data/verse014_ct_L1-L5/sub-verse014_ct.nii.gz", "data/tptbox_ct_L3/sub-ct_label-22_ct.nii.gz",
        "data/totalsegmentator_3mm/example_ct.nii.gz",
        "data/verse_masks_only/sub-verse004_seg-vert_msk.nii.gz",
        "data/verse_masks_only/malekosh_sub-sample001_seg-vert_msk.nii.gz",
        "data/totalsegmentator_3mm/example_ct_totalseg_vertebrae.nii.gz"}) {
    if (!test::shared_file_present(name)) continue;
    INFO(name);
    io::warning_list warnings;
    const auto image = io::read_nifti(test::shared_dir() / name, warnings, {.require_contrast = true});
    CHECK(warnings.empty());
    const volume<std::uint8_t> labels(image.image.geometry, 7);
    io::write_nifti_labels(folder / "seg.nii.gz", labels, image.header);
    const auto back = io::read_nifti_labels(folder / "seg.nii.gz", warnings);
    const auto &in = image.header.bytes, &out = back.header.bytes;
    for (const auto& f : {in.layout->dim, in.layout->pixdim, in.layout->units, in.layout->qform_code,
                          in.layout->sform_code, in.layout->quatern, in.layout->qoffset, in.layout->srow})
      CHECK(std::equal(in.data.begin() + f.offset, in.data.begin() + f.offset + f.count * f.width,
                       out.data.begin() + f.offset));
    CHECK(back.labels.geometry.origin == image.image.geometry.origin);
  }
}

TEST_CASE("centre files of the VerSe challenge need a frame", "[io][data]") {
  const std::string name = "data/verse_masks_only/verse005_ctd.json";
  if (!test::shared_file_present(name)) return;
  const grid image{{154, 154, 295}, {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}}, {}};
  io::warning_list warnings;
  test::require_error(error_kind::bad_data, "--centroid-frame",
                      [&] { io::read_centroids(test::shared_dir() / name, image, warnings); });
  const auto centres = io::read_centroids(test::shared_dir() / name, image, warnings,
                                          {.frame = io::parse_centroid_frame("voxel-PIR-1mm")});
  CHECK(centres.size() == 5);
}

TEST_CASE("real meshes are closed and are read back from each format", "[io][data]") {
  const test::scratch_folder folder;
  for (const std::string name : {"data/templates/mean_lumbar.off", "data/clouthier_mean_L2-L5/L2.ply"}) {
    if (!test::shared_file_present(name)) continue;
    INFO(name);
    io::warning_list warnings;
    const auto mesh = io::read_mesh(test::shared_dir() / name, warnings);
    CHECK(warnings.empty());
    CHECK(check_mesh(mesh).ok());
    for (const char* out : {"a.ply", "a.obj", "a.stl"}) {
      io::write_mesh(folder / out, mesh);
      const auto back = io::read_mesh(folder / out, warnings);
      CHECK(warnings.empty());
      REQUIRE(back.vertex_count() == mesh.vertex_count());
      REQUIRE(back.face_count() == mesh.face_count());
      CHECK(check_mesh(back).ok());
      CHECK(check_mesh(back).volume == Approx(check_mesh(mesh).volume).epsilon(1e-5));
      if (out != std::string("a.stl")) CHECK(back.faces.back() == mesh.faces.back());
    }
  }
}
