// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/files.md: reading and writing. Needs diffam::io.
#include <cstdio>
#include <filesystem>

#include "diffam/io/centroid_file.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/primitives.hpp"
#include "snippets.hpp"

namespace d = diffam;

void files() {
  const std::filesystem::path folder = "snippets_files";
  d::io::create_output_folder(folder);
  d::grid g;
  g.size = {20, 16, 12};
  g.origin = {-10, 5, 100};
  d::volume<std::int16_t> made(g);
  for (std::size_t i = 0; i < made.voxels.size(); ++i) made.voxels[i] = std::int16_t(i);
  d::io::write_nifti(folder / "ct.nii.gz", made);
  d::io::write_mesh(folder / "L3.ply", d::make_icosphere<double>(2, 15.0));
  d::io::write_slicer_markups(folder / "centres.mrk.json", {{22, {0, 10, 105}}});

  // [read]
  d::io::warning_list warnings;  // what is odd and not wrong, one line each
  const d::volume<float> ct = d::io::read_nifti(folder / "ct.nii.gz", warnings).image;
  const d::triangle_mesh<double> mesh = d::io::read_mesh(folder / "L3.ply", warnings);
  const auto centres = d::io::read_centroids(folder / "centres.mrk.json", ct.geometry, warnings);
  for (const auto& line : warnings) std::fprintf(stderr, "%s\n", line.c_str());
  // [/read]
  expect(ct.voxels.back() == 3839 && d::norm(ct.geometry.origin - g.origin) < 1e-4,
         "the volume is read back");
  expect(d::check_mesh(mesh).ok(), "the mesh is read back");
  expect(centres.size() == 1 && centres[0].label == 22 && centres[0].position[2] == 105, "so is the centre");

  // [write]
  d::io::write_nifti(folder / "copy.nii.gz", ct);  // float here; int16 for a volume<std::int16_t>
  d::io::write_mesh(folder / "copy.ply", mesh);    // .ply, .obj or .stl
  d::io::write_verse_centroids(folder / "centres.json", centres, ct.geometry);
  // [/write]
  const auto again = d::io::read_centroids(folder / "centres.json", ct.geometry, warnings);
  expect(d::norm(again.at(0).position - centres[0].position) < 1e-3, "VerSe's file gives the same centre");

  // [errors]
  try {
    (void)d::io::read_nifti(folder / "missing.nii.gz", warnings);
  } catch (const d::error& e) {
    std::printf("%s\n", e.what());                        // one line: file, expected, found
    if (e.kind() != d::error_kind::missing_input) throw;  // a program maps kinds to exit codes
  }
  // [/errors]
  std::filesystem::remove_all(folder);
}
