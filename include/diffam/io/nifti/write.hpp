// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes NIfTI files: a volume or a part of one, in the exact geometry of an input or in that of a grid.
#pragma once

#include <type_traits>

#include "diffam/image/volume_part.hpp"
#include "diffam/io/bytes/sink.hpp"
#include "diffam/io/nifti/header.hpp"
#include "diffam/version.hpp"

namespace diffam::io {
namespace detail {

template <class T>
constexpr stored_type stored_type_of() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return stored_type::uint8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return stored_type::uint16;
  if constexpr (std::is_same_v<T, std::int16_t>) return stored_type::int16;
  if constexpr (std::is_same_v<T, float>) return stored_type::float32;
}

/// A header with the geometry of `like`; all other fields are our own.
inline nifti_bytes repeated_geometry(const nifti_bytes& like) {
  nifti_bytes h = make_nifti_bytes(like.layout->version);
  const nifti_layout& l = *h.layout;
  for (const nifti_field& f :
       {l.dim, l.pixdim, l.units, l.dim_info, l.qform_code, l.sform_code, l.quatern, l.qoffset, l.srow})
    h.repeat(f, like);
  return h;
}

/// The quaternion (w, x, y, z) of a rotation, with w >= 0. Starts from its largest component for accuracy.
inline std::array<double, 4> quaternion(const mat3<double>& r) {
  const double trace = r(0, 0) + r(1, 1) + r(2, 2);
  std::array<double, 4> q{};
  if (trace > 0) {
    const double s = 2 * std::sqrt(1 + trace);
    q = {s / 4, (r(2, 1) - r(1, 2)) / s, (r(0, 2) - r(2, 0)) / s, (r(1, 0) - r(0, 1)) / s};
  } else {
    const int a = r(0, 0) >= r(1, 1) && r(0, 0) >= r(2, 2) ? 0 : (r(1, 1) >= r(2, 2) ? 1 : 2);
    const int b = (a + 1) % 3, c = (a + 2) % 3;
    const double s = 2 * std::sqrt(1 + r(a, a) - r(b, b) - r(c, c));
    q[0] = (r(c, b) - r(b, c)) / s;
    q[static_cast<std::size_t>(1 + a)] = s / 4;
    q[static_cast<std::size_t>(1 + b)] = (r(b, a) + r(a, b)) / s;
    q[static_cast<std::size_t>(1 + c)] = (r(c, a) + r(a, c)) / s;
  }
  if (q[0] < 0)
    for (double& x : q) x = -x;
  return q;
}

/// A header with both forms for a grid. A grid with shear has no qform, which cannot express shear.
inline nifti_bytes grid_header(const grid& g) {
  bool small = true;
  for (int a = 0; a < 3; ++a) small = small && g.size[a] <= 32767;
  nifti_bytes h = make_nifti_bytes(small ? 1 : 2);
  const nifti_layout& l = *h.layout;
  const vec3<double> spacing = g.spacing();
  h.set_integer(l.dim, 3);
  h.set_number(l.pixdim, 1);
  for (int a = 0; a < 7; ++a) {
    h.set_integer(l.dim, a < 3 ? g.size[a] : 1, a + 1);
    h.set_number(l.pixdim, a < 3 ? spacing[a] : 1, a + 1);
  }
  h.set_integer(l.units, 2);  // mm
  h.set_integer(l.sform_code, 1);
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) h.set_number(l.srow, g.axes(r, c), 4 * r + c);
    h.set_number(l.srow, g.origin[r], 4 * r + 3);
  }
  mat3<double> rotation = transpose(g.axes);
  for (int a = 0; a < 3; ++a) rotation.row[a] *= 1 / spacing[a];
  for (int a = 0; a < 3; ++a)
    if (std::abs(dot(rotation.row[a], rotation.row[(a + 1) % 3])) > 1e-6) return h;
  const bool reflected = determinant(rotation) < 0;
  if (reflected) rotation.row[2] *= -1;
  const auto q = quaternion(transpose(rotation));
  h.set_integer(l.qform_code, 1);
  h.set_number(l.pixdim, reflected ? -1 : 1);
  for (int a = 0; a < 3; ++a) {
    h.set_number(l.quatern, q[static_cast<std::size_t>(a + 1)], a);
    h.set_number(l.qoffset, g.origin[a], a);
  }
  return h;
}

