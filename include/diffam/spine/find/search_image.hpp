// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The CT as the search for a spine sees it: on a grid of 2 mm along the patient's axes, whatever the CT's own
// axes are. Small enough for a search of the whole image; a canal is 15 to 25 mm wide.
#pragma once

#include <algorithm>

#include "diffam/core/error.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/image/scale_space.hpp"

namespace diffam::spine::find {

inline constexpr double search_spacing = 2;  // mm
inline constexpr float least_hu = -1000;     // the value outside of the field of view

inline constexpr index_t most_search_voxels = index_t{1} << 28;  // 1.3 m a side: more than any patient

/// A grid along the patient's axes (i to the right, j to the front, k to the head) that covers the image.
inline grid patient_grid(const grid& image, double spacing = search_spacing) {
  const world_box box = bounding_box(image);
  grid g;
  for (int a = 0; a < 3; ++a) {
    const double length = box.upper[a] - box.lower[a];
    g.size[a] = std::max<index_t>(1, static_cast<index_t>(std::floor(length / spacing + 1e-6)) + 1);
    g.axes(a, a) = spacing;
    g.origin[a] = (box.lower[a] + box.upper[a] - spacing * static_cast<double>(g.size[a] - 1)) / 2;
  }
  return g;
}

inline constexpr index_t search_slab = 16;  // slices of the search's image that are resampled at a time

/// Bytes that a search holds at most beside the CT: its image twice, and the CT's voxels of a slab as floats.
inline index_t search_bytes(const grid& ct) {
  grid slab = patient_grid(ct);
  const index_t all = slab.voxel_count();
  slab.size[2] = std::min(slab.size[2], search_slab);
  return all * 12 + voxels_resampled(ct, slab).count() * 2 * static_cast<index_t>(sizeof(float));
}

/// HU on `patient_grid`, `least_hu` where nothing was measured. It resamples slab by slab, so that only a
/// small part of the CT is held as floats. Throws `error` (bad data) if the grid has more
/// voxels than any patient: then the spacing of the image is not in mm.
template <exec::policy Host, class From>
masked_volume<float> search_image(const Host& e, const volume_view<From>& ct) {
  const grid g = patient_grid(ct.geometry);
  if (g.voxel_count() > most_search_voxels)
    throw error("find: expected an image of at most 1.3 m a side, got a larger one: is its spacing in mm?",
                error_kind::bad_data);
  masked_volume<float> seen{volume<float>(g, least_hu), {}, ct.geometry};
  seen.inside.resize(seen.values.voxels.size());
  for (index_t k = 0; k < g.size[2]; k += search_slab) {
    const voxel_box box{{0, 0, k}, {g.size[0], g.size[1], std::min(search_slab, g.size[2] - k)}};
    const masked_volume<float> part = resample<float>(e, ct, sub_grid(g, box));
    const index_t first = g.linear(0, 0, k);
    for (std::size_t v = 0; v < part.values.voxels.size(); ++v) {
      if (!part.inside.empty() && part.inside[v] == 0) continue;
      seen.inside[static_cast<std::size_t>(first) + v] = 1;
      seen.values.voxels[static_cast<std::size_t>(first) + v] = part.values.voxels[v];
    }
  }
  return seen;
}

/// HU between the voxels, as kernels see them; points in mm.
inline image_sampler<float> sampler_of(const masked_volume<float>& image) {
  image_sampler<float> s;
  s.levels = {image.values.voxels.data(), image.values.geometry.size};
  s.to_index = world_to_index<float>(image.values.geometry, 1);
  s.to_view = world_to_index<float>(image.field_of_view, 1);
  s.view_size = image.field_of_view.size;
  return s;
}

}  // namespace diffam::spine::find
