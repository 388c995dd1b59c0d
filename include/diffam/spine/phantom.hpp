// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A CT made by code, with its truth: vertebrae with a cortical shell and marrow, discs, muscle, fat, air,
// unlabelled bones at both ends, then a scanner's blur and noise. A pure function of its parameters: same
// bits for any host policy and number of threads. For tests, for trying the program, never for claims about
// patients.
#pragma once

#include "diffam/image/gaussian.hpp"
#include "diffam/spine/phantom/anatomy.hpp"

namespace diffam::spine {

/// Hounsfield units before blur and noise.
struct phantom_tissue {
  double air = -1000, fat = -90, muscle = 50, vessel = 60, disc = 80, marrow = 200, cortex = 1300;
};

struct phantom_params {
  std::vector<int> levels{20, 21, 22, 23, 24};         // VerSe labels, consecutive
  vec3<double> spacing{1, 1, 1.5};                     // mm along i, j, k
  mat3<double> directions = mat3<double>::identity();  // columns: unit directions of i, j, k in the world
  double cortex_thickness = 1.5;                       // mm
  double blur = 0.6;                                   // sigma of the scanner's point spread, mm
  double noise = 15;                                   // standard deviation after the blur, HU
  bool other_bones = true;                             // a vertebra above and a vertebra or a sacrum below
  std::uint64_t seed = 1;                              //
  phantom_tissue tissue;                               // HU
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

/// All that the voxels are made of; one call for each slice k.
struct phantom_slice_kernel {
  grid geometry;
  const phantom_params* params;
  const std::vector<phantom_bone>* bones;
  double noise;  // standard deviation before the blur
  float* ct;
  std::uint8_t* truth;

  void operator()(index_t k) const {
    for (index_t j = 0; j < geometry.size[1]; ++j)
      for (index_t i = 0; i < geometry.size[0]; ++i) {
        const index_t v = geometry.linear(i, j, k);
        const vec3<double> p =
            geometry.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const auto words =
            random_words(params->seed, random_stream::phantom, 1, static_cast<std::uint64_t>(v));
        const double normal = box_muller(unit_interval<double>(words[0]), unit_interval<double>(words[1]))[0];
        ct[v] = static_cast<float>(intensity(p, truth[v]) + noise * normal);
      }
  }

 private:
  /// From 0 at -w to 1 at w, once differentiable.
  static double step(double x, double w) {
    const double t = x < -w ? 0 : x > w ? 1 : (x + w) / (2 * w);
    return t * t * (3 - 2 * t);
  }

  double intensity(const vec3<double>& p, std::uint8_t& label) const {
    const phantom_tissue& t = params->tissue;
    double nearest = 1e9;
    const phantom_bone* owner = nullptr;
    for (const phantom_bone& b : *bones) {
      const vec3<double> q = b.local(p);
      if (!b.near(q)) continue;
      const double d = b.distance(q);
      if (d < nearest) nearest = d, owner = &b;
    }
    label = nearest < 0 ? static_cast<std::uint8_t>(owner->label) : std::uint8_t{0};
    constexpr double edge = 0.3;  // mm, half the width of a tissue's border: less than a voxel
    if (nearest > edge) return soft_tissue(p);
    const double into_cortex = step(-nearest, edge),
                 into_marrow = step(-nearest - params->cortex_thickness, edge);
    const double bone = t.cortex + (t.marrow - t.cortex) * into_marrow;
    return into_cortex >= 1 ? bone : bone * into_cortex + soft_tissue(p) * (1 - into_cortex);
  }

  double soft_tissue(const vec3<double>& p) const {
    const phantom_tissue& t = params->tissue;
    std::size_t below = 0;  // the first bone whose centre is under p
    while (below < bones->size() && (*bones)[below].centre[2] > p[2]) ++below;
    if (below > 0 && below < bones->size() && in_disc((*bones)[below - 1], (*bones)[below], p)) return t.disc;
    const vec3<double> q = p - spine_at(p[2], below);
    const double x = q[0] / 150, y = (q[1] - 15) / 105;
    const double depth = (1 - std::sqrt(x * x + y * y)) * 105;  // below the skin, mm
    if (depth < 0) return t.air;
    if (depth < 14) return t.fat;
    const auto vessel = [&](double side) { return norm(vec<double, 2>{q[0] - side, q[1] - 32}) < 9; };
    if (vessel(-11) || vessel(11)) return t.vessel;
    return q[1] > 21 && std::abs(q[0]) < 35 ? t.fat : t.muscle;
  }

