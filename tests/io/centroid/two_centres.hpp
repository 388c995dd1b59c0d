// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads centre files of an image, and checks that they hold the two centres that all tests use.
#pragma once

#include "diffam/io/centroid_file.hpp"
#include "io/scratch.hpp"

namespace diffam::test {

/// A PIR image of 1 x 1 x 2 mm, 100 x 90 x 40 voxels: world = (10 + 2 k, 50 - i, 60 - j).
inline grid pir_image() {
  return {{100, 90, 40}, {{{0, 0, 2}, {-1, 0, 0}, {0, -1, 0}}}, {10, 50, 60}};
}

inline spine::centroid_list read(const scratch_folder& folder, const std::string& contents,
                                 io::warning_list& warnings, const std::string& name = "c.json",
                                 const io::centroid_options& options = {}) {
  return io::read_centroids(folder.put(name, contents), pir_image(), warnings, options);
}

/// Reads, and requires that there is no warning.
inline spine::centroid_list read(const scratch_folder& folder, const std::string& contents,
                                 const std::string& name = "c.json",
                                 const io::centroid_options& options = {}) {
  io::warning_list warnings;
  auto out = read(folder, contents, warnings, name, options);
  CHECK(warnings == io::warning_list{});
  return out;
}

inline void refuse(const std::string& contents, const std::string& phrase,
                   const std::string& name = "c.json") {
  const scratch_folder folder;
  require_error(error_kind::bad_data, phrase, [&] {
    io::warning_list warnings;
    read(folder, contents, warnings, name);
  });
}

/// Number of centres after a fault that gives only a warning.
inline std::size_t warn(const std::string& contents, const std::string& phrase) {
  const scratch_folder folder;
  io::warning_list warnings;
  const auto out = read(folder, contents, warnings);
  INFO(contents);
  CHECK(has_warning(warnings, phrase));
  return out.size();
}

/// L1 at (30, 20, 50) and L2 at (32, 22, 20), world RAS: voxels (30, 10, 10) and (28, 40, 11).
inline void check_two(const spine::centroid_list& c) {
  REQUIRE(c.size() == 2);
  CHECK(c[0].label == 20);
  CHECK(norm(c[0].position - vec3<double>{30, 20, 50}) < 1e-9);
  CHECK(c[1].label == 21);
  CHECK(norm(c[1].position - vec3<double>{32, 22, 20}) < 1e-9);
}

}  // namespace diffam::test
