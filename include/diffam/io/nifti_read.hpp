// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Volumes from NIfTI files, whole or a box of them, in one pass and without a second copy.
//
//     nifti_header header = read_nifti_header(file, warnings);
//     volume<float> crop = read_nifti_region<float>(file, header, first, last, warnings);
#pragma once

#include <cmath>
#include <limits>
#include <span>

#include "diffam/image/volume.hpp"
#include "diffam/io/nifti_header.hpp"

namespace diffam::io {

struct nifti_options {
  index_t max_bytes = index_t{8} << 30;  // of the volume that is returned
  bool require_contrast = false;         // refuse a region whose voxels are all equal
};

/// The voxels of a file in order (i fastest), as numbers: for those who want no volume at all.
class nifti_reader {
 public:
  nifti_reader(const path& file, warning_list& warnings)
      : in_(file), header_(read_nifti_header(in_, warnings)) {}

  const nifti_header& header() const { return header_; }

  /// The next voxels, scaled: slope * stored + inter.
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
  void skip(index_t voxels) { in_.skip(voxels * nifti_type_size(header_.type), "data"); }

  /// After the last voxel: checks that the file ends here, and its checksum where it is compressed.
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

/// The box [first, last) of a header's grid.
inline grid sub_grid(const grid& g, const vec<index_t, 3>& first, const vec<index_t, 3>& last) {
  grid out = g;
  vec3<double> corner{};
  for (int a = 0; a < 3; ++a) {
    if (first[a] < 0 || last[a] <= first[a] || last[a] > g.size[a])
      throw error("read_nifti_region: expected a box inside 0.." + text(g.size[a]) + " along axis " +
                  text(a + 1) + ", got " + text(first[a]) + ".." + text(last[a]));
    out.size[a] = last[a] - first[a];
    corner[a] = static_cast<double>(first[a]);
  }
  out.origin = g.to_world(corner);
  return out;
}

/// Calls visit(row, i, j, k) with the stretch of each row inside the box, in order, over the whole file.
template <class Visit>
void visit_rows(nifti_reader& in, const vec<index_t, 3>& first, const vec<index_t, 3>& last, Visit&& visit) {
  const vec<index_t, 3> n = in.header().geometry.size;
  constexpr index_t most = 8192;
  std::vector<double> row(static_cast<std::size_t>(std::min(last[0] - first[0], most)));
  index_t passed = 0;  // voxels since the last one that was wanted
  for (index_t k = first[2]; k < last[2]; ++k)
    for (index_t j = first[1]; j < last[1]; ++j) {
      const index_t begin = n[0] * (j + n[1] * k);
      in.skip(begin + first[0] - passed);
      for (index_t i = first[0]; i < last[0]; i += most) {
        const std::span<double> stretch(row.data(), static_cast<std::size_t>(std::min(last[0] - i, most)));
        in.read(stretch);
        visit(std::span<const double>(stretch), i, j, k);
      }
      passed = begin + last[0];
    }
  in.skip(n[0] * n[1] * n[2] - passed);
}

inline void require_memory(const path& file, const grid& g, index_t voxel_bytes, index_t max_bytes) {
  if (g.voxel_count() > max_bytes / voxel_bytes)
    bad_data(file, "dim", "at most " + bytes_text(max_bytes) + " of voxels in memory",
             text(g.size[0]) + " x " + text(g.size[1]) + " x " + text(g.size[2]));
}

/// How a value is kept, and the mark of one that is no number until the lowest value is known.
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
  static constexpr std::int16_t missing = -32768;  // where a true voxel has it, it is also the lowest value
  static std::int16_t from(double value) {
    return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
  }
  static bool is_missing(std::int16_t v) { return v == missing; }
};

}  // namespace detail

/// The voxels [first, last) of a file whose header has been read, and where they are. `std::int16_t` halves
/// the memory; values are rounded and clamped to it. Voxels that no float can hold (NaN, infinite) become the
/// lowest value of the others: air, in a CT.
template <class T>  // float or std::int16_t
volume<T> read_nifti_region(const path& file, const nifti_header& header, const vec<index_t, 3>& first,
                            const vec<index_t, 3>& last, warning_list& warnings,
                            const nifti_options& options = {}) {
  using kept = detail::kept_voxel<T>;
  const grid box = detail::sub_grid(header.geometry, first, last);
  detail::require_memory(file, box, sizeof(T), options.max_bytes);
  warning_list said_before;
  nifti_reader in(file, said_before);
  if (in.header().bytes.data != header.bytes.data)
    bad_data(file, "header", "the one that was read before", "another: the file has changed");

  constexpr double limit = 3.4e38;  // of a float
  volume<T> out(box);
  double lowest = limit, highest = -limit;
  index_t missing = 0;
  std::size_t next = 0;
  detail::visit_rows(in, first, last, [&](std::span<const double> row, index_t, index_t, index_t) {
    for (const double value : row) {
      const bool sound = std::abs(value) <= limit;
      missing += sound ? 0 : 1;
      lowest = sound && value < lowest ? value : lowest;
      highest = sound && value > highest ? value : highest;
      out.voxels[next++] = sound ? kept::from(value) : kept::missing;
    }
  });
  in.finish(warnings);

  if (missing == box.voxel_count()) bad_data(file, "data", "numbers", "no finite voxel");
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

struct nifti_image {
  volume<float> image;
  nifti_header header;
};

/// A whole file as floats (HU for a CT).
inline nifti_image read_nifti(const path& file, warning_list& warnings, const nifti_options& options = {}) {
  nifti_image out{{}, read_nifti_header(file, warnings)};
  out.image = read_nifti_region<float>(file, out.header, {}, out.header.geometry.size, warnings, options);
  return out;
}

}  // namespace diffam::io