  /// The curve of the centres at height z, straight between them and upright beyond; `below` is the first
  /// bone under it.
  vec3<double> spine_at(double z, std::size_t below) const {
    if (below == 0) return bones->front().centre;
    if (below == bones->size()) return bones->back().centre;
    const vec3<double>&a = (*bones)[below - 1].centre, &b = (*bones)[below].centre;
    return a + (b - a) * ((a[2] - z) / (a[2] - b[2]));
  }

  static bool in_disc(const phantom_bone& above, const phantom_bone& below, const vec3<double>& p) {
    const vec3<double> a = above.local(p), b = below.local(p);
    if (a[2] > 0 || b[2] < 0) return false;
    const double x = (a[0] + b[0]) / (above.body[0] + below.body[0]);
    const double y = (a[1] + b[1]) / (above.body[1] + below.body[1]);
    return x * x + y * y < 0.98;
  }
};

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
inline grid phantom_grid(const std::vector<phantom_bone>& bones, const phantom_params& p) {
  vec3<double> low{1e9, 1e9, 1e9}, high = -low;
  for (const auto& b : bones) {
    if (b.label == 0) continue;
    const vec3<double> before{-60, -100, -36}, after{60, 50, 34};
    for (int k = 0; k < 3; ++k) {
      const double a = b.centre[k] + before[k] * (k == 1 ? 1 : b.size), c = b.centre[k] + after[k] * b.size;
      low[k] = a < low[k] ? a : low[k], high[k] = c > high[k] ? c : high[k];
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

/// The levels, with the bones next to them where wanted.
inline std::vector<phantom_bone> phantom_bones(const phantom_params& p) {
  std::vector<int> labels = p.levels;
  const int top = labels.front(), bottom = labels.back();
  const bool above = p.other_bones && top != label::c1, below = p.other_bones;
  if (above) labels.insert(labels.begin(), top == label::t13 ? label::t12 : top - 1);
  if (below)
    labels.push_back(bottom >= label::l5 && bottom != label::t13 ? label::sacrum
                     : bottom == label::t13                      ? label::l1
                                                                 : bottom + 1);
  std::vector<phantom_bone> bones = phantom_spine(labels, p.seed);
  if (above) bones.front().label = 0;
  if (below) bones.back().label = 0;
  return bones;
}

}  // namespace detail

/// A CT of the levels asked for, its labels and its body centres, in one geometry. Throws `error` (usage)
/// where `p` is out of its limits.
template <exec::policy Exec>  // host policy
phantom make_phantom(const Exec& e, const phantom_params& p = {}) {
  detail::require_phantom_params(p);
  const std::vector<detail::phantom_bone> bones = detail::phantom_bones(p);
  const grid g = detail::phantom_grid(bones, p);
  phantom out{volume<float>(g), volume<std::uint8_t>(g), {}};
  for (const auto& b : bones)
    if (b.label != 0) out.centres.push_back({b.label, b.centre});

  vec3<double> variance;
  double kept = 1;  // share of the noise's variance that the blur leaves
  for (int a = 0; a < 3; ++a) {
    variance[a] = p.blur * p.blur / (p.spacing[a] * p.spacing[a]);
    const auto w = gaussian_weights(variance[a]);
    double squares = w[0] * w[0];
    for (std::size_t n = 1; n < w.size(); ++n) squares += 2 * w[n] * w[n];
    kept *= squares;
  }
  e.for_each_index(g.size[2],
                   detail::phantom_slice_kernel{g, &p, &bones, p.noise / std::sqrt(kept),
                                                out.ct.voxels.data(), out.truth.voxels.data()},
                   1);
  blur_voxels(e, out.ct.voxels, g.size, variance);
  for (float& hu : out.ct.voxels) hu = std::nearbyint(hu < -1024 ? -1024 : hu > 3071 ? 3071 : hu);
  return out;
}

}  // namespace diffam::spine
