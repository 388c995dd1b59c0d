// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The header of a NIfTI-1 or NIfTI-2 file. It is checked before any of its numbers is used to allocate or
// decompress.
#pragma once

#include <limits>

#include "diffam/io/bytes/source.hpp"
#include "diffam/io/nifti/geometry.hpp"
#include "diffam/io/voxels/stored_type.hpp"

namespace diffam::io {

/// A checked header.
struct nifti_header {
  grid geometry;                           // size of the volume, and its position in mm
  nifti_form form = nifti_form::standard;  // the form that was asked for
  stored_type type = stored_type::int16;   // type of the stored voxels
  double slope = 1, inter = 0;             // value = slope * stored + inter
  index_t data_offset = 352;               // offset of the first voxel in bytes
  detail::nifti_bytes bytes;  // as in the file, so that outputs can repeat the geometry bit for bit

  index_t data_bytes() const { return geometry.voxel_count() * size_of(type); }
};

namespace detail {

/// Throws `error` (bad_data) where this is not a single-file NIfTI.
inline void check_magic(const nifti_bytes& h, const path& file) {
  const auto* at = h.data.data() + h.layout->magic_at.offset;
  if (std::memcmp(at, h.layout->magic.data(), static_cast<std::size_t>(h.layout->magic_at.count)) == 0)
    return;
  if (std::memcmp(at, "ni1", 4) == 0 || std::memcmp(at, "ni2", 4) == 0)
    bad_data(file, "magic", "a single-file NIfTI (n+1 or n+2)", "the header of a .hdr/.img pair");
  bad_data(file, "magic", h.layout->version == 1 ? "n+1" : "n+2",
           in_quotes({reinterpret_cast<const char*>(at), 3}));
}

/// The three extents. Further axes must have length 1.
inline vec<index_t, 3> volume_size(const nifti_bytes& h, const path& file) {
  const auto axes = h.integer(h.layout->dim, 0);
  if (axes < 1 || axes > 7) bad_data(file, "dim[0]", "1 to 7 axes", text(axes));
  if (axes < 3) bad_data(file, "dim[0]", "a volume of at least 3 axes", text(axes));
  vec<index_t, 3> size{};
  index_t voxels = 1;
  for (int a = 1; a <= static_cast<int>(axes); ++a) {
    const index_t n = h.integer(h.layout->dim, a);
    if (n <= 0) bad_data(file, "dim[" + text(a) + "]", "a positive length", text(n));
    if (a > 3 && n != 1)
      bad_data(file, "dim[" + text(a) + "]", "one volume", text(n) + " of them (more than 3 dimensions)");
    if (n > std::numeric_limits<index_t>::max() / 64 / voxels)
      bad_data(file, "dim", "a volume that memory can hold", "one whose size overflows");
    voxels *= n;
    if (a <= 3) size[a - 1] = n;
  }
  return size;
}

/// The type of the stored voxels. Throws `error` (bad_data) where it is not a scalar type.
inline stored_type type_of_voxels(const nifti_bytes& h, const path& file) {
  const auto code = h.integer(h.layout->datatype), bits = h.integer(h.layout->bitpix);
  const auto type = static_cast<stored_type>(code);
  if (size_of(type) == 0) {
    const char* name = code == 128                                  ? "RGB colours"
                       : code == 2304                               ? "RGBA colours"
                       : code == 1                                  ? "single bits"
                       : code == 1536                               ? "128-bit floats"
                       : code == 32 || code == 1792 || code == 2048 ? "complex numbers"
                                                                    : "an unknown type";
    bad_data(file, "datatype", "a scalar integer or float type", text(code) + " (" + name + ")");
  }
  if (bits != 8 * size_of(type))
    bad_data(file, "bitpix", text(8 * size_of(type)) + " for datatype " + text(code), text(bits));
  return type;
}

/// Offset of the first voxel in bytes. Throws `error` (bad_data) where it is outside of the file.
inline index_t data_offset(const nifti_bytes& h, const byte_source& in) {
  const double offset = h.number(h.layout->vox_offset);
  const std::string least = text(h.layout->least_data_offset);
  if (!(offset >= h.layout->least_data_offset) || offset != std::floor(offset))
    bad_data(in.name(), "vox_offset", "a whole number of bytes, " + least + " or more", text(offset));
  if (!(offset < static_cast<double>(in.max_size())))
    bad_data(in.name(), "vox_offset", "a place in the file", text(offset) + ", past the end");
  return static_cast<index_t>(offset);
}

/// Checks and skips the extensions between header and voxels. Each extension states its own size.
inline void skip_extensions(const nifti_bytes& h, index_t data_offset, byte_source& in,
                            warning_list& warnings) {
  unsigned char flag[4];
  in.read_exactly(flag, 4, "extension flag");
  index_t left = data_offset - h.layout->least_data_offset;
  bool odd = false;
  while (flag[0] != 0 && left >= 8) {
    nifti_bytes e;
    e.swapped = h.swapped;
    in.read_exactly(e.data.data(), 8, "extension");
    const index_t size = e.load<std::int32_t>(0);
    if (size < 8 || size > left)
      bad_data(in.name(), "extension size", "8 to " + text(left) + " bytes", text(size));
    odd = odd || size % 16 != 0;
    in.skip(size - 8, "extension");
    left -= size;
  }
  if (odd) warnings.push_back(about(in.name(), "extension size") + "is not a multiple of 16; ignored");
  in.skip(left, "extension");
}

}  // namespace detail

/// Reads and checks the header and all bytes up to the first voxel. `form` selects the geometry.
inline nifti_header read_nifti_header(byte_source& in, warning_list& warnings,
                                      nifti_form form = nifti_form::standard) {
  const path& file = in.name();
  nifti_header out;
  detail::nifti_bytes& h = out.bytes;
  in.read_exactly(h.data.data(), 4, "header");
  const auto size = h.load<std::int32_t>(0);
  h.swapped = true;
  const auto swapped_size = h.load<std::int32_t>(0);
  h.swapped = size != 348 && size != 540;
  const auto header_size = h.swapped ? swapped_size : size;
  if (header_size != 348 && header_size != 540)
    bad_data(file, "sizeof_hdr", "348 (NIfTI-1) or 540 (NIfTI-2)", detail::text(size));
  h.layout = &detail::nifti_layouts[header_size == 348 ? 0 : 1];
  in.read_exactly(h.data.data() + 4, static_cast<std::size_t>(header_size - 4), "header");

  detail::check_magic(h, file);
  out.geometry.size = detail::volume_size(h, file);
  out.type = detail::type_of_voxels(h, file);
  out.data_offset = detail::data_offset(h, in);
  if (out.data_bytes() > in.max_size() - out.data_offset)
    bad_data(file, "data", detail::text(out.data_bytes()) + " bytes of voxels",
             "a file that cannot hold them (" + detail::bytes_text(in.max_size()) + " at most)");
  const double slope = h.number(h.layout->slope), inter = h.number(h.layout->inter);
  if (!std::isfinite(slope))  // many programs write NaN for a slope that is not used
    warnings.push_back(detail::about(file, "scl_slope") + "is " + detail::text(slope) +
                       "; voxels are not scaled");
  if (slope != 0 && std::isfinite(slope)) {
    if (!std::isfinite(inter)) bad_data(file, "scl_inter", "a finite number", detail::text(inter));
    out.slope = slope;
    out.inter = inter;
  }
  out.form = form;
  out.geometry = detail::nifti_grid(h, out.geometry.size, form, file, warnings);
  detail::skip_extensions(h, out.data_offset, in, warnings);
  return out;
}

/// Reads the header of a file (.nii, .nii.gz) but not its voxels. Throws `error`: missing_input, bad_data.
inline nifti_header read_nifti_header(const path& file, warning_list& warnings,
                                      nifti_form form = nifti_form::standard) {
  byte_source in(file);
  return read_nifti_header(in, warnings, form);
}

}  // namespace diffam::io
