// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The types of stored voxels, and their conversion from the bytes of a file.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "diffam/core/config.hpp"

namespace diffam::io {

/// Storage type of the voxels; the values are those of NIfTI.
enum class stored_type : std::int16_t {
  uint8 = 2,
  int16 = 4,
  int32 = 8,
  float32 = 16,
  float64 = 64,
  int8 = 256,
  uint16 = 512,
  uint32 = 768,
  int64 = 1024,
  uint64 = 1280
};

/// Calls f(T{}) with a number of the type. Returns false for a type that cannot be read.
template <class F>
constexpr bool with_type(stored_type t, F&& f) {
  switch (t) {
    case stored_type::uint8:
      return f(std::uint8_t{}), true;
    case stored_type::int8:
      return f(std::int8_t{}), true;
    case stored_type::int16:
      return f(std::int16_t{}), true;
    case stored_type::uint16:
      return f(std::uint16_t{}), true;
    case stored_type::int32:
      return f(std::int32_t{}), true;
    case stored_type::uint32:
      return f(std::uint32_t{}), true;
    case stored_type::int64:
      return f(std::int64_t{}), true;
    case stored_type::uint64:
      return f(std::uint64_t{}), true;
    case stored_type::float32:
      return f(float{}), true;
    case stored_type::float64:
      return f(double{}), true;
  }
  return false;
}

/// Bytes per voxel; 0 for a type that cannot be read.
constexpr int size_of(stored_type t) {
  int size = 0;
  with_type(t, [&](auto zero) { size = static_cast<int>(sizeof zero); });
  return size;
}

constexpr const char* name_of(stored_type t) {
  switch (t) {
    case stored_type::uint8:
      return "uint8";
    case stored_type::int8:
      return "int8";
    case stored_type::int16:
      return "int16";
    case stored_type::uint16:
      return "uint16";
    case stored_type::int32:
      return "int32";
    case stored_type::uint32:
      return "uint32";
    case stored_type::int64:
      return "int64";
    case stored_type::uint64:
      return "uint64";
    case stored_type::float32:
      return "float32";
    case stored_type::float64:
      return "float64";
  }
  return "unknown";
}

namespace detail {

/// Converts `n` voxels to numbers. `swapped`: in the byte order that is not this machine's.
inline void decode_voxels(stored_type type, bool swapped, const unsigned char* from, index_t n, double* to) {
  with_type(type, [&](auto zero) {
    using T = decltype(zero);
    for (index_t i = 0; i < n; ++i) {
      std::array<unsigned char, sizeof(T)> b;
      std::memcpy(b.data(), from + i * static_cast<index_t>(sizeof(T)), sizeof(T));
      if (swapped) std::reverse(b.begin(), b.end());
      to[i] = static_cast<double>(std::bit_cast<T>(b));
    }
  });
}

}  // namespace detail

}  // namespace diffam::io
