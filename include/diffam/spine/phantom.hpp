// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A CT made by code, with its truth: vertebrae with a cortical shell and marrow, discs, muscle, fat, lungs,
// air, bones without a label (ribs, those at both ends), then a scanner's blur and noise. A pure function of
// its parameters: same bits for any host policy and number of threads. For tests, for trying the program,
// never for claims about patients.
#pragma once

#include "diffam/image/gaussian.hpp"
#include "diffam/spine/phantom/voxels.hpp"

namespace diffam::spine {

struct phantom_params {
  std::vector<int> levels{20, 21, 22, 23, 24};         // VerSe labels, consecutive
  vec3<double> spacing{1, 1, 1.5};                     // mm along i, j, k
  mat3<double> directions = mat3<double>::identity();  // columns: unit directions of i, j, k in the world
  double cortex_thickness = 1.5;                       // mm
  double blur = 0.6;                                   // sigma of the scanner's point spread, mm
  double noise = 15;                                   // standard deviation after the blur, HU
  bool other_bones = true;                             // ribs, the next bone above and below
  std::uint64_t seed = 1;                              //
  phantom_tissue tissue{};                             // HU
};

struct phantom {
  volume<float> ct;            // whole HU, within int16
  volume<std::uint8_t> truth;  // VerSe labels
  centroid_list centres;       // of the vertebral bodies, from head to foot
};

/// A sagittal scan like VerSe's, i to posterior, j to inferior, k to the right, tilted by `angle` radians.
inline mat3<double> tilted_sagittal(double angle = 0.14) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {{{0, 0, 1}, {-c, s, 0}, {-s, -c, 0}}};
}

namespace detail {

inline void require_phantom_params(const phantom_params& p) {
  const auto fail = [](const std::string& what) { throw error("phantom: expected " + what); };
  if (p.levels.empty()) fail("at least one level");
  for (std::size_t i = 0; i < p.levels.size(); ++i) {
    if (!is_vertebra_label(p.levels[i])) fail("vertebra labels, got " + std::to_string(p.levels[i]));
    if (i > 0 && (!are_neighbours(p.levels[i - 1], p.levels[i]) ||
                  anatomical_rank(p.levels[i - 1]) > anatomical_rank(p.levels[i])))
      fail("consecutive levels from head to foot, got " + label_name(p.levels[i]) + " after " +
           label_name(p.levels[i - 1]));
  }
  for (int a = 0; a < 3; ++a)
    if (!(p.spacing[a] >= 0.3 && p.spacing[a] <= 6)) fail("a spacing from 0.3 to 6 mm");
  const mat3<double> square = transpose(p.directions) * p.directions;
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      if (!(std::abs(square(a, b) - (a == b ? 1 : 0)) < 1e-6)) fail("orthonormal directions");
  if (!(p.blur >= 0 && p.blur < 5 && p.noise >= 0 && p.noise <= 500 && p.cortex_thickness > 0))
    fail("a blur from 0 to 5 mm, noise from 0 to 500 HU and a positive cortex");
}

/// A grid that holds the labelled bones, the skin behind them and parts of the next bones.
inline grid phantom_grid(const phantom_skeleton& skeleton, const phantom_params& p) {
  constexpr vec<double, 2> aside[] = {{1, 52}, {7, 56}, {9, 82}, {18, 82}, {20, 60}},
                           behind[] = {{1, 82}, {12, 84}, {20, 100}}, before[] = {{1, 40}, {8, 50}};
  vec3<double> low{1e9, 1e9, 1e9}, high = -low;
  for (const phantom_pose& b : skeleton.chain) {
    const auto asked = [&](int l) { return anatomical_rank(l) == b.rank; };
    if (std::none_of(p.levels.begin(), p.levels.end(), asked)) continue;
    const double least = b.rank == label::c1 ? 34 : 22;  // mm: of the skull's base, of a neck's next vertebra
    const double along = std::max(b.size * natural_spacing_mm(anatomy::label_of_rank(b.rank)), least);
    const vec3<double> before_it{along_the_spine(aside, b.rank), along_the_spine(behind, b.rank),
                                 1.05 * along},
        after_it{before_it[0], along_the_spine(before, b.rank), along};
    for (int k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], b.centre[k] - before_it[k]);
      high[k] = std::max(high[k], b.centre[k] + after_it[k]);
    }
  }
  const mat3<double> to_scan = transpose(p.directions);
  vec3<double> first{1e9, 1e9, 1e9}, last = -first;
  for (int c = 0; c < 8; ++c) {
    const vec3<double> corner =
        to_scan * vec3<double>{(c & 1) != 0 ? high[0] : low[0], (c & 2) != 0 ? high[1] : low[1],
                               (c & 4) != 0 ? high[2] : low[2]};
    for (int k = 0; k < 3; ++k) {
      first[k] = corner[k] < first[k] ? corner[k] : first[k];
      last[k] = corner[k] > last[k] ? corner[k] : last[k];
    }
  }
  grid g;
  for (int k = 0; k < 3; ++k) {
    g.size[k] = static_cast<index_t>((last[k] - first[k]) / p.spacing[k]) + 1;
    for (int r = 0; r < 3; ++r) g.axes(r, k) = p.directions(r, k) * p.spacing[k];
  }
  g.origin = p.directions * first;
  return g;
}

}  // namespace detail

/// A CT of the levels asked for, its labels and its body centres, in one geometry. Throws `error` (usage)
/// where `p` is out of its limits.
template <exec::policy Exec>  // host policy
phantom make_phantom(const Exec& e, const phantom_params& p = {}) {
  detail::require_phantom_params(p);
  const detail::phantom_skeleton skeleton(p.levels, p.other_bones, p.seed);
  const grid g = detail::phantom_grid(skeleton, p);
  phantom out{volume<float>(g), volume<std::uint8_t>(g), skeleton.centres};
  double bottom = 1e9, top = -1e9;
  for (const vec3<double>& corner : g.corners())
    bottom = std::min(bottom, corner[2]), top = std::max(top, corner[2]);
  const detail::soft_tissue around(p.tissue, skeleton.chain, bottom, top);

  vec3<double> variance;
  for (int a = 0; a < 3; ++a) variance[a] = p.blur * p.blur / (p.spacing[a] * p.spacing[a]);
  e.for_each_index(g.size[2],
                   detail::phantom_slice_kernel{g, p.tissue, p.cortex_thickness, p.seed, &skeleton, &around,
                                                p.noise / std::sqrt(variance_kept(variance)),
                                                out.ct.voxels.data(), out.truth.voxels.data()},
                   1);
  blur_voxels(e, out.ct.voxels, g.size, variance);
  for (float& hu : out.ct.voxels) hu = std::nearbyint(hu < -1024 ? -1024 : hu > 3071 ? 3071 : hu);
  return out;
}

}  // namespace diffam::spine
