// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Voxels that follow one another in the bytes of a file: those of NIfTI, NRRD and MetaImage.
#pragma once

#include "diffam/io/bytes/source.hpp"
#include "diffam/io/voxels/stored_type.hpp"
#include "diffam/io/voxels/stream.hpp"

namespace diffam::io::detail {

/// How the voxels are stored.
struct raw_layout {
  stored_type type = stored_type::int16;
  bool swapped = false;         // in the byte order that is not this machine's
  double slope = 1, inter = 0;  // value = slope * stored + inter
};

/// Reads the next `to.size()` voxels of `in` as numbers.
inline void read_raw_voxels(byte_source& in, const raw_layout& layout, std::span<double> to) {
  alignas(64) unsigned char chunk[1 << 15];
  const index_t size = size_of(layout.type), per_chunk = static_cast<index_t>(sizeof chunk) / size;
  for (index_t done = 0, count = std::ssize(to); done < count;) {
    const index_t n = std::min(count - done, per_chunk);
    in.read_exactly(chunk, static_cast<std::size_t>(n * size), "data");
    decode_voxels(layout.type, layout.swapped, chunk, n, to.data() + done);
    done += n;
  }
  if (layout.slope != 1 || layout.inter != 0)
    for (double& v : to) v = layout.slope * v + layout.inter;
}

}  // namespace diffam::io::detail
