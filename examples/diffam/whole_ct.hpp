// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All voxels of a CT, read once: for a search of the whole image, and then for the parts that a picture or a
// fit needs.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "diffam/image/volume_part.hpp"
#include "diffam/io/volume_file.hpp"

namespace diffam::program {

/// Voxels as int16 where they are stored as whole numbers, else as float. Numbers beyond the range of int16,
/// which no CT has, are clamped.
class whole_ct {
 public:
  /// Reads a stream that is at its first voxel. Throws `error`, also where all voxels are equal. Adds remarks
  /// on the voxels to `warnings`.
  whole_ct(io::voxel_stream& in, std::vector<std::string>& warnings);

  const grid& geometry() const { return geometry_; }
  /// Bytes of the voxels.
  index_t bytes() const;

  /// A box of voxels, equal to a reading of the box alone.
  volume_part<float> part(const voxel_box& box) const;

  /// Calls f with a `volume_view` of all voxels.
  template <class F>
  auto visit(F&& f) const {
    return std::visit([&](const auto& v) { return f(volume_view(v)); }, voxels_);
  }

 private:
  grid geometry_;
  std::variant<volume_part<std::int16_t>, volume_part<float>> voxels_;
};

}  // namespace diffam::program
