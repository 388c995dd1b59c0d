// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes NIfTI files byte by byte, independent of the library's writer.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "io/scratch.hpp"

namespace diffam::test {

/// A NIfTI-1 file of int16 voxels 0, 1, 2, ... on a 4 x 3 x 2 grid with a sheared sform. Tests change its
/// bytes.
struct raw_nifti {
  static constexpr int dim = 40, datatype = 70, bitpix = 72, pixdim = 76, vox_offset = 108, slope = 112,
                       inter = 116, units = 123, qform_code = 252, sform_code = 254, quatern = 256,
                       qoffset = 268, srow = 280, magic = 344, extension = 348;
  std::string header = std::string(352, '\0');
  std::string data;
  bool big_endian = false;

  explicit raw_nifti(bool big = false) : big_endian(big) {
    set<std::int32_t>(0, 348);
    const std::int16_t dims[] = {3, 4, 3, 2, 1, 1, 1, 1};
    for (int a = 0; a < 8; ++a) set(dim + 2 * a, dims[a]);
    set<std::int16_t>(datatype, 4);
    set<std::int16_t>(bitpix, 16);
    for (int a = 0; a < 8; ++a) set(pixdim + 4 * a, 1.0f);
    set(vox_offset, 352.0f);
    set(slope, 1.0f);
    header[units] = 2;
    set<std::int16_t>(sform_code, 1);
    const float rows[] = {-2, 0, 0, 10, 0, 2, 0.5f, 20, 0, 0, 3, 30};
    for (int a = 0; a < 12; ++a) set(srow + 4 * a, rows[a]);
    header.replace(magic, 3, "n+1");
    for (std::int16_t v = 0; v < 24; ++v) append(v);
  }

  template <class T>
  std::string encoded(T value) const {
    std::string b(sizeof(T), '\0');
    std::memcpy(b.data(), &value, sizeof(T));
    if (big_endian) std::reverse(b.begin(), b.end());  // the tests run on little-endian machines
    return b;
  }
  template <class T>
  raw_nifti& set(int offset, T value) {
    const std::string b = encoded(value);
    std::copy(b.begin(), b.end(), header.begin() + offset);
    return *this;
  }
  template <class T>
  void append(T value) {
    data += encoded(value);
  }
  std::string bytes() const { return header + data; }
};

}  // namespace diffam::test
