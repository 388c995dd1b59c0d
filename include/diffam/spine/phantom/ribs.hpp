// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Twelve pairs of ribs: from the head beside the bodies, in front of the transverse process, around the
// chest. The chest is an ellipse in the frame of each vertebra. Sizes are those of an adult, chosen by eye.
#pragma once

#include "diffam/spine/anatomy/implicit.hpp"
#include "diffam/spine/phantom/chain.hpp"

namespace diffam::spine::detail {

/// The ellipse of the chest at the level of a rib, mm; y is measured from the centre of the body.
struct phantom_chest {
  double half_width, half_depth, back;

  explicit phantom_chest(double rib) {
    constexpr vec<double, 2> widths[] = {{0, 12},  {1, 46},   {2, 68},   {3, 86},  {5, 110},
                                         {8, 130}, {10, 128}, {12, 118}, {13, 112}};
    constexpr vec<double, 2> depths[] = {{0, 15}, {1, 38}, {2, 52}, {4, 74}, {7, 92}, {13, 96}};
    constexpr vec<double, 2> backs[] = {{0, -28}, {1, -34}, {3, -45}, {6, -53}, {10, -52}, {12, -48}};
    half_width = along_the_spine(widths, rib), half_depth = along_the_spine(depths, rib);
    back = along_the_spine(backs, rib);
  }
  double middle() const { return back + half_depth; }
};

/// Points along the right rib (`side` 1) or the left one (-1) of a thoracic vertebra, in the world.
inline std::vector<vec3<double>> rib_curve(const phantom_vertebra& v, int rib, double side) {
  constexpr vec<double, 2> ends[] = {{1, 150}, {7, 155}, {8, 130}, {10, 105}, {11, 75}, {12, 50}};  // degrees
  constexpr vec<double, 2> drops[] = {{1, 12}, {4, 50}, {7, 75}, {10, 75}, {12, 45}};               // mm
  const auto& m = v.measures();
  const auto mirrored = [side](vec3<double> p) { return p[0] *= side, p; };
  const phantom_chest chest(rib);
  const bool between_bodies = rib > 1 && rib < 10;  // the head reaches the disc above
  const vec3<double> tip = m.transverse.tip;
  const vec3<double> head{0.42 * m.body.upper_width + 5, -0.3 * m.body.upper_depth,
                          (between_bodies ? 0.42 : 0.15) * m.body.height};
  const vec3<double> tubercle{tip[0] + 1, tip[1] + m.transverse.tip_radius + 5.5, tip[2] - 1};
  std::vector<vec3<double>> points{v.at(mirrored(head)),
                                   v.at(mirrored(head * 0.45 + tubercle * 0.55 + vec3<double>{0, 1.5, 0})),
                                   v.at(mirrored(tubercle))};
  const double first = std::asin(std::min(0.9, (tubercle[0] + 18) / chest.half_width));
  const double last = along_the_spine(ends, rib) * degree, drop = along_the_spine(drops, rib);
  const int steps = 2 + static_cast<int>((last - first) / 0.2);
  for (int i = 0; i <= steps; ++i) {
    const double share = static_cast<double>(i) / steps, angle = first + (last - first) * share;
    points.push_back(v.pose().world(
        mirrored({chest.half_width * std::sin(angle), chest.middle() - chest.half_depth * std::cos(angle),
                  tubercle[2] - 6 - drop * share})));
  }
  return points;
}

/// A rib as rods along a Catmull-Rom curve through its points, 7 mm thick and 12 mm high.
inline void add_rib(std::vector<phantom_bone>& bones, const phantom_vertebra& v, int rib, double side) {
  constexpr int pieces = 3;
  const std::vector<vec3<double>> points = rib_curve(v, rib, side);
  const double size = v.pose().size, radius = (rib == 1 || rib > 10 ? 3.0 : 3.4) * size;
  const auto at = [&](std::size_t i, double t) {
    const vec3<double>&a = points[i == 0 ? 0 : i - 1], &b = points[i], &c = points[i + 1],
          &d = points[std::min(i + 2, points.size() - 1)];
    return (b * 2 + (c - a) * t + (a * 2 - b * 5 + c * 4 - d) * (t * t) +
            (b * 3 - a - c * 3 + d) * (t * t * t)) *
           0.5;
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    for (int k = 0; k < pieces; ++k) {
      const rod piece{at(i, double(k) / pieces), at(i, (k + 1.0) / pieces), radius, radius, {1, 1, 1.75}};
      phantom_bone bone;
      bone.gives_way = true;
      for (int a = 0; a < 3; ++a) {
        const double room = radius * piece.stretch[a] + 1;
        bone.low[a] = std::min(piece.from[a], piece.to[a]) - room;
        bone.high[a] = std::max(piece.from[a], piece.to[a]) + room;
      }
      bone.distance = [piece](const vec3<double>& p) {
        const double f = piece(p);
        return std::abs(f) > phantom_near ? f : first_order_distance(f, implicit_gradient(piece, p));
      };
      bones.push_back(bone);
    }
}

}  // namespace diffam::spine::detail
