// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// True landmarks and measurements of the vertebrae of a generated CT, from its shapes and without any image:
// the places of the landmarks on the shape of the measures, deformed with it and moved to its surface. One
// row of CSV for each landmark (world mm) and one for each measurement.
//
//     diffam_true_measures FIRST LAST SEED          as in: diffam phantom --levels FIRST-LAST --seed SEED
#include <cstdio>
#include <cstdlib>

#include "diffam/measure/chain.hpp"
#include "diffam/spine/phantom/skeleton.hpp"

using namespace diffam;

namespace {

/// The point of the surface that is near p: along the gradient of the distance.
vec3<double> on_surface(const spine::detail::phantom_bone& bone, vec3<double> p) {
  constexpr double step = 1e-3;  // mm
  for (int n = 0; n < 20; ++n) {
    vec3<double> g{};
    for (int k = 0; k < 3; ++k) {
      vec3<double> d{};
      d[k] = step;
      g[k] = (bone.distance(p + d) - bone.distance(p - d)) / (2 * step);
    }
    p -= g * (bone.distance(p) / std::max(squared_norm(g), 0.25));
  }
  return p;
}

/// Landmarks at given places: those of a mesh that has these points alone.
measure::placed_landmarks placed(int label, const spine::detail::phantom_vertebra& v) {
  const spine::detail::phantom_bone bone = v.bone();
  triangle_mesh<double> points;
  spine::template_anatomy anatomy;
  for (const auto& target : spine::anatomy::landmark_targets(label, v.measures())) {
    spine::landmark l{target.name, target.number, {}};
    for (const vec3<double>& near : target.near) {
      const auto i = static_cast<stored_index>(points.vertices.size());
      l.points.push_back({i, {1, 0, 0}});
      points.vertices.push_back(on_surface(bone, v.at(near)));
      points.faces.push_back({i, i, i});
      anatomy.parts.push_back({});
    }
    anatomy.landmarks.push_back(std::move(l));
  }
  return {points, anatomy};
}

void run(int first, int last, std::uint64_t seed) {
  using namespace spine::detail;
  std::vector<int> levels;
  for (int l = first; l <= last; ++l) levels.push_back(l);
  const phantom_skeleton skeleton(levels, true, seed);
  const phantom_deformation deformation(seed, phantom_skeleton::deviation, 45, 100);
  std::vector<measure::measured_vertebra> all;
  for (std::size_t i = 0; i < skeleton.labels.size(); ++i) {
    const int l = skeleton.labels[i];
    if (l < first || l > last) continue;
    const measure::placed_landmarks landmarks =
        placed(l, phantom_vertebra(l, seed, skeleton.chain[i], deformation));
    all.push_back({l, landmarks, measure::measure_vertebra(l, landmarks, measure::not_measured)});
  }
  measure::measure_chain(all);
  std::puts("vertebra,kind,name,value,y,z");
  for (const auto& v : all) {
    const std::string name = spine::label_name(v.label);
    for (const auto& l : v.landmarks.all())
      std::printf("%s,landmark,%s,%.3f,%.3f,%.3f\n", name.c_str(), l.name.c_str(), l.position[0],
                  l.position[1], l.position[2]);
    for (const auto& c : measure::columns)
      if (std::isfinite(v.measures.*c.value))
        std::printf("%s,%s,%s,%.3f,,\n", name.c_str(), c.unit, c.name, v.measures.*c.value);
  }
  const measure::spine_angles a = measure::measure_angles(all);
  if (a.lordosis_l1_l5) std::printf("spine,degrees,lordosis,%.3f,,\n", *a.lordosis_l1_l5);
  if (a.kyphosis_t4_t12) std::printf("spine,degrees,kyphosis,%.3f,,\n", *a.kyphosis_t4_t12);
  std::printf("spine,degrees,coronal_cobb,%.3f,,\n", a.cobb);
}

}  // namespace

int main(int count, char** words) {
  const auto level = [&](int k) { return spine::label_from_name(words[k]).value_or(0); };
  if (count != 4 || level(1) == 0 || level(2) < level(1) || level(2) > spine::label::l5)
    return std::fputs("usage: diffam_true_measures FIRST LAST SEED, as in: C1 L5 1\n", stderr), 2;
  run(level(1), level(2), static_cast<std::uint64_t>(std::atoll(words[3])));
}
