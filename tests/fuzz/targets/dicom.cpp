// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Folders of DICOM files: headers, series, stack and raw voxels. The first byte selects the options; then
// comes a list of files. Compressed pixels are left out: GDCM decodes them in a process of its own.
#include "diffam/io/dicom.hpp"

#include "diffam/io/volume_file.hpp"
#include "fuzz/support/file_list.hpp"

namespace {

/// Whether a file has compressed pixels.
bool compressed(const std::filesystem::path& file) {
  using namespace diffam;
  io::detail::dicom_document document;
  document.bytes = io::read_file_bounded(file, 1 << 20);
  io::detail::parse_document(document, false);
  const auto* pixels = document.data.find(0x7fe0, 0x0010);
  return pixels != nullptr && pixels->undefined_length;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* names[] = {"a.dcm", "b.dcm", "c.dcm", "d.dcm", "e", "DICOMDIR", "sub/f.dcm", "g.txt"};
  fuzz::bytes input(data, size);
  const unsigned variant = fuzz::take_byte(input);
  const auto folder = fuzz::put_files("series", names, input);
  const auto where =
      (variant & 1) != 0 && std::filesystem::exists(folder / names[0]) ? folder / names[0] : folder;
  fuzz::attempt([&] { return io::list_dicom(where); });
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file() && file.file_size() > 0 && compressed(file.path())) return 0;

  io::volume_options options{.max_bytes = 1 << 22, .open_dicom = io::open_dicom};
  options.dicom.fill_gaps = (variant & 2) != 0;
  options.dicom.force_modality = (variant & 4) != 0;
  if ((variant & 8) != 0) options.dicom.series = "1";
  io::warning_list warnings;
  const auto image = fuzz::attempt([&] { return io::read_volume(where, warnings, options); });
  if (!image) return 0;
  require_grid("fuzz", image->geometry);
  fuzz::promise(std::ssize(image->voxels) == image->geometry.voxel_count(), "all voxels");
  for (const float v : image->voxels) fuzz::promise(std::isfinite(v), "finite voxels");
  return 0;
}
