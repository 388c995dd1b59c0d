// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes files of centres.
#include "centre_files.hpp"

#include "diffam/io/centroid_file.hpp"

namespace diffam::program {

spine::centroid_list read_centroids(const io::path& file, const grid& image, io::warning_list& warnings,
                                    const io::centroid_options& options) {
  return io::read_centroids(file, image, warnings, options);
}

spine::centroid_list checked_centroids(const io::path& file, const spine::centroid_list& centres,
                                       const grid& image, io::warning_list& warnings) {
  return io::checked_centroids(file, centres, image, warnings);
}

void write_verse_centroids(const io::path& file, const spine::centroid_list& centres, const grid& image) {
  io::write_verse_centroids(file, centres, image);
}

void write_slicer_points(const io::path& file, const std::vector<io::named_point>& points) {
  io::write_slicer_points(file, points);
}

void write_slicer_markups(const io::path& file, const spine::centroid_list& centres) {
  io::write_slicer_markups(file, centres);
}

}  // namespace diffam::program
