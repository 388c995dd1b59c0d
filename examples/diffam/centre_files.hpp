// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Files of centres: functions of diffam/io/centroid_file.hpp of the same names, compiled once for the
// program.
#pragma once

#include "diffam/io/centroid_options.hpp"
#include "diffam/io/message.hpp"
#include "diffam/spine/centroid.hpp"

namespace diffam::program {

spine::centroid_list read_centroids(const io::path& file, const grid& image, io::warning_list& warnings,
                                    const io::centroid_options& options = {});
spine::centroid_list checked_centroids(const io::path& file, const spine::centroid_list& centres,
                                       const grid& image, io::warning_list& warnings);
void write_verse_centroids(const io::path& file, const spine::centroid_list& centres, const grid& image);
void write_slicer_points(const io::path& file, const std::vector<io::named_point>& points);
void write_slicer_markups(const io::path& file, const spine::centroid_list& centres);

}  // namespace diffam::program
