// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// NIfTI volumes, plain and gzipped: header, whole image, a part of it, labels.
#include "diffam/io/nifti.hpp"

#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  const auto file = fuzz::file_of("volume.nii", {data, size});
  const io::volume_options options{.max_bytes = 1 << 22};
  io::warning_list warnings;
  const auto header = fuzz::attempt([&] { return io::read_nifti_header(file, warnings); });
  const auto labels =
      fuzz::attempt([&] { return io::read_nifti_labels<std::uint8_t>(file, warnings, options); });
  const auto image = fuzz::attempt([&] { return io::read_nifti(file, warnings, options); });
  fuzz::promise(header || (!labels && !image), "no voxels without a header");
  if (labels)
    fuzz::promise(std::ssize(labels->labels.voxels) == header->geometry.voxel_count(), "all labels");
  if (!image) return 0;
  const grid& g = header->geometry;
  require_grid("fuzz", g);
  for (const float v : image->image.voxels) fuzz::promise(std::isfinite(v), "finite voxels");
  const voxel_box box{{g.size[0] / 2, g.size[1] / 3, g.size[2] / 2}, {1, 1, 1}};
  const auto part = io::read_nifti_part<float>(file, *header, box, warnings, options);
  const index_t at = g.linear(box.first[0], box.first[1], box.first[2]);
  fuzz::promise(part.voxels[0] == image->image.voxels[static_cast<std::size_t>(at)],
                "a part equals the whole");
  return 0;
}
