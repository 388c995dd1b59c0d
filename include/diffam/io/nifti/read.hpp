// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads volumes from NIfTI files, whole or a box of their voxels, in one pass and without a second copy.
//
//     nifti_header header = read_nifti_header(file, warnings);
//     volume_part<float> part = read_nifti_part<float>(file, header, box, warnings);
#pragma once

#include "diffam/io/nifti/header.hpp"
#include "diffam/io/voxels/part.hpp"
#include "diffam/io/voxels/raw_stream.hpp"

namespace diffam::io {

/// Reads the voxels of a NIfTI file in order.
class nifti_reader final : public voxel_stream {
 public:
  nifti_reader(const path& file, warning_list& warnings, nifti_form form = nifti_form::standard)
      : in_(file), header_(read_nifti_header(in_, warnings, form)) {}

  const path& name() const override { return in_.name(); }
  std::string format() const override { return "NIfTI-" + detail::text(header_.bytes.layout->version); }
  const nifti_header& header() const override { return header_; }
  void read(std::span<double> to) override {
    detail::read_raw_voxels(in_, {header_.type, header_.bytes.swapped, header_.slope, header_.inter}, to);
  }
  void finish(warning_list& warnings) override { in_.finish(warnings); }

 private:
  byte_source in_;
  nifti_header header_;
};

/// Reads a box of the voxels of a file whose header is known, as `read_part` does. Throws `error`:
/// missing_input, bad_data.
template <class T>  // float or std::int16_t
volume_part<T> read_nifti_part(const path& file, const nifti_header& header, const voxel_box& box,
                               warning_list& warnings, const volume_options& options = {}) {
  warning_list said_before;
  nifti_reader in(file, said_before, header.form);
  if (in.header().bytes.data != header.bytes.data)
    bad_data(file, "header", "the one that was read before", "another: the file has changed");
  return read_part<T>(in, box, warnings, options);
}

/// A volume with the header of its file.
struct nifti_image {
  volume<float> image;
  nifti_header header;
};

/// Reads a whole file as floats (HU for a CT).
inline nifti_image read_nifti(const path& file, warning_list& warnings, const volume_options& options = {}) {
  nifti_image out{{}, read_nifti_header(file, warnings, options.form)};
  const grid& g = out.header.geometry;
  out.image.voxels = read_nifti_part<float>(file, out.header, {{}, g.size}, warnings, options).voxels;
  out.image.geometry = g;
  return out;
}

}  // namespace diffam::io
