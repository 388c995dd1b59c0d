// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads volumes from NIfTI files, whole or a box of their voxels, in one pass and without a second copy.
//
//     nifti_header header = read_nifti_header(file, warnings);
//     volume_part<float> part = read_nifti_part<float>(file, header, box, warnings);
#pragma once

#include <cmath>
#include <limits>
#include <span>

#include "diffam/image/volume_part.hpp"
#include "diffam/io/nifti/header.hpp"

namespace diffam::io {

/// Options of the readers.
struct nifti_options {
  index_t max_bytes = index_t{8} << 30;  // limit for the whole volume, also where only a part is kept
  bool require_contrast = false;         // refuse a file in which all voxels are equal
};

/// Reads the voxels of a file in order (i fastest) as numbers, without a volume in memory.
class nifti_reader {
 public:
  nifti_reader(const path& file, warning_list& warnings)
      : in_(file), header_(read_nifti_header(in_, warnings)) {}

  const nifti_header& header() const { return header_; }

  /// Reads the next voxels and scales them: slope * stored + inter.
  void read(std::span<double> to) {
    const index_t size = nifti_type_size(header_.type);
    const index_t per_chunk = static_cast<index_t>(sizeof chunk_) / size;
    for (index_t done = 0, count = std::ssize(to); done < count;) {
      const index_t n = std::min(count - done, per_chunk);
      in_.read_exactly(chunk_, static_cast<std::size_t>(n * size), "data");
      convert(to.data() + done, n);
      done += n;
    }
  }

  /// To be called after the last voxel: checks that the file ends there, and its checksum if it is
  /// compressed.
  void finish(warning_list& warnings) { in_.finish(warnings); }

 private:
  template <class T>
  void convert_as(double* to, index_t n) const {
    const bool swapped = header_.bytes.swapped;
    for (index_t i = 0; i < n; ++i) {
      std::array<unsigned char, sizeof(T)> b;
      std::memcpy(b.data(), chunk_ + i * static_cast<index_t>(sizeof(T)), sizeof(T));
      if (swapped) std::reverse(b.begin(), b.end());
      to[i] = static_cast<double>(std::bit_cast<T>(b));
    }
    if (header_.slope != 1 || header_.inter != 0)
      for (index_t i = 0; i < n; ++i) to[i] = header_.slope * to[i] + header_.inter;
  }
  void convert(double* to, index_t n) const {
    switch (header_.type) {
      case nifti_type::uint8:
        return convert_as<std::uint8_t>(to, n);
      case nifti_type::int8:
        return convert_as<std::int8_t>(to, n);
      case nifti_type::int16:
        return convert_as<std::int16_t>(to, n);
      case nifti_type::uint16:
        return convert_as<std::uint16_t>(to, n);
      case nifti_type::int32:
        return convert_as<std::int32_t>(to, n);
      case nifti_type::uint32:
        return convert_as<std::uint32_t>(to, n);
      case nifti_type::int64:
        return convert_as<std::int64_t>(to, n);
      case nifti_type::uint64:
        return convert_as<std::uint64_t>(to, n);
      case nifti_type::float32:
        return convert_as<float>(to, n);
      case nifti_type::float64:
        return convert_as<double>(to, n);
    }
  }

  byte_source in_;
  nifti_header header_;
  alignas(64) unsigned char chunk_[1 << 16];
};

namespace detail {

/// Calls visit(row, i, j, k) for every row, in pieces that start at voxel i, in order.
template <class Visit>
void visit_rows(nifti_reader& in, Visit&& visit) {
  const vec<index_t, 3> n = in.header().geometry.size;
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

/// Throws `error` (bad_data) where the whole volume would need more than `max_bytes`.
inline void require_memory(const path& file, const grid& g, index_t voxel_bytes, index_t max_bytes) {
  if (g.voxel_count() > max_bytes / voxel_bytes)
    bad_data(file, "dim", "at most " + bytes_text(max_bytes) + " of voxels in memory",
             text(g.size[0]) + " x " + text(g.size[1]) + " x " + text(g.size[2]));
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

/// Reads a box of the voxels of a file whose header is known. It reads the file to its end, and checks and
/// warnings cover all of its voxels, so a part never differs from the whole. `std::int16_t` needs half of the
/// memory; values are rounded and clamped to its range. Voxels that a float cannot hold (NaN, infinite)
/// become the lowest value of all others in the file, which is air in a CT. Throws `error`: missing_input,
/// bad_data.
template <class T>  // float or std::int16_t
volume_part<T> read_nifti_part(const path& file, const nifti_header& header, const voxel_box& box,
                               warning_list& warnings, const nifti_options& options = {}) {
  using kept = detail::kept_voxel<T>;
  require_box("read_nifti_part", box, {{}, header.geometry.size});
  detail::require_memory(file, header.geometry, sizeof(T), options.max_bytes);
  warning_list said_before;
  nifti_reader in(file, said_before);
  if (in.header().bytes.data != header.bytes.data)
    bad_data(file, "header", "the one that was read before", "another: the file has changed");

  constexpr double limit = 3.4e38;  // largest float
  volume_part<T> out(header.geometry, box);
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

  if (missing == header.geometry.voxel_count()) bad_data(file, "data", "numbers", "no finite voxel");
  if (missing > 0) {
    warnings.push_back(detail::about(file, "data") + detail::text(missing) +
                       " voxels are not finite; the lowest value, " + detail::text(lowest) +
                       ", is put in their place");
    for (T& v : out.voxels) v = kept::is_missing(v) ? kept::from(lowest) : v;
  }
  if (options.require_contrast && lowest == highest)
    bad_data(file, "data", "an image with contrast", "all voxels equal to " + detail::text(lowest));
  return out;
}

/// A volume with the header of its file.
struct nifti_image {
  volume<float> image;
  nifti_header header;
};

/// Reads a whole file as floats (HU for a CT).
inline nifti_image read_nifti(const path& file, warning_list& warnings, const nifti_options& options = {}) {
  nifti_image out{{}, read_nifti_header(file, warnings)};
  const grid& g = out.header.geometry;
  out.image.voxels = read_nifti_part<float>(file, out.header, {{}, g.size}, warnings, options).voxels;
  out.image.geometry = g;
  return out;
}

}  // namespace diffam::io
