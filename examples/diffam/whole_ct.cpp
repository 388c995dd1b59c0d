// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads all voxels of a CT in half of the memory of floats where nothing is lost.
#include "whole_ct.hpp"

#include <cmath>

namespace diffam::program {

namespace {

bool whole_numbers(const io::nifti_header& h) {
  return h.type != io::stored_type::float32 && h.type != io::stored_type::float64 &&
         h.slope == std::floor(h.slope) && h.inter == std::floor(h.inter);
}

}  // namespace

whole_ct::whole_ct(io::voxel_stream& in, std::vector<std::string>& warnings) : geometry_(in.geometry()) {
  const voxel_box all{{}, geometry_.size};
  const io::volume_options options{.require_contrast = true};
  if (whole_numbers(in.header()))
    voxels_ = io::read_part<std::int16_t>(in, all, warnings, options);
  else
    voxels_ = io::read_part<float>(in, all, warnings, options);
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
