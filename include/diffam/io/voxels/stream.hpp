// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The voxels of a volume as a sequence of numbers, whatever the format of its file.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "diffam/io/nifti/header.hpp"

namespace diffam::io {

/// Reads the voxels of a volume in order (i fastest) as numbers, without a volume in memory.
class voxel_stream {
 public:
  virtual ~voxel_stream() = default;

  virtual const path& name() const = 0;            // the file, for messages
  virtual std::string format() const = 0;          // like "NIfTI-1"
  virtual const nifti_header& header() const = 0;  // of NIfTI files in the geometry of this volume
  /// What `diffam info` prints beside the header: pairs of a name and a text.
  virtual std::vector<std::pair<std::string, std::string>> details() const { return {}; }
  const grid& geometry() const { return header().geometry; }  // world RAS+, mm
  /// Reads the next voxels: slope * stored + inter.
  virtual void read(std::span<double> to) = 0;
  /// To be called after the last voxel: checks that the data end there, and their checksum if there is one.
  virtual void finish(warning_list& warnings) = 0;
};

namespace detail {

/// Calls visit(row, i, j, k) for every row, in pieces that start at voxel i, in order.
template <class Visit>
void visit_rows(voxel_stream& in, Visit&& visit) {
  const vec<index_t, 3> n = in.geometry().size;
  constexpr index_t most = 8192;
  std::vector<double> row(static_cast<std::size_t>(std::min(n[0], most)));
  for (index_t k = 0; k < n[2]; ++k)
    for (index_t j = 0; j < n[1]; ++j)
      for (index_t i = 0; i < n[0]; i += most) {
        const std::span<double> stretch(row.data(), static_cast<std::size_t>(std::min(n[0] - i, most)));
        in.read(stretch);
        visit(std::span<const double>(stretch), i, j, k);
      }
}

}  // namespace detail

}  // namespace diffam::io
