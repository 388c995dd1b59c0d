// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of the readers. Only this file includes GDCM's headers.
#include "scan.hpp"

#if defined(DIFFAM_WITH_GDCM)
#include "diffam/io/dicom.hpp"
#endif

namespace diffam::program {

namespace {

io::volume_options any_format() {
  io::volume_options o;
#if defined(DIFFAM_WITH_GDCM)
  o.open_dicom = io::open_dicom;
#endif
  return o;
}

}  // namespace

io::volume_options ct_options(const io::dicom_options& dicom) {
  io::volume_options o = any_format();
  o.require_contrast = true;
  o.intensities = true;
  o.dicom = dicom;
  return o;
}

io::volume_options mask_options(const std::string& labels) {
  io::volume_options o = any_format();
  if (labels == "totalseg") o.label_number = [](int label) { return spine::to_totalsegmentator(label); };
  return o;
}

std::vector<std::string> series_list([[maybe_unused]] const io::path& where) {
#if defined(DIFFAM_WITH_GDCM)
  return io::list_dicom(where);
#else
  return {};
#endif
}

void require_series(const io::path& ct) {
  if (series_list(ct).empty())
    throw error(ct.string() + ": --mask-format dicom-seg: expected a CT as DICOM, found another format");
}

void write_dicom_mask([[maybe_unused]] const io::path& file,
                      [[maybe_unused]] const volume_part<std::uint8_t>& labels,
                      [[maybe_unused]] const std::vector<io::mask_segment>& segments,
                      [[maybe_unused]] const io::path& ct, [[maybe_unused]] const io::dicom_options& dicom) {
#if defined(DIFFAM_WITH_GDCM)
  io::warning_list said_before;
  io::dicom_reader series(ct, said_before, ct_options(dicom));
  io::write_dicom_seg(file, labels, segments, series);
#endif
}

}  // namespace diffam::program
