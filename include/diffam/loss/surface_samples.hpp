// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sample policies of `normal_loss`: the points of the surface at which the loss is evaluated. A policy has
// `size()`, plans its memory, and `draw` returns the points for the current vertices.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diffam/core/arena.hpp"
#include "diffam/mesh/area_sampling.hpp"

namespace diffam {

/// Points on a surface, for kernels.
template <class T>
struct surface_points {
  view<const stored_index> face;  // M
  view<const T> bary;             // M x 3, weights of the corners of the face
};

/// Points that are fixed relative to their faces. The caller owns them.
template <real T>
class fixed_surface_samples {
 public:
  struct workspace {};

  fixed_surface_samples(view<const stored_index> face, view<const T> bary) : points_{face, bary} {
    require_extent("fixed_surface_samples", "barycentric weights", {face.rows, 3}, bary.extent());
  }
  index_t size() const { return points_.face.rows; }
  workspace plan(arena&) const { return {}; }
  template <class Exec>
  surface_points<T> draw(const Exec&, view<const T>, workspace&) const {
    return points_;
  }

 private:
  surface_points<T> points_;
};

/// Parameters of drawn points.
struct drawn_surface_samples_params {
  index_t count = 10000;
  std::uint64_t seed = 1;
  random_stream stream = random_stream::normal_samples;
};

/// New points in every iteration, uniform by area on the current surface.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class drawn_surface_samples {
 public:
  using params = drawn_surface_samples_params;
  using workspace = surface_samples<T>;

  /// `clock` is read at every draw and must live longer than this object. Throws `diffam::error` if it is
  /// null or `p.count` < 1.
  drawn_surface_samples(const std::vector<face>& faces, const clock_state* clock, const params& p = {})
      : sampler_(faces, {.seed = p.seed, .stream = p.stream}), clock_(clock), count_(p.count) {
    if (clock == nullptr) throw error("drawn_surface_samples: expected a clock, got none");
    if (p.count < 1)
      throw error("drawn_surface_samples: expected a count >= 1, got " + std::to_string(p.count));
  }
  index_t size() const { return count_; }
  workspace plan(arena& a) const { return {a.take<stored_index>(count_), a.take<T>(count_, 3)}; }
  surface_points<T> draw(const Exec& e, view<const T> vertices, workspace& w) const {
    sampler_.draw(e, vertices, clock_, w);
    return {w.face, w.bary};
  }

 private:
  surface_sampler<T, Exec> sampler_;
  const clock_state* clock_;
  index_t count_;
};

}  // namespace diffam
