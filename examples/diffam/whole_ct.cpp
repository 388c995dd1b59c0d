// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads all voxels of a CT in half of the memory of floats where nothing is lost.
#include "whole_ct.hpp"

#include <cmath>

#include "hounsfield.hpp"

namespace diffam::program {

namespace {

bool whole_numbers(const io::nifti_header& h) {
  return h.type != io::stored_type::float32 && h.type != io::stored_type::float64 &&
         h.slope == std::floor(h.slope) && h.inter == std::floor(h.inter);
}

}  // namespace

whole_ct::whole_ct(io::voxel_stream& in, std::vector<std::string>& warnings,
                   const io::volume_options& options)
    : geometry_(in.geometry()) {
  const voxel_box all{{}, geometry_.size};
  if (whole_numbers(in.header()))
    voxels_ = io::read_part<std::int16_t>(in, all, warnings, options);
  else
    voxels_ = io::read_part<float>(in, all, warnings, options);
}

void whole_ct::to_hounsfield(const std::filesystem::path& file, const std::string& asked,
                             std::vector<std::string>& warnings) {
  hu_offset_ = std::visit(
      [&](auto& v) {
        return program::to_hounsfield(file, volume_view(v), std::span(v.voxels), {}, asked, warnings);
      },
      voxels_);
}

index_t whole_ct::bytes() const {
  return visit([](const auto& v) { return v.kept.count() * static_cast<index_t>(sizeof *v.voxels); });
}

volume_part<float> whole_ct::part(const voxel_box& box) const {
  volume_part<float> out(geometry_, box);
  visit([&](const auto& v) { out.voxels = crop<float>(v, box).voxels; });
  return out;
}

}  // namespace diffam::program
