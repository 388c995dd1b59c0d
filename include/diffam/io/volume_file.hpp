// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads a volume whatever its format: NIfTI, NRRD, MetaImage, and DICOM where `volume_options::open_dicom` is
// given. A stream has the header at once, and its voxels are read once, whole or in part:
//
//     const auto ct = open_volume(file, warnings);
//     const volume_part<float> part = read_part<float>(*ct, box, warnings);    // box in ct->geometry()
#pragma once

#include "diffam/io/metaimage/read.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/io/nrrd/read.hpp"
#include "diffam/io/voxels/file_kind.hpp"

namespace diffam::io {

/// Opens a file of any format, or a folder of DICOM files, and reads its header. Throws `error`:
/// missing_input where it cannot be read, bad_data where it is damaged or of a format that is not read.
inline std::unique_ptr<voxel_stream> open_volume(const path& file, warning_list& warnings,
                                                 const volume_options& options = {}) {
  const auto dicom = [&](const char* found) {
    if (!options.open_dicom)
      throw error(detail::about(file, "format") + "expected NIfTI, NRRD or MetaImage, found " + found +
                      ": DICOM needs GDCM (Debian: libgdcm-dev), without which this program was built",
                  error_kind::missing_input);
    return options.open_dicom(file, warnings, options);
  };
  std::error_code unreadable;
  if (std::filesystem::is_directory(file, unreadable)) return dicom("a folder");
  const auto [kind, what] = detail::kind_of(file);
  switch (kind) {
    case detail::file_kind::nifti:
      return std::make_unique<nifti_reader>(file, warnings);
    case detail::file_kind::nrrd:
      return std::make_unique<nrrd_reader>(file, warnings, options);
    case detail::file_kind::metaimage:
      return std::make_unique<metaimage_reader>(file, warnings);
    case detail::file_kind::dicom:
      return dicom("a DICOM file");
    case detail::file_kind::zip:
      return dicom("a zip archive");
    case detail::file_kind::other:
      break;
  }
  bad_data(file, "format", "a volume as NIfTI, NRRD, MetaImage or DICOM",
           what.empty() ? "another kind of file" : what);
}

/// Reads the header of a NIfTI file in the geometry of a volume; for a NIfTI file, its own. Throws `error` as
/// `open_volume` does.
inline nifti_header read_volume_header(const path& file, warning_list& warnings,
                                       const volume_options& options = {}) {
  return open_volume(file, warnings, options)->header();
}

/// Reads a box of the voxels of a file whose header is known. Throws `error` as `open_volume` and `read_part`
/// do.
template <class T>  // float or std::int16_t
volume_part<T> read_volume_part(const path& file, const nifti_header& header, const voxel_box& box,
                                warning_list& warnings, const volume_options& options = {}) {
  warning_list said_before;
  const auto in = open_volume(file, said_before, options);
  if (in->header().bytes.data != header.bytes.data)
    bad_data(file, "header", "the one that was read before", "another: the file has changed");
  return read_part<T>(*in, box, warnings, options);
}

/// Reads a whole file as floats (HU for a CT). Throws `error` as `open_volume` and `read_part` do.
inline volume<float> read_volume(const path& file, warning_list& warnings,
                                 const volume_options& options = {}) {
  const auto in = open_volume(file, warnings, options);
  volume<float> out;
  out.geometry = in->geometry();
  out.voxels = read_part<float>(*in, {{}, out.geometry.size}, warnings, options).voxels;
  return out;
}

/// Reads a whole file as labels. Throws `error` as `open_volume` and `read_labels` do.
template <class T>  // std::uint8_t or std::uint16_t
volume<T> read_label_volume(const path& file, warning_list& warnings, const volume_options& options = {}) {
  const auto in = open_volume(file, warnings, options);
  return read_labels<T>(*in, warnings, options);
}

}  // namespace diffam::io
