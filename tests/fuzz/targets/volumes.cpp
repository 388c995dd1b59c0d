// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// NRRD (also .seg.nrrd), MetaImage, and files of unknown kind. The first byte selects the ending of the name,
// and whether a CT is expected. A header can name its own file, or volume.raw, as that of its voxels.
#include "diffam/io/volume_file.hpp"

#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* endings[] = {".nrrd", ".nhdr", ".mha", ".mhd"};
  fuzz::bytes input(data, size);
  const unsigned variant = fuzz::take_byte(input);
  const auto file = fuzz::file_of(std::string("volume") + endings[variant & 3], input);
  [[maybe_unused]] static const auto voxels = fuzz::file_of("volume.raw", std::vector<std::uint8_t>(24, 1));
  const io::volume_options options{.max_bytes = 1 << 22, .intensities = (variant & 4) != 0};
  io::warning_list warnings;
  fuzz::attempt([&] { return io::read_label_volume<std::uint8_t>(file, warnings, options); });
  const auto image = fuzz::attempt([&] { return io::read_volume(file, warnings, options); });
  if (!image) return 0;
  require_grid("fuzz", image->geometry);
  fuzz::promise(std::ssize(image->voxels) == image->geometry.voxel_count(), "all voxels");
  for (const float v : image->voxels) fuzz::promise(std::isfinite(v), "finite voxels");
  return 0;
}
