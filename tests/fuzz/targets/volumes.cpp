// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// NRRD, MetaImage, and files of unknown kind. The first byte selects the ending of the name.
#include "diffam/io/volume_file.hpp"

#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* endings[] = {".nrrd", ".nhdr", ".mha", ".mhd"};
  fuzz::bytes input(data, size);
  const unsigned variant = fuzz::take_byte(input);
  const auto file = fuzz::file_of(std::string("volume") + endings[variant & 3], input);
  const io::volume_options options{.max_bytes = 1 << 22};
  io::warning_list warnings;
  fuzz::attempt([&] { return io::read_label_volume<std::uint8_t>(file, warnings, options); });
  const auto image = fuzz::attempt([&] { return io::read_volume(file, warnings, options); });
  if (!image) return 0;
  require_grid("fuzz", image->geometry);
  fuzz::promise(std::ssize(image->voxels) == image->geometry.voxel_count(), "all voxels");
  for (const float v : image->voxels) fuzz::promise(std::isfinite(v), "finite voxels");
  return 0;
}
