// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Mesh files. The first byte selects the format. A mesh that can be read is checked, written and read again.
#include "diffam/mesh/check.hpp"

#include "diffam/io/mesh_file.hpp"
#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* endings[] = {".ply", ".obj", ".stl", ".off"};
  fuzz::bytes input(data, size);
  const unsigned variant = fuzz::take_byte(input);
  const auto file = fuzz::file_of(std::string("mesh") + endings[variant & 3], input);
  io::warning_list warnings;
  const auto mesh = fuzz::attempt([&] { return io::read_mesh(file, warnings); });
  if (!mesh) return 0;
  fuzz::promise(mesh->vertex_count() > 0 && mesh->face_count() > 0, "a mesh with vertices and faces");
  const mesh_report report = check_mesh(*mesh);
  fuzz::promise(report.bad_indices == 0 && report.nonfinite_vertices == 0, "sound indices and numbers");
  bool floats = true;  // files hold floats, and a mesh of larger numbers cannot be read again
  for (const auto& v : mesh->vertices)
    for (int k = 0; k < 3; ++k) floats = floats && std::abs(v[k]) < 3e38;
  if (!floats) return 0;
  const auto copy = fuzz::folder() / "copy.ply";
  io::write_mesh(copy, *mesh);
  const auto again = io::read_mesh(copy, warnings);
  fuzz::promise(again.faces == mesh->faces && again.vertex_count() == mesh->vertex_count(),
                "the same mesh again");
  return 0;
}
