// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How the program reads scans and masks: any format that diffam::io reads, and DICOM if the program was built
// with GDCM.
#pragma once

#include "diffam/io/segmentation.hpp"
#include "diffam/io/volume_file.hpp"

namespace diffam::program {

/// Options to read a CT with `io::open_volume` and its like.
io::volume_options ct_options(const io::dicom_options& dicom = {});

/// Options to read a mask. `labels`: the numbering of the mask, verse or totalseg.
io::volume_options mask_options(const std::string& labels = "verse");

/// The series of a DICOM folder, archive or file, a line each; empty for other files, and without GDCM.
/// Throws `error`.
std::vector<std::string> series_list(const io::path& where);

/// Throws `error` (usage) where `ct` is not DICOM: a DICOM Segmentation refers to its series.
void require_series(const io::path& ct);

/// Writes the mask of a DICOM series as DICOM Segmentation. Throws `error`.
void write_dicom_mask(const io::path& file, const volume_part<std::uint8_t>& labels,
                      const std::vector<io::mask_segment>& segments, const io::path& ct,
                      const io::dicom_options& dicom);

}  // namespace diffam::program
