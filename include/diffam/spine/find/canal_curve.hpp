// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The canal as a smooth curve from head to foot, with a frame at every two millimetres: up along the canal,
// front to the bodies, right across both. The front is a given one turned to where the image is most alike on
// both sides: vertebrae of a scoliosis turn by up to 40 degrees about the canal.
#pragma once

#include <algorithm>
#include <vector>

#include "diffam/image/trilinear.hpp"
#include "diffam/spine/find/canal_path.hpp"
#include "diffam/spine/find/canal_rays.hpp"

namespace diffam::spine::find {

inline constexpr double curve_step = 2;  // mm along the curve

/// A place in the canal.
struct canal_frame {
  vec3<double> centre;            // world mm
  vec3<double> right, front, up;  // orthonormal; up: along the canal to the head
};

/// Frames from head to foot, `curve_step` apart.
using canal_curve = std::vector<canal_frame>;

struct canal_curve_params {
  canal_ray_params rays{};
  int recentred = 2;            // times that the curve is moved to the middle between the walls
  double position_sigma = 8;    // mm along the curve, smoothing of the places
  double direction_sigma = 10;  // of the direction
  double front_sigma = 14;      // of the direction to the bodies
  double beyond = 40;           // mm that the curve goes on straight at either end: the path ends where rays
                                // do, and bodies lie to the front of the canal, not beside it
  double most_twist = 45;       // degrees of a vertebra about the canal
  bool straight = false;  // the line through both ends instead of the curve, to measure what that is worth
};

namespace detail {

/// Weights of a Gaussian over the points, normalised at the ends.
template <class Value>
std::vector<Value> smoothed(const std::vector<Value>& x, double sigma_steps) {
  const auto n = static_cast<index_t>(x.size()), reach = static_cast<index_t>(std::ceil(3 * sigma_steps));
  std::vector<Value> out;
  for (index_t i = 0; i < n; ++i) {
    Value sum{};
    double weights = 0;
    for (index_t j = std::max<index_t>(0, i - reach); j <= std::min(n - 1, i + reach); ++j) {
      const double d = static_cast<double>(j - i) / sigma_steps, w = std::exp(-d * d / 2);
      sum += x[static_cast<std::size_t>(j)] * w;
      weights += w;
    }
    out.push_back(sum * (1 / weights));
  }
  return out;
}

/// The points at equal steps along the polyline through them.
inline std::vector<vec3<double>> at_equal_steps(const std::vector<vec3<double>>& x, double step) {
  std::vector<vec3<double>> out{x.front()};
  double missing = step;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const vec3<double> d = x[i + 1] - x[i];
    const double length = norm(d);
    for (; missing <= length; missing += step) out.push_back(x[i] + d * (missing / length));
    missing -= length;
  }
  return out;
}

/// The directions from each point to the next ones, smoothed, as unit vectors.
inline std::vector<vec3<double>> directions_along(const std::vector<vec3<double>>& x, double sigma_steps) {
  std::vector<vec3<double>> d;
  for (std::size_t i = 0; i < x.size(); ++i)
    d.push_back(normalized(x[std::min(i + 1, x.size() - 1)] - x[i > 0 ? i - 1 : 0]));
  d = smoothed(d, sigma_steps);
  for (auto& v : d) v = normalized(v);
  return d;
}

/// The places between the walls: moved by half of the difference of opposite rays, where these meet walls.
/// A place counts in the smoothing by the share of its rays that do.
inline std::vector<vec3<double>> recentred(const volume<float>& image, const std::vector<vec3<double>>& x,
                                           const canal_curve_params& p) {
  using row = vec<double, 4>;  // place times weight, weight
  const auto along = directions_along(x, p.direction_sigma / curve_step);
  std::vector<row> moved;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const vec3<double> across = std::abs(along[i][0]) < 0.7 ? vec3<double>{1, 0, 0} : vec3<double>{0, 1, 0};
    const ray_plane rays = plane_across(along[i], across, image.geometry);
    const vec3<double> from = image.geometry.to_index(x[i]);
    vec3<double> shift{};
    int pairs = 0;
    for (std::size_t r = 0; r < canal_rays / 2; ++r) {
      const canal_pair q = rays_both_ways(image, from, rays, r, p.rays);
      if (!q.closed) continue;
      shift += rays[r] * (q.there - q.back);  // twice the mean over directions: half of each is across
      ++pairs;
    }
    const double weight = 0.05 + pairs / (canal_rays / 2.0);
    if (pairs > 2) shift *= 1.0 / pairs;
    if (pairs <= 2) shift = {};
    const vec3<double> to = image.geometry.to_world(from + shift);
    moved.push_back(row{to[0] * weight, to[1] * weight, to[2] * weight, weight});
  }
  std::vector<vec3<double>> out;
  for (const row& q : smoothed(moved, p.position_sigma / curve_step))
    out.push_back(vec3<double>{q[0], q[1], q[2]} * (1 / q[3]));
  return out;
}

