// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The positions of the fields in NIfTI-1 and NIfTI-2 headers (nifti1.h and nifti2.h of the NIfTI Data Format
// Working Group), and access to them in both byte orders.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "diffam/core/config.hpp"

namespace diffam::io::detail {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);

/// One field: `count` numbers of `width` bytes at `offset`. `real`: IEEE floats; otherwise integers.
struct nifti_field {
  int offset;
  int width;
  int count = 1;
  bool real = false;
};

/// The layout of a header version.
struct nifti_layout {
  int version;
  int header_size;
  int least_data_offset;  // the header and the four bytes of the extension flag
  std::array<char, 8> magic;
  nifti_field magic_at, dim, datatype, bitpix, pixdim, vox_offset, slope, inter, dim_info, units, qform_code,
      sform_code, quatern, qoffset, srow, description;
};

inline constexpr nifti_layout nifti_layouts[2] = {{.version = 1,
                                                   .header_size = 348,
                                                   .least_data_offset = 352,
                                                   .magic = {'n', '+', '1', '\0'},
                                                   .magic_at = {344, 1, 4},
                                                   .dim = {40, 2, 8},
                                                   .datatype = {70, 2},
                                                   .bitpix = {72, 2},
                                                   .pixdim = {76, 4, 8, true},
                                                   .vox_offset = {108, 4, 1, true},
                                                   .slope = {112, 4, 1, true},
                                                   .inter = {116, 4, 1, true},
                                                   .dim_info = {39, 1},
                                                   .units = {123, 1},
                                                   .qform_code = {252, 2},
                                                   .sform_code = {254, 2},
                                                   .quatern = {256, 4, 3, true},
                                                   .qoffset = {268, 4, 3, true},
                                                   .srow = {280, 4, 12, true},
                                                   .description = {148, 1, 80}},
                                                  {.version = 2,
                                                   .header_size = 540,
                                                   .least_data_offset = 544,
                                                   .magic = {'n', '+', '2', '\0', '\r', '\n', '\032', '\n'},
                                                   .magic_at = {4, 1, 8},
                                                   .dim = {16, 8, 8},
                                                   .datatype = {12, 2},
                                                   .bitpix = {14, 2},
                                                   .pixdim = {104, 8, 8, true},
                                                   .vox_offset = {168, 8},
                                                   .slope = {176, 8, 1, true},
                                                   .inter = {184, 8, 1, true},
                                                   .dim_info = {524, 1},
                                                   .units = {500, 4},
                                                   .qform_code = {344, 4},
                                                   .sform_code = {348, 4},
                                                   .quatern = {352, 8, 3, true},
                                                   .qoffset = {376, 8, 3, true},
                                                   .srow = {400, 8, 12, true},
                                                   .description = {240, 1, 80}}};

/// The bytes of a header, as in the file.
struct nifti_bytes {
  std::array<unsigned char, 540> data{};
  const nifti_layout* layout = nullptr;
  bool swapped = false;  // the file's byte order differs from this machine's

  template <class T>
  T load(int offset) const {
    unsigned char b[sizeof(T)];
    std::memcpy(b, data.data() + offset, sizeof b);
    if (swapped) std::reverse(b, b + sizeof b);
    return std::bit_cast<T>(b);
  }
  template <class T>
  void store(int offset, T value) {
    auto b = std::bit_cast<std::array<unsigned char, sizeof(T)>>(value);
    if (swapped) std::reverse(b.begin(), b.end());
    std::memcpy(data.data() + offset, b.data(), sizeof(T));
  }

  std::int64_t integer(const nifti_field& f, int k = 0) const {
    const int at = f.offset + k * f.width;
    if (f.width == 1) return data[static_cast<std::size_t>(at)];
    if (f.width == 2) return load<std::int16_t>(at);
    return f.width == 4 ? load<std::int32_t>(at) : load<std::int64_t>(at);
  }
  double number(const nifti_field& f, int k = 0) const {
    if (!f.real) return static_cast<double>(integer(f, k));
    const int at = f.offset + k * f.width;
    return f.width == 4 ? static_cast<double>(load<float>(at)) : load<double>(at);
  }
  void set_integer(const nifti_field& f, std::int64_t value, int k = 0) {
    const int at = f.offset + k * f.width;
    if (f.real) return set_number(f, static_cast<double>(value), k);
    if (f.width == 1) data[static_cast<std::size_t>(at)] = static_cast<unsigned char>(value);
    if (f.width == 2) store(at, static_cast<std::int16_t>(value));
    if (f.width == 4) store(at, static_cast<std::int32_t>(value));
    if (f.width == 8) store(at, value);
  }
  void set_number(const nifti_field& f, double value, int k = 0) {
    const int at = f.offset + k * f.width;
    if (f.width == 4)
      store(at, static_cast<float>(value));
    else
      store(at, value);
  }
  /// Copies a field of `from` bit by bit, in this header's byte order.
  void repeat(const nifti_field& f, const nifti_bytes& from) {
    for (int k = 0; k < f.count; ++k) {
      const auto* begin = from.data.data() + f.offset + k * f.width;
      auto* to = data.data() + f.offset + k * f.width;
      std::copy_n(begin, f.width, to);
      if (swapped != from.swapped) std::reverse(to, to + f.width);
    }
  }
};

/// An empty header of version 1 or 2, in this machine's byte order.
inline nifti_bytes make_nifti_bytes(int version) {
  nifti_bytes h;
  h.layout = &nifti_layouts[version - 1];
  h.store<std::int32_t>(0, h.layout->header_size);
  std::copy_n(h.layout->magic.begin(), h.layout->magic_at.count, h.data.begin() + h.layout->magic_at.offset);
  return h;
}

}  // namespace diffam::io::detail
