// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Aligns shapes in position, angle and size by their signed distances: generalised Procrustes analysis (Gower
// 1975) without landmarks. d_m is the signed distance of shape m. A similarity T_m maps the frame of the mean
// to the frame of shape m:
//
//     mean(x) = (1/M) sum_m d_m(T_m x) / s_m,    T_m = argmin sum_x (d_m(T_m x) / s_m - mean(x))^2
//
// The sum is over the voxels x near the surface of the mean. The mean and the T_m are computed in turn, each
// T_m by Levenberg-Marquardt steps. The shapes come in the frame in which a fit starts, so the mean of all
// corrections is kept at the identity.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Eigen/Cholesky>
#include <concepts>
#include <type_traits>

#include "diffam/image/distance_volume.hpp"

namespace diffam::spine::detail {

/// x -> scale * rotation * x + shift.
struct similarity {
  mat3<double> rotation = mat3<double>::identity();
  double scale = 1;
  vec3<double> shift{};

  vec3<double> operator()(const vec3<double>& x) const { return rotation * x * scale + shift; }
  vec3<double> inverse(const vec3<double>& y) const {
    return transpose(rotation) * (y - shift) * (1 / scale);
  }
};

/// Rotation about the axis `w` by its length in radians (Rodrigues).
inline mat3<double> rotation_about(const vec3<double>& w) {
  const double angle = norm(w);
  if (!(angle > 1e-12)) return mat3<double>::identity();
  const vec3<double> u = w * (1 / angle);
  const double c = std::cos(angle), s = std::sin(angle);
  mat3<double> r;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) r(i, j) = u[i] * u[j] * (1 - c) + (i == j ? c : 0);
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    r(j, i) += s * u[k];
    r(i, j) -= s * u[k];
  }
  return r;
}

/// The inverse of `rotation_about`, for angles below 180 degrees.
inline vec3<double> rotation_vector(const mat3<double>& r) {
  const vec3<double> twice{r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1)};
  const double sine = norm(twice) / 2, cosine = (r(0, 0) + r(1, 1) + r(2, 2) - 1) / 2;
  return sine > 1e-12 ? twice * (std::atan2(sine, cosine) / (2 * sine)) : vec3<double>{};
}

/// Parameters of the alignment.
struct align_params {
  int rounds = 4;     // iterations of mean and alignment
  int steps = 6;      // Levenberg-Marquardt steps of one alignment
  double band = 6;    // mm, voxels closer to the mean's surface are used
  double reach = 12;  // mm, distances are clamped to it, so that one long process has no large effect
};

/// Aligns one shape with the mean. This is a template, so that only its callers compile Eigen's solver.
template <std::same_as<float> T>
class aligner {
 public:
  using vector7 = Eigen::Matrix<double, 7, 1>;
  using matrix7 = Eigen::Matrix<double, 7, 7>;

