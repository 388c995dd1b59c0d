// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Scores how well rigidly moved and scaled templates fit an image, for many poses at once. The score is the
// normal loss (Kim & Park 2024, section 2.4) at a few hundred points spread evenly over the surface.
#pragma once

#include <vector>

#include "diffam/exec/block.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/simd/math.hpp"
#include "diffam/spine/fit_plan.hpp"
#include "diffam/spine/start/spread_points.hpp"

namespace diffam::spine {

/// A template at a pose, in the frame and the unit of the fit.
template <class T>
struct posed_template {
  mat3<T> basis;  // rows: images of the template's axes
  vec3<T> translation;
  stored_index which;  // index of the template
};

/// Kernel over poses: the mean of exp(-strength of the edge) over the points. A point outside the image
/// counts 1. The derivative across the surface is a finite difference of the image, between `step` outside
/// and `step` inside.
template <class T, class Image, int Count>
struct start_score_kernel {
  view<const T> points, normals;  // 3 x (templates x `each`), mm
  index_t each, used;             // points of a template, and how many of them are used; multiples of Count
  view<const posed_template<T>> poses;
  Image image;
  T step;             // unit lengths
  T falling, rising;  // see normal_term
  view<T> scores;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using row = lanes<T, Count>;
    const posed_template<T>& p = poses[i];
    mat3<row> basis;
    vec3<row> translation;
    for (int k = 0; k < 3; ++k) {
      for (int j = 0; j < 3; ++j) basis(k, j) = row(p.basis(k, j));
      translation[k] = row(p.translation[k]);
    }
    const index_t first = static_cast<index_t>(p.which) * each;
    row sum = row(0);
    for (index_t k = first; k < first + used; k += Count) {
      const vec3<row> q = columns(points, k) * basis + translation;
      const vec3<row> m = columns(normals, k) * basis;
      const vec3<row> n = m * (row(1) / sqrt(squared_norm(m)));
      const row change = (image.value(q + n * row(step)) - image.value(q - n * row(step))) / row(2 * step);
      const row term = normal_term<row>::at(n, n * change, falling, rising).value;
      sum += select(image.inside(q), term, row(1));
    }
    scores[i] = sum.sum() / static_cast<T>(used);
  }

 private:
  static DIFFAM_INLINE vec3<lanes<T, Count>> columns(const view<const T>& x, index_t k) {
    using row = lanes<T, Count>;
    return {row::load(x.row(0) + k), row::load(x.row(1) + k), row::load(x.row(2) + k)};
  }
};

/// Scores poses of the plan's templates; lower is better.
template <real T,             // scalar
          exec::policy Exec,  // execution policy
          class Image = image_sampler<T>>
class start_scores {
  using memory = typename Exec::memory;

 public:
  static constexpr int points_each = 640, points_roughly = 160;

  /// The step of the finite differences is one voxel of `plan.looked_at`.
  start_scores(const Exec& e, const fit_plan& plan, const Image& image, const edge_response& edges)
      : exec_(e),
        frame_(plan.frame),
        step_(static_cast<T>(plan.looked_at.spacing()[0] / frame_.unit)),
        image_(image),
        edges_(edges) {
    std::vector<spread_points> spread;
    for (const auto& mesh : plan.templates) spread.push_back(spread_over(mesh, points_each));
    std::vector<T> points, normals;  // 3 x all; the first `points_roughly` of each template are spread evenly
    for (int k = 0; k < 3; ++k)
      for (const spread_points& s : spread)
        for (int n = 0; n < points_each; ++n) {
          const auto i = static_cast<std::size_t>(n % points_roughly * (points_each / points_roughly) +
                                                  n / points_roughly);
          points.push_back(static_cast<T>(s.points[i][k]));
          normals.push_back(static_cast<T>(s.normals[i][k]));
        }
    points_ = upload_vector<memory>(points);
    normals_ = upload_vector<memory>(normals);
  }

  /// Scores of the poses (world mm); `which` has the index of each pose's template. Allocates and
  /// synchronises.
  std::vector<double> operator()(const std::vector<pose>& poses,
                                 const std::vector<std::size_t>& which) const {
    return score(poses, which, points_each);
  }
  /// The same with a quarter of the points.
  std::vector<double> roughly(const std::vector<pose>& poses, const std::vector<std::size_t>& which) const {
    return score(poses, which, points_roughly);
  }

 private:
  static constexpr int count_ = exec::lanes_per_index<T, Exec>;
  static_assert(points_each % points_roughly == 0 && points_roughly % count_ == 0);

  std::vector<double> score(const std::vector<pose>& poses, const std::vector<std::size_t>& which,
                            index_t points_used) const {
    std::vector<posed_template<T>> posed;
    for (std::size_t i = 0; i < poses.size(); ++i) {
      posed_template<T> p{{}, {}, static_cast<stored_index>(which[i])};
      const vec3<double> t = frame_.from_world(poses[i].translation);
      for (int k = 0; k < 3; ++k) {
        p.translation[k] = static_cast<T>(t[k]);
        for (int j = 0; j < 3; ++j) p.basis(k, j) = static_cast<T>(poses[i].basis(k, j) / frame_.unit);
      }
      posed.push_back(p);
    }
    const auto count = static_cast<index_t>(posed.size());
    const buffer<posed_template<T>, memory> there = upload_vector<memory>(posed);
    buffer<T, memory> scores(count);
    const T falling = static_cast<T>(1 / edges_.contrast), rising = falling * static_cast<T>(edges_.rising);
    const index_t columns = points_.size() / 3;
    exec_.for_each_index(count,
                         start_score_kernel<T, Image, count_>{view<const T>(points_.data(), 3, columns),
                                                              view<const T>(normals_.data(), 3, columns),
                                                              points_each, points_used, there.get(), image_,
                                                              step_, falling, rising, scores.get()},
                         4);
    std::vector<T> found(posed.size());
    memory::copy_to_host(found.data(), scores.data(), found.size() * sizeof(T));
    return {found.begin(), found.end()};
  }

  Exec exec_;
  unit_frame frame_;
  T step_;
  Image image_;
  edge_response edges_;
  buffer<T, memory> points_, normals_;  // points and normals of all templates
};

}  // namespace diffam::spine
