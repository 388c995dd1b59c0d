// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options for reading centre files: the frame of the coordinates, its map to world RAS, and the numbering of
// the labels.
#pragma once

#include "diffam/io/orientation.hpp"
#include "diffam/io/text/scan.hpp"

namespace diffam::io {

/// The frame of the coordinates in a file.
struct centroid_frame {
  enum class space { voxel, world_ras, world_lps };

  space kind = space::voxel;
  std::optional<axis_codes> axes;  // for voxel: the image reoriented to these axes; empty: the image as it is
  double spacing = 0;              // for voxel: size of isotropic voxels, mm; 0: the image's own spacing

  friend constexpr bool operator==(const centroid_frame&, const centroid_frame&) = default;
};

/// Parses the name of a frame: "world-ras" or "world-lps" (mm; short "ras" and "lps"), "voxel" (voxel indices
/// of the image from 0), "voxel-PIR" (of the image reoriented to PIR), "voxel-PIR-1mm" (of that image
/// resampled to 1 mm). Throws `error` (usage) for other names.
inline centroid_frame parse_centroid_frame(std::string_view name) {
  const std::string s = detail::lower_case(name);
  if (s == "world-ras" || s == "ras") return {centroid_frame::space::world_ras, {}, 0};
  if (s == "world-lps" || s == "lps") return {centroid_frame::space::world_lps, {}, 0};
  centroid_frame out;
  std::string_view rest = s;
  if (rest == "voxel") return out;
  if (rest.starts_with("voxel-") && (out.axes = axis_codes_from(rest.substr(6, 3)))) {
    rest.remove_prefix(9);
    if (rest.empty()) return out;
    if (rest.starts_with("-") && rest.ends_with("mm")) {
      const auto mm = detail::parse_number<double>(rest.substr(1, rest.size() - 3));
      out.spacing = mm.value_or(0);
      if (out.spacing > 0 && out.spacing < 1e3) return out;
    }
  }
  throw error("centroid frame: expected world-ras, world-lps, voxel, voxel-PIR or voxel-PIR-1mm, got " +
              detail::in_quotes(name));
}

/// Maps a position in a frame to world RAS, mm. On an axis with the opposite direction x' = (N - 1) - x.
inline vec3<double> frame_to_world(const centroid_frame& frame, const vec3<double>& x, const grid& image) {
  if (frame.kind == centroid_frame::space::world_ras) return x;
  if (frame.kind == centroid_frame::space::world_lps) return {-x[0], -x[1], x[2]};
  const axis_codes own = axis_codes_of(image), given = frame.axes.value_or(own);
  const vec3<double> spacing = image.spacing();
  vec3<double> index{};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      if (given.world[a] != own.world[b]) continue;
      const double steps = frame.spacing > 0 ? x[a] * frame.spacing / spacing[b] : x[a];
      const auto last = static_cast<double>(image.size[b] - 1);
      index[b] = given.sign[a] == own.sign[b] ? steps : last - steps;
    }
  return image.to_world(index);
}

/// The meaning of numbers in a file; names such as "L1" mean the same in both numberings.
enum class label_numbering { verse, totalsegmentator };

/// Options of `read_centroids`.
struct centroid_options {
  std::optional<centroid_frame> frame = {};  // for files that do not state their frame
  label_numbering numbering = label_numbering::verse;
  std::optional<int> only = {};  // the file holds one point, which has this label whatever its name
  bool for_search = false;       // the points are for a search of the image: one is enough
};

/// A point with a name; world RAS, mm.
struct named_point {
  std::string name;
  vec3<double> position{};
};

}  // namespace diffam::io