/// The header of NIfTI files on a grid. Its geometry is rounded to floats, as in these files: a CT that was
/// converted to NIfTI and the CT itself then have the same geometry.
inline nifti_header header_for(const grid& g, const path& file, stored_type type, double slope,
                               double inter) {
  nifti_header h;
  h.bytes = grid_header(g);
  warning_list nothing_new;
  h.geometry = nifti_grid(h.bytes, g.size, nifti_form::standard, file, nothing_new);
  h.type = type;
  h.slope = slope;
  h.inter = inter;
  return h;
}

/// Writes all voxels of the image, slice by slice; voxels that are not kept are 0.
template <class T>
void write_slices(byte_sink& out, const volume_view<T>& v) {
  const auto& [first, size] = v.kept;
  const vec<index_t, 3>& n = v.geometry.size;
  std::vector<T> slice(static_cast<std::size_t>(n[0] * n[1]));
  bool zeros = true;
  for (index_t k = 0; k < n[2]; ++k) {
    if (!zeros) std::fill(slice.begin(), slice.end(), T{});
    zeros = !v.kept.has(2, k);
    for (index_t j = first[1]; !zeros && j < first[1] + size[1]; ++j)
      std::copy_n(&v.at(first[0], j, k), size[0], slice.begin() + (first[0] + n[0] * j));
    out.write(slice.data(), slice.size() * sizeof(T));
  }
}

template <class T>
void write_nifti_voxels(const path& file, const volume_view<T>& v, std::size_t voxels, nifti_bytes h) {
  const std::string name = file.filename().string();
  const bool gzip = name.ends_with(".nii.gz");
  if (!gzip && !name.ends_with(".nii"))
    throw error(about(file, "name") + "expected a name that ends in .nii or .nii.gz", error_kind::usage);
  if (static_cast<index_t>(voxels) != v.kept.count())
    throw error("write_nifti: expected " + text(v.kept.count()) + " voxels, got " + text(voxels));
  const nifti_layout& l = *h.layout;
  constexpr stored_type type = stored_type_of<T>();
  h.set_integer(l.datatype, static_cast<int>(type));
  h.set_integer(l.bitpix, 8 * size_of(type));
  h.set_integer(l.vox_offset, l.least_data_offset);
  h.set_number(l.slope, 1);
  constexpr std::string_view description = "diffam " DIFFAM_VERSION;
  std::copy(description.begin(), description.end(), h.data.begin() + l.description.offset);
  if (l.version == 1) h.data[38] = 'r';  // "regular": an old field that some readers check

  byte_sink out(file, gzip);
  out.write(h.data.data(), static_cast<std::size_t>(l.header_size));
  out.write("\0\0\0\0", 4);  // no extensions
  write_slices(out, v);
  out.commit();
}

}  // namespace detail

/// Writes a volume with its own geometry, in this machine's byte order. The file is NIfTI-1, or NIfTI-2 where
/// an axis is too long for it. Throws `error`: usage, cannot_create, write_failed.
template <class T>  // std::uint8_t, std::uint16_t, std::int16_t or float
void write_nifti(const path& file, const volume<T>& v) {
  detail::write_nifti_voxels<T>(file, v, v.voxels.size(), detail::grid_header(v.geometry));
}

/// Writes a volume on the grid of an input. Dimensions, both forms, both codes and the units are copied bit
/// by bit. For a part, the file has all voxels, with 0 where none is kept. Throws `error` as above.
template <template <class> class Volume,
          class T>  // volume or volume_part; T as above, std::uint8_t for labels
void write_nifti(const path& file, const Volume<T>& v, const nifti_header& like) {
  if (!(v.geometry.size == like.geometry.size))
    throw error(detail::about(file, "size") + "expected the size of the input, got another volume");
  detail::write_nifti_voxels<T>(file, v, v.voxels.size(), detail::repeated_geometry(like.bytes));
}

/// Writes labels in the geometry of `like`, copied bit by bit. Throws `error`: usage (another size),
/// cannot_create, write_failed.
inline void write_nifti_labels(const path& file, const volume<std::uint8_t>& labels,
                               const nifti_header& like) {
  write_nifti(file, labels, like);
}

}  // namespace diffam::io
