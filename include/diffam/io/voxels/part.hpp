// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads a box of the voxels of a stream in one pass, or all of them as labels.
#pragma once

#include <cmath>
#include <limits>

#include "diffam/image/volume_part.hpp"
#include "diffam/io/voxels/label_reading.hpp"
#include "diffam/io/voxels/options.hpp"
#include "diffam/io/voxels/stream.hpp"

namespace diffam::io {

namespace detail {

/// Throws `error` (bad_data) where voxels of this size would need more than `max_bytes`.
inline void require_memory(const path& file, const vec<index_t, 3>& size, index_t voxel_bytes,
                           index_t max_bytes) {
  if (voxel_box{{}, size}.count() > max_bytes / voxel_bytes)
    bad_data(file, "size", "at most " + bytes_text(max_bytes) + " of voxels in memory",
             text(size[0]) + " x " + text(size[1]) + " x " + text(size[2]));
}

/// How a voxel is stored, and the value that marks a non-finite one until the lowest value is known.
template <class T>
struct kept_voxel;

template <>
struct kept_voxel<float> {
  static constexpr float missing = std::numeric_limits<float>::quiet_NaN();
  static float from(double value) { return static_cast<float>(value); }
  static bool is_missing(float v) { return v != v; }
};

template <>
struct kept_voxel<std::int16_t> {
  static constexpr std::int16_t missing = -32768;  // a valid voxel of this value is also the lowest one
  static std::int16_t from(double value) {
    return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
  }
  static bool is_missing(std::int16_t v) { return v == missing; }
};

}  // namespace detail

/// Reads a box of the voxels of a stream that is at its first voxel. It reads to the end, and checks and
/// warnings cover all voxels, so a part never differs from the whole. `std::int16_t` needs half of the
/// memory; values are rounded and clamped to its range. Voxels that a float cannot hold (NaN, infinite)
/// become the lowest value of all others in the file, which is air in a CT. Throws `error` (bad_data).
template <class T>  // float or std::int16_t
volume_part<T> read_part(voxel_stream& in, const voxel_box& box, warning_list& warnings,
                         const volume_options& options = {}) {
  using kept = detail::kept_voxel<T>;
  const grid& g = in.geometry();
  require_box("read_part", box, {{}, g.size});
  detail::require_memory(in.name(), box.size, sizeof(T), options.max_bytes);

  constexpr double limit = 3.4e38;  // largest float
  volume_part<T> out(g, box);
  double lowest = limit, highest = -limit;
  index_t missing = 0;
  detail::visit_rows(in, [&](std::span<const double> row, index_t i, index_t j, index_t k) {
    for (const double value : row) {
      const bool sound = std::abs(value) <= limit;
      missing += sound ? 0 : 1;
      lowest = sound && value < lowest ? value : lowest;
      highest = sound && value > highest ? value : highest;
    }
    if (!box.has(1, j) || !box.has(2, k)) return;
    const index_t begin = std::max(box.first[0], i);
    const index_t end = std::min(box.first[0] + box.size[0], i + std::ssize(row));
    for (index_t at = begin; at < end; ++at) {
      const double value = row[static_cast<std::size_t>(at - i)];
      out.voxels[static_cast<std::size_t>(box.linear(at, j, k))] =
          std::abs(value) <= limit ? kept::from(value) : kept::missing;
    }
  });
  in.finish(warnings);

  if (missing == g.voxel_count()) bad_data(in.name(), "data", "numbers", "no finite voxel");
  if (missing > 0) {
    warnings.push_back(detail::about(in.name(), "data") + detail::text(missing) +
                       " voxels are not finite; the lowest value, " + detail::text(lowest) +
                       ", is put in their place");
    for (T& v : out.voxels) v = kept::is_missing(v) ? kept::from(lowest) : v;
  }
  if (options.require_contrast && lowest == highest)
    bad_data(in.name(), "data", "an image with contrast", "all voxels equal to " + detail::text(lowest));
  return out;
}

/// Reads all voxels of a stream as labels. Values within 0.01 of a whole number are rounded; values below 0,
/// above the range of `T` or not finite become 0; a warning says so. Throws `error` (bad_data) where a voxel
/// lies between two whole numbers.
template <class T>  // std::uint8_t or std::uint16_t
volume<T> read_labels(voxel_stream& in, warning_list& warnings, const volume_options& options = {}) {
  static_assert(std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t>);
  const grid& g = in.geometry();
  detail::require_memory(in.name(), g.size, sizeof(T), options.max_bytes);
  volume<T> out(g);
  detail::label_reading<T> label_of;
  std::size_t next = 0;
  detail::visit_rows(in, [&](std::span<const double> row, index_t i, index_t j, index_t k) {
    for (const double value : row) {
      const auto label = label_of(value);
      if (!label)
        bad_data(in.name(), "data", "whole numbers (labels)",
                 detail::text(value) + " in row (" + detail::text(i) + "..., " + detail::text(j) + ", " +
                     detail::text(k) + ")");
      out.voxels[next++] = *label;
    }
  });
  in.finish(warnings);
  label_of.tell(in.name(), warnings);
  return out;
}

}  // namespace diffam::io
