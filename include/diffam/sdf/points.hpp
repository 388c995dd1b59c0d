// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Policies for the points at which a distance is sampled: fixed points, or a cloud around the moving surface.
// The cloud is uniform by area plus Gaussian noise, and is drawn anew at every forward (Kim & Park 2024,
// section 2.5). Backward treats the points as constants.
#pragma once

#include <concepts>

#include "diffam/mesh/area_sampling.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/simd/columns.hpp"
#include "diffam/simd/math.hpp"

namespace diffam {

/// A source of sample points. `points()` returns the same view at every iteration, and `draw` fills it before
/// each forward. If points are not `redrawn`, the search starts at the closest face of the previous
/// iteration. If points are drawn around faces, `drawn_from()` returns the face of each point (N); else it is
/// empty.
template <class P, class T, class Exec>
concept points_policy = requires(const P& p, const Exec& e, view<const T> vertices) {
  { p.points() } -> std::same_as<view<const T>>;
  { p.drawn_from() } -> std::same_as<view<const stored_index>>;
  { P::redrawn } -> std::convertible_to<bool>;
  { p.draw(e, vertices) } -> std::same_as<void>;
};

/// Points that the caller owns (N x 3), in the units of the vertices. The caller may change them between
/// iterations.
template <real T>
struct fixed_points {
  view<const T> at;

  static constexpr bool redrawn = false;
  view<const T> points() const { return at; }
  view<const stored_index> drawn_from() const { return {}; }
  template <class Exec>
  void draw(const Exec&, view<const T>) const {}
};

/// Parameters of a cloud.
struct surface_cloud_params {
  index_t count = 10000;
  double sigma = 9.6 / 64;  // standard deviation of the noise, in unit lengths
  std::uint64_t seed = 1;
  const clock_state* clock = nullptr;  // the clock of the run (see minimize with a clock); null: always
                                       // iteration 0
};

/// Kernel of a block of samples: each point is a point of the surface plus three normal numbers. The numbers
/// come from the upper half of the indices of the stream `area_samples`; the surface points use the lower
/// half.
template <class T, int Count>
struct cloud_kernel {
  view<const face> faces;
  view<const T> vertices;
  surface_samples<T> samples;
  T sigma;
  std::uint64_t seed;
  const clock_state* clock;
  view<T> points;

  DIFFAM_HOST_DEVICE void operator()(index_t b) const {
    using row = lanes<T, Count>;
    const lane_block<Count> block(b, points.rows);
    lane_columns<T, 4, Count> at;  // uniform numbers, then normal ones
    const random_word_block<Count> words(seed, random_stream::area_samples, clock->iteration,
                                         (std::uint64_t{1} << 63) + static_cast<std::uint64_t>(block.first));
    for (int k = 0; k < 4; ++k)
      for (int l = 0; l < Count; ++l) at.at[k][l] = unit_interval<T>(words.at[k][l]);
    const vec<row, 2> xy = box_muller(row::load(at.at[0]), row::load(at.at[1]));
    const vec<row, 2> z = box_muller(row::load(at.at[2]), row::load(at.at[3]));
    at.set(0, vec3<row>{xy[0], xy[1], z[0]} * row(sigma));
    for (int l = 0; l < block.size; ++l) {
      const index_t i = block.first + l;
      const vec3<T> bary = load3(view<const T>(samples.bary), i);
      store3(points, i, surface_point(vertices, faces[samples.face[i]], bary) + at.vector(0, l));
    }
  }
};

/// Draws a cloud of points around the surface. The object owns these points. Therefore a cloud, and a
/// component that holds one, serves only one run at a time.
template <real T,             // scalar of points and vertices
          exec::policy Exec>  // execution policy
class surface_cloud {
  using memory = typename Exec::memory;

 public:
  using params = surface_cloud_params;
  static constexpr bool redrawn = true;

  /// Samples all faces of a stack of meshes, or `mesh.faces` of one mesh. Throws `diffam::error` if `p.count`
  /// < 1.
  explicit surface_cloud(const std::vector<face>& faces, params p = {})
      : params_(p),
        sampler_(faces, {p.seed, random_stream::area_samples}),
        face_(p.count),
        bary_(p.count, 3),
        points_(p.count, 3),
        own_clock_(1) {
    if (p.count < 1)
      throw error("surface_cloud: expected at least one point, got " + std::to_string(p.count));
    const clock_state start{};
    own_clock_.upload(&start);
  }

  view<const T> points() const { return points_.get(); }
  view<const stored_index> drawn_from() const { return face_.get(); }

  void draw(const Exec& e, view<const T> vertices) const {
    const clock_state* const clock = params_.clock != nullptr ? params_.clock : own_clock_.data();
    const surface_samples<T> samples{face_.get(), bary_.get()};
    sampler_.draw(e, vertices, clock, samples);
    constexpr int count = diffam::exec::lanes_per_index<T, Exec>;
    e.for_each_index(
        lane_block<count>::count(params_.count),
        cloud_kernel<T, count>{sampler_.faces(), vertices, samples, static_cast<T>(params_.sigma),
                               params_.seed, clock, points_.get()},
        diffam::exec::chunk_size / count);
  }

 private:
  params params_;
  surface_sampler<T, Exec> sampler_;
  mutable buffer<stored_index, memory> face_;  // written by draw
  mutable buffer<T, memory> bary_, points_;    // written by draw
  buffer<clock_state, memory> own_clock_;      // fixed at iteration 0; used if no clock is given
};

}  // namespace diffam