/// With straight ends of `beyond` mm, along the mean direction of the same length before them.
inline std::vector<vec3<double>> extended(const std::vector<vec3<double>>& x, const canal_curve_params& p) {
  const auto more = static_cast<std::size_t>(p.beyond / curve_step), back = std::min(more, x.size() - 1);
  const vec3<double> first = normalized(x[0] - x[back]) * curve_step,
                     last = normalized(x.back() - x[x.size() - 1 - back]) * curve_step;
  std::vector<vec3<double>> out;
  for (std::size_t i = more; i > 0; --i) out.push_back(x[0] + first * static_cast<double>(i));
  out.insert(out.end(), x.begin(), x.end());
  for (std::size_t i = 1; i <= more; ++i) out.push_back(x.back() + last * static_cast<double>(i));
  return out;
}

/// The image around a place of the canal, in the plane across it: HU at radii and angles from the front.
class around_canal {
 public:
  static constexpr int angles = 72, radii = 8;

  around_canal(const volume<float>& image, const canal_frame& f) {
    const voxel_view<float> voxels{image.voxels.data(), image.geometry.size};
    for (int a = 0; a < angles; ++a)
      for (int r = 0; r < radii; ++r) {
        const double t = a * 360.0 / angles * degree, mm = 8 + 4 * r;
        const vec3<double> at = f.centre + (f.front * std::cos(t) + f.right * std::sin(t)) * mm;
        hu_[a][r] = std::clamp(
            trilinear_value(voxels, image.geometry.to_index(at), read_voxel<double, float>{voxels.data}),
            -100.0, 400.0);
      }
  }

  /// Mean difference in HU between both sides of an angle.
  double asymmetry(int angle) const {
    double sum = 0;
    for (int a = 1; a < angles / 2; ++a)
      for (int r = 0; r < radii; ++r) sum += std::abs(at(angle + a, r) - at(angle - a, r));
    return sum / ((angles / 2 - 1) * radii);
  }

 private:
  double at(int angle, int r) const { return hu_[(angle + 2 * angles) % angles][r]; }
  double hu_[angles][radii];
};

/// Turns each frame's front to where the image is most alike on both sides, smoothly along the canal.
inline void turn_to_symmetry(const volume<float>& image, canal_curve& curve, const canal_curve_params& p) {
  constexpr int angles = around_canal::angles;
  const int twist = static_cast<int>(p.most_twist * angles / 360);
  using row = vec<double, angles>;
  std::vector<row> differences;
  for (const auto& f : curve) {
    const around_canal around(image, f);
    row d{};
    for (int a = -twist; a <= twist; ++a) d[a + twist] = around.asymmetry(a);
    differences.push_back(d);
  }
  differences = smoothed(differences, p.front_sigma / curve_step);
  std::vector<vec3<double>> fronts;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    int best = twist;
    for (int a = 0; a <= 2 * twist; ++a)
      if (differences[i][a] < differences[i][best]) best = a;
    const double t = (best - twist) * 360.0 / angles * degree;
    fronts.push_back(curve[i].front * std::cos(t) + curve[i].right * std::sin(t));
  }
  fronts = smoothed(fronts, p.front_sigma / curve_step);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    canal_frame& f = curve[i];
    f.front = normalized(fronts[i] - f.up * dot(fronts[i], f.up));
    f.right = cross(f.front, f.up);
  }
}

}  // namespace detail

/// The curve through the path's points, which run towards `head` or away from it; at least two. Bodies lie
/// within `most_twist` of `front`.
inline canal_curve curve_through(const volume<float>& image, std::vector<vec3<double>> points,
                                 const vec3<double>& head, const vec3<double>& front,
                                 const canal_curve_params& p = {}) {
  if (points.size() < 2) throw error("canal_curve: expected at least two points, got fewer");
  if (dot(points.back() - points.front(), head) > 0) std::reverse(points.begin(), points.end());
  if (p.straight) points = {points.front(), points.back()};
  std::vector<vec3<double>> x = detail::at_equal_steps(points, curve_step);
  x = detail::smoothed(x, p.position_sigma / curve_step);
  for (int n = 0; n < p.recentred && !p.straight; ++n) x = detail::recentred(image, x, p);
  x = detail::at_equal_steps(x, curve_step);
  if (x.size() < 2) return {};  // shrunk to a point
  x = detail::extended(x, p);
  const auto down = detail::directions_along(x, p.direction_sigma / curve_step);
  canal_curve curve;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const vec3<double> up = -down[i], level = normalized(front - up * dot(front, up));
    curve.push_back({x[i], cross(level, up), level, up});
  }
  detail::turn_to_symmetry(image, curve, p);
  return curve;
}

}  // namespace diffam::spine::find
