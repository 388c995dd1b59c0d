// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The bones of the generated CT as implicit functions, mm, negative inside. On purpose not the built-in
// template: a superellipsoid body, a torus for the arch, rods for the processes, sizes drawn by seed. A fit
// of the template to it is a fit of one shape to another, as with a patient.
#pragma once

#include "diffam/core/random.hpp"
#include "diffam/spine/anatomy/implicit.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::spine::detail {

/// A uniform number in (-1, 1), a function of its arguments alone.
inline double phantom_variation(std::uint64_t seed, int item, int slot) {
  const auto words =
      random_words(seed, random_stream::phantom, 0, static_cast<std::uint64_t>(1000 * item + slot));
  return 2 * unit_interval<double>(words[0]) - 1;
}

/// Piecewise linear through (rank, value) pairs in rising order of rank.
template <std::size_t N>
double along_the_spine(const vec<double, 2> (&table)[N], double rank) {
  if (rank <= table[0][0]) return table[0][1];
  for (std::size_t i = 1; i < N; ++i)
    if (rank <= table[i][0]) {
      const double t = (rank - table[i - 1][0]) / (table[i][0] - table[i - 1][0]);
      return table[i - 1][1] + (table[i][1] - table[i - 1][1]) * t;
    }
  return table[N - 1][1];
}

/// A bone in place: local coordinates are those of a lumbar vertebra at 34.3 mm spacing.
struct phantom_bone {
  int label = 0;                                 // 0: in the CT, not in the truth
  bool sacrum = false;                           //
  bool ribs = false;                             //
  vec3<double> centre{};                         // world, mm
  mat3<double> axes = mat3<double>::identity();  // rows: right, anterior, superior in the world
  double size = 1;                               // mm a local mm
  vec3<double> body{23.5, 16.5, 13.3};           // half axes
  double arch_radius = 13.6, arch_tube = 3.9;
  double transverse = 38, spinous = 56, droop = 12;

  vec3<double> local(const vec3<double>& world) const { return axes * (world - centre) * (1 / size); }

  /// False where the bone is more than a few mm away.
  bool near(const vec3<double>& p) const {
    const double reach = ribs ? 90 : 50;
    return std::abs(p[0]) < reach && p[1] > -70 && p[1] < 26 && std::abs(p[2]) < 34;
  }

  /// The implicit function at a local position.
  double operator()(vec3<double> p) const {
    p[0] = std::abs(p[0]);
    const double bulk = superellipsoid(p);
    if (sacrum) {
      const double ala = rod{{12, -4, 4}, {42, -16, -2}, 13, 12}(p);
      return smooth_union(bulk, ala, 6);
    }
    double f = smooth_union(bulk, arch(p), 3);
    f = smooth_union(f, rod{{15, -23, 4}, {transverse, -27, 6}, 4, 3}(p), 2);
    f = smooth_union(f, rod{{0, -36, -4}, {0, -spinous, -droop}, 3, 3.2, {1, 1, 2.1}}(p), 3);
    f = smooth_union(f, rod{{16, -25, 6}, {17.5, -28, 15}, 4.4, 4.4}(p), 3);
    f = smooth_union(f, rod{{13, -31, -3}, {10.5, -37, -17}, 4.4, 4.2}(p), 3);
    if (ribs) f = smooth_union(f, rod{{30, -26, 4}, {85, -50, -12}, 4.5, 4.5}(p), 1);
    return f;
  }

  /// First-order distance to the surface, world mm.
  double distance(const vec3<double>& p) const {
    const double f = (*this)(p);
    if (std::abs(f) > 4) return f * size;
    const double slope = norm(implicit_gradient(*this, p));
    return f * size / (slope > 0.25 ? slope : 0.25);
  }

 private:
  double superellipsoid(const vec3<double>& p) const {
    const auto power = [](double x, double e) { return std::pow(std::abs(x), e); };
    const double plane = std::pow(power(p[0] / body[0], 2.3) + power(p[1] / body[1], 2.3), 6 / 2.3);
    return (std::pow(plane + power(p[2] / body[2], 6), 1.0 / 6) - 1) * body[2];
  }

  /// A torus around the canal; its front is inside the body, its back hangs down.
  double arch(const vec3<double>& p) const {
    const double z = (p[2] - 4 - 0.35 * (p[1] + 16)) / 1.8;
    const double ring = std::sqrt(p[0] * p[0] + (p[1] + 22) * (p[1] + 22)) - arch_radius;
    return std::sqrt(ring * ring + z * z) - arch_tube;
  }
};

/// Distance from a level's centre to the next one's, mm, and how far its top leans forward, radians.
inline double phantom_spacing(double rank) {
  constexpr vec<double, 2> table[] = {{1, 15}, {7, 17}, {8, 19}, {19, 29}, {21, 33}, {25, 36}};
  return along_the_spine(table, rank);
}
inline double phantom_lean(double rank) {
  constexpr vec<double, 2> table[] = {{1, -5},   {8, 22}, {14, 5},  {19, -9},
                                      {21, -10}, {23, 2}, {25, 16}, {26, 24}};
  return along_the_spine(table, rank) * degree;
}

/// Rows right, anterior, superior: turned by `lean` about right, then a little about the other two.
inline mat3<double> phantom_axes(double lean, double roll, double turn) {
  const vec3<double> up = normalized(vec3<double>{std::sin(roll), std::sin(lean), std::cos(lean)});
  const vec3<double> aside{std::cos(turn), std::sin(turn), 0};
  const vec3<double> right = normalized(aside - up * dot(aside, up));
  return {{right, cross(up, right), up}};
}

/// One bone a rank, from head to foot; `first` is at the origin.
inline std::vector<phantom_bone> phantom_spine(const std::vector<int>& labels, std::uint64_t seed) {
  std::vector<phantom_bone> bones;
  const double whole = 1 + 0.06 * phantom_variation(seed, 0, 0);  // this patient's size
  vec3<double> position{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const int rank = anatomical_rank(labels[i]);
    const auto vary = [&](int slot, double by) { return by * phantom_variation(seed, rank, slot); };
    phantom_bone b;
    b.label = labels[i];
    b.sacrum = labels[i] == label::sacrum;
    b.ribs = labels[i] >= label::t1 && labels[i] <= label::t12;
    const double spacing = phantom_spacing(rank) * whole;
    const double lean = phantom_lean(rank) + (b.sacrum ? 0.35 : 0) + vary(1, 0.04);
    b.axes = phantom_axes(lean, vary(2, 0.04), vary(3, 0.04));
    b.size = spacing / 34.3 * (1 + vary(4, 0.02));
    b.body = {b.body[0] * (1 + vary(5, 0.06)), b.body[1] * (1 + vary(6, 0.06)),
              b.body[2] * (1 + vary(7, 0.03))};
    b.arch_radius *= 1 + vary(8, 0.03);
    b.transverse *= 1 + vary(9, 0.08);
    b.spinous *= 1 + vary(10, 0.05);
    b.droop *= 1 + vary(11, 0.3);
    if (i > 0) {
      const phantom_bone& above = bones.back();
      const double apart = (spacing + phantom_spacing(anatomical_rank(above.label)) * whole) / 2 *
                           levels_apart(above.label, b.label == label::sacrum ? above.label + 1 : b.label);
      position -= normalized(above.axes.row[2] + b.axes.row[2]) * apart;
      position[0] += vary(12, 0.8);
    }
    b.centre = position;
    bones.push_back(b);
  }
  return bones;
}

}  // namespace diffam::spine::detail
