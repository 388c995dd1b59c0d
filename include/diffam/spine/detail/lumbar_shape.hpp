// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A lumbar vertebra as an implicit function, mm, negative inside, x right, y anterior, z superior, origin at
// the body's centre. Sizes are those of a third lumbar vertebra in textbooks (body 48 x 33 x 27 mm, canal 22
// x 14 mm, 84 mm between the tips of the transverse processes), for centres 34.3 mm apart.
#pragma once

#include "diffam/spine/detail/implicit.hpp"

namespace diffam::spine::detail {

struct lumbar_shape {
  double operator()(vec3<double> p) const {
    p[0] = std::abs(p[0]);  // the left half mirrors the right one
    const double arch =
        smooth_union(smooth_union(pedicle(p), facets(p), 4), smooth_union(lamina(p), processes(p), 4), 4);
    return smooth_difference(smooth_union(body(p), arch, 4), canal(p), 1.5);
  }

 private:
  /// A superelliptic cylinder with a waist and hollow end plates.
  static double body(const vec3<double>& p) {
    constexpr double half_height = 13.9, exponent = 2.5;
    const double z = p[2] / half_height, y = p[1] - 1.5;
    const double waist = 1 - (z * z < 1 ? 0.1 * (1 - z * z) : 0);
    const double a = 24.8 * waist, b = 17.6 * waist;
    const double q =
        std::pow(std::pow(p[0] / a, exponent) + std::pow(std::abs(y) / b, exponent), 1 / exponent);
    const double r = p[0] * p[0] / (21 * 21) + y * y / (14 * 14);
    const double hollow = r < 1 ? 1.6 * (1 - r) * (1 - r) : 0;
    return smooth_intersection((q - 1) * 18, std::abs(p[2]) - half_height + hollow, 3.5);
  }

  static double pedicle(const vec3<double>& p) {
    return rod{{16.5, -10, 6.5}, {16.5, -26, 5}, 4.3, 4.6, {1, 1, 1.5}}(p);
  }

  /// The plate behind the canal, from the pedicle down to the root of the spinous process.
  static double lamina(const vec3<double>& p) {
    const double side = rod{{15, -28, 1}, {4, -36, -6}, 3.8, 4, {1, 1, 2.2}}(p);
    const double root = rod{{0, -35, -5}, {0, -40, -7}, 3.2, 3, {1, 1, 2.5}}(p);
    return smooth_union(side, root, 4);
  }

  /// Upper and lower articular processes.
  static double facets(const vec3<double>& p) {
    const double upper = rod{{16.5, -26, 5}, {18, -29.5, 15.5}, 5.8, 5.8, {0.95, 1.15, 1}}(p);
    const double lower = rod{{14.5, -30, 0}, {12, -37, -18.5}, 5.4, 5.3}(p);
    return smooth_union(upper, lower, 4);
  }

  /// Transverse and spinous processes.
  static double processes(const vec3<double>& p) {
    const double transverse = rod{{17, -26, 6}, {38, -28.5, 8.5}, 5, 2.5, {1, 1, 1.25}}(p);
    const double spinous = rod{{0, -38, -6.5}, {0, -57, -11}, 3.5, 4, {1, 1, 2.2}}(p);
    return smooth_union(transverse, spinous, 2);
  }

  static double canal(const vec3<double>& p) {
    const double x = p[0] / 11, y = (p[1] + 21.2 - 0.1 * p[2]) / 7.2;
    return (std::sqrt(x * x + y * y) - 1) * 7.2;
  }
};

}  // namespace diffam::spine::detail
