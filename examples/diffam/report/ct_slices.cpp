// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Resamples the CT and encodes its slices.
#include "report/ct_slices.hpp"

#include <algorithm>
#include <cmath>

#include "diffam/exec/threads.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/io/jpeg.hpp"

namespace diffam::program {

namespace {

constexpr index_t jpeg_block = 8;  // pixels: slices of whole blocks do not run into one another

/// The kept voxels as an image of their own, so that the others count as outside.
volume_view<float> kept_part(const volume_view<float>& ct) {
  volume_view<float> part = ct;
  part.geometry = sub_grid(ct.geometry, ct.kept);
  part.kept.first = {};
  return part;
}

world_box box_of(const std::vector<triangle_mesh<double>>& meshes, double margin) {
  world_box box;
  for (const auto& mesh : meshes)
    for (const auto& v : mesh.vertices) box.add(v);
  box.grow(margin);
  return box;
}

/// Cubic voxels that cover the box.
grid cubes_in(const world_box& box, double spacing) {
  grid g;
  g.axes = mat3<double>::identity();
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = spacing;
    g.size[a] = std::max<index_t>(1, std::lround((box.upper[a] - box.lower[a]) / spacing));
    g.origin[a] = box.lower[a] + spacing / 2;
  }
  g.size[1] = (g.size[1] + jpeg_block - 1) / jpeg_block * jpeg_block;
  return g;
}

/// Appends the greys of some slices.
void append_greys(std::vector<std::uint8_t>& to, const masked_volume<float>& slices,
                  const intensity_window& window) {
  for (std::size_t i = 0; i < slices.values.voxels.size(); ++i) {
    const bool inside = slices.inside.empty() || slices.inside[i] != 0;
    const double level =
        (static_cast<double>(slices.values.voxels[i]) - window.black) / (window.white - window.black);
    to.push_back(inside ? static_cast<std::uint8_t>(std::lround(255 * std::clamp(level, 0.0, 1.0)))
                        : std::uint8_t{0});
  }
}

/// The slices of a grid. They are resampled some at a time, to save memory.
std::vector<std::uint8_t> greys_of(const volume_view<float>& source, const grid& g, const exec::threads& e,
                                   const ct_slices_options& options) {
  std::vector<std::uint8_t> grey;
  grey.reserve(static_cast<std::size_t>(g.voxel_count()));
  for (index_t first = 0; first < g.size[2]; first += options.slices_a_picture) {
    const index_t count = std::min<index_t>(options.slices_a_picture, g.size[2] - first);
    const grid some = sub_grid(g, {{0, 0, first}, {g.size[0], g.size[1], count}});
    append_greys(grey, resample<float>(e, source, some), options.window);
  }
  return grey;
}

/// Encodes picture n. Leaves it empty where there is no memory, because a kernel must not throw.
struct encode_kernel {
  const grid& geometry;
  const std::vector<std::uint8_t>& grey;
  index_t slices;
  int quality;
  std::vector<std::string>& pictures;

  void operator()(index_t n) const {
    const index_t slice = geometry.size[0] * geometry.size[1], first = n * slices;
    const index_t count = std::min(slices, geometry.size[2] - first);
    const std::span<const std::uint8_t> part(grey.data() + first * slice,
                                             static_cast<std::size_t>(count * slice));
    try {
      pictures[static_cast<std::size_t>(n)] = io::jpeg_text(
          static_cast<int>(geometry.size[0]), static_cast<int>(geometry.size[1] * count), part, quality);
    } catch (const std::exception&) {
      pictures[static_cast<std::size_t>(n)].clear();
    }
  }
};

ct_slices encoded(const grid& geometry, const std::vector<std::uint8_t>& grey, const exec::threads& e,
                  const ct_slices_options& options) {
  ct_slices out{geometry, options.slices_a_picture, {}};
  const index_t count = exec::chunk_count(geometry.size[2], options.slices_a_picture);
  out.pictures.resize(static_cast<std::size_t>(count));
  e.for_each_index(count,
                   encode_kernel{geometry, grey, options.slices_a_picture, options.quality, out.pictures}, 1);
  for (const auto& p : out.pictures)
    if (p.empty()) throw error("report: cannot encode a slice of the CT", error_kind::internal);
  return out;
}

}  // namespace

index_t ct_slices::bytes() const {
  index_t sum = 0;
  for (const auto& p : pictures) sum += std::ssize(p);
  return sum;
}

ct_slices slices_around(const volume_view<float>& ct, const std::vector<triangle_mesh<double>>& meshes,
                        int threads, const ct_slices_options& options) {
  if (ct.kept.empty() || meshes.empty()) return {};
  const exec::threads e(threads);
  const volume_view<float> source = kept_part(ct);
  const world_box box = intersection(box_of(meshes, options.margin), bounding_box(source.geometry));
  if (box.empty()) return {};
  const vec3<double> length = box.upper - box.lower;
  const double volume = length[0] * length[1] * length[2];
  double spacing =
      std::max(options.least_spacing, std::cbrt(volume / static_cast<double>(options.most_voxels)));
  while (true) {
    const grid g = cubes_in(box, spacing);
    ct_slices out = encoded(g, greys_of(source, g, e, options), e, options);
    if (out.bytes() <= options.most_bytes) return out;
    spacing *= 1.26;  // half of the voxels
  }
}

}  // namespace diffam::program
