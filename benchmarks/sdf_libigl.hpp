// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// libigl (Jacobson et al., libigl.github.io) for sdf_compare.hpp, by its Python package in a process of its
// own (sdf_libigl.py), because no distribution of Debian 12 has the C++ headers.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::bench {

struct libigl_answer {
  double seconds;             // CPU time of all queries, without the build of the tree
  std::vector<double> value;  // signed distances; of rays t of the first hit, infinite if there is none
};

/// Signed distances of the points (N x 3), by fast winding numbers; with directions (N x 3), the first hits
/// of rays. Nothing, and a line on stderr, where Python or the package is missing.
inline std::optional<libigl_answer> ask_libigl(const triangle_mesh<double>& mesh, view<const float> points,
                                               view<const float> directions = {}) {
  static bool missing = false;
  if (missing) return {};
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("diffam_sdf_peers_" + std::to_string(static_cast<long>(getpid())));
  fs::create_directory(folder);
  const auto write = [&](const char* name, const void* data, std::size_t bytes) {
    std::ofstream(folder / name, std::ios::binary)
        .write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  };
  write("vertices", mesh.vertices.data(), mesh.vertices.size() * sizeof(vec3<double>));
  write("faces", mesh.faces.data(), mesh.faces.size() * sizeof(face));
  write("points", points.data, static_cast<std::size_t>(points.size()) * sizeof(float));
  if (!directions.empty())
    write("directions", directions.data, static_cast<std::size_t>(directions.size()) * sizeof(float));
  const std::string command =
      "IGL_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 '" DIFFAM_LIBIGL_SCRIPT "' '" + folder.string() + "'";
  libigl_answer a{0, std::vector<double>(static_cast<std::size_t>(points.rows))};
  std::FILE* const said = popen(command.c_str(), "r");
  missing = said == nullptr || std::fscanf(said, "%lf", &a.seconds) != 1;
  if (said != nullptr) (void)pclose(said);
  const auto bytes = static_cast<std::streamsize>(a.value.size() * sizeof(double));
  if (!missing)
    missing = !std::ifstream(folder / "values", std::ios::binary)
                   .read(reinterpret_cast<char*>(a.value.data()), bytes);
  fs::remove_all(folder);
  if (missing) std::fprintf(stderr, "no libigl here (pip install libigl): its rows are left out\n");
  return missing ? std::nullopt : std::optional(std::move(a));
}

}  // namespace diffam::bench