  aligner(const volume<T>& mean, const align_params& p) : params_(p) {
    const grid& g = mean.geometry;
    for (index_t k = 0; k < g.size[2]; k += 2)
      for (index_t j = 0; j < g.size[1]; j += 2)
        for (index_t i = 0; i < g.size[0]; i += 2) {
          const double d = mean.at(i, j, k);
          if (std::abs(d) > p.band) continue;
          points_.push_back(
              g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
          wanted_.push_back(d);
        }
  }

  similarity run(const volume<T>& shape, similarity t) const {
    const volume_function d(shape);
    double damping = 1e-3;
    matrix7 normal;
    vector7 right;
    double cost = linearise(d, t, normal, right);
    for (int s = 0; s < params_.steps; ++s) {
      matrix7 damped = normal;
      for (int k = 0; k < 7; ++k) damped(k, k) *= 1 + damping;
      const similarity next = moved(t, damped.ldlt().solve(-right));
      matrix7 next_normal;
      vector7 next_right;
      const double next_cost = linearise(d, next, next_normal, next_right);
      damping *= next_cost < cost ? 0.2 : 10;
      if (!(next_cost < cost)) continue;
      t = next, cost = next_cost, normal = next_normal, right = next_right;
    }
    return t;
  }

 private:
  /// The Jacobian is that of a step (w, s, t) to first order: y = T x becomes (1 + s) (y + w x y) + t.
  static similarity moved(similarity t, const vector7& step) {
    const mat3<double> turn = rotation_about({step[0], step[1], step[2]});
    const double grow = std::exp(step[3]);
    t.rotation = turn * t.rotation;
    t.scale *= grow;
    t.shift = turn * t.shift * grow + vec3<double>{step[4], step[5], step[6]};
    return t;
  }

  double cut(double d) const {
    return d < -params_.reach ? -params_.reach : d > params_.reach ? params_.reach : d;
  }

  /// Returns the sum of squared residuals, and fills the normal equations of a step.
  double linearise(const volume_function& d, const similarity& t, matrix7& normal, vector7& right) const {
    normal.setZero();
    right.setZero();
    double cost = 0;
    const double shrink = 1 / t.scale;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const vec3<double> y = t(points_[i]);
      const double value = cut(d(y)), residual = value * shrink - wanted_[i];
      cost += residual * residual;
      if (std::abs(value) >= params_.reach) continue;
      vec3<double> g;
      for (int k = 0; k < 3; ++k) {
        vec3<double> high = y, low = y;
        high[k] += 0.5, low[k] -= 0.5;
        g[k] = (d(high) - d(low)) * shrink;
      }
      const vec3<double> turn = cross(y, g);
      vector7 j;
      j << turn[0], turn[1], turn[2], dot(g, y) - value * shrink, g[0], g[1], g[2];
      normal.selfadjointView<Eigen::Lower>().rankUpdate(j);
      right += j * residual;
    }
    normal.triangularView<Eigen::StrictlyUpper>() = normal.transpose();
    return cost;
  }

  align_params params_;
  std::vector<vec3<double>> points_;
  std::vector<double> wanted_;
};

/// Removes the mean of the corrections from each of them.
inline void centre_corrections(std::vector<similarity>& t) {
  const double share = 1 / static_cast<double>(t.size());
  vec3<double> turn{}, shift{};
  double log_scale = 0;
  for (const auto& s : t) {
    turn += rotation_vector(s.rotation) * share;
    log_scale += std::log(s.scale) * share;
  }
  for (auto& s : t) {  // T <- T o (mean turn and size)^-1
    s.rotation = s.rotation * rotation_about(-turn);
    s.scale /= std::exp(log_scale);
    shift += s.shift * share;
  }
  for (auto& s : t) s.shift -= shift;
}

/// mean(x) = (1/M) sum d_m(T_m x) / s_m on the common grid of the shapes.
inline volume<float> mean_distance(const std::vector<volume<float>>& shapes,
                                   const std::vector<similarity>& t) {
  volume<float> mean(shapes.front().geometry, 0.0f);
  const grid& g = mean.geometry;
  for (std::size_t m = 0; m < shapes.size(); ++m) {
    const volume_function d(shapes[m]);
    const double share = 1 / (t[m].scale * static_cast<double>(shapes.size()));
    std::size_t v = 0;
    for (index_t k = 0; k < g.size[2]; ++k)
      for (index_t j = 0; j < g.size[1]; ++j)
        for (index_t i = 0; i < g.size[0]; ++i, ++v)
          mean.voxels[v] += static_cast<float>(
              share *
              d(t[m](g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}))));
  }
  return mean;
}

/// One similarity for each shape. All shapes have the same grid.
template <std::same_as<float> T = float>
std::vector<similarity> align(const std::vector<volume<std::type_identity_t<T>>>& shapes,
                              const align_params& p = {}) {
  std::vector<similarity> t(shapes.size());
  if (shapes.size() < 2) return t;
  for (int round = 0; round < p.rounds; ++round) {
    const aligner<T> against(mean_distance(shapes, t), p);
    for (std::size_t m = 0; m < shapes.size(); ++m) t[m] = against.run(shapes[m], t[m]);
    centre_corrections(t);
  }
  return t;
}

}  // namespace diffam::spine::detail
