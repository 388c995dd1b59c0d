// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A bone of the generated CT: its signed distance in world coordinates (mm, negative inside) and its bounding
// box. A vertebra is the built-in shape (anatomy/vertebra_shape.hpp) with one person's measures, deformed and
// placed.
#pragma once

#include <functional>

#include "diffam/mesh/implicit_surface.hpp"
#include "diffam/spine/phantom/deformation.hpp"

namespace diffam::spine::detail {

struct phantom_bone {
  int label = 0;           // 0: in the CT, not in the truth
  bool gives_way = false;  // ribs: where they would touch a vertebra, the vertebra keeps its shape
  vec3<double> low{}, high{};
  std::function<double(const vec3<double>&)> distance;
};

/// The frame of a bone: local = axes (world - centre) / size.
struct phantom_pose {
  int rank = 0;                                  // from head to foot (labels.hpp)
  vec3<double> centre{};                         // world, mm
  mat3<double> axes = mat3<double>::identity();  // rows: right, anterior, superior in the world
  double size = 1;                               // world mm a local mm
  vec3<double> body{};                           // half axes of the body, local mm

  vec3<double> local(const vec3<double>& world) const { return axes * (world - centre) * (1 / size); }
  vec3<double> world(const vec3<double>& local) const { return centre + transpose(axes) * (local * size); }
};

/// The distance to the zero of f to first order, f / |gradient|. Only values within `phantom_near` mm of the
/// surface need it; farther away f itself is good enough.
inline double first_order_distance(double f, const vec3<double>& gradient) {
  return f / std::max(norm(gradient), 0.5);
}
inline constexpr double phantom_near = 4;

/// Sets the bounding box in the world from one in local coordinates.
inline void set_box(phantom_bone& bone, const phantom_pose& pose, const vec3<double>& low,
                    const vec3<double>& high) {
  bone.low = {1e9, 1e9, 1e9}, bone.high = -bone.low;
  for (int c = 0; c < 8; ++c) {
    const vec3<double> corner = pose.world(
        {(c & 1) != 0 ? high[0] : low[0], (c & 2) != 0 ? high[1] : low[1], (c & 4) != 0 ? high[2] : low[2]});
    for (int a = 0; a < 3; ++a) {
      bone.low[a] = std::min(bone.low[a], corner[a]);
      bone.high[a] = std::max(bone.high[a], corner[a]);
    }
  }
}

/// A bone from a function of local coordinates.
template <class Shape>
phantom_bone placed_shape(const Shape& shape, const phantom_pose& pose, const vec3<double>& low,
                          const vec3<double>& high) {
  phantom_bone bone;
  set_box(bone, pose, low, high);
  bone.distance = [shape, pose](const vec3<double>& p) {
    const vec3<double> q = pose.local(p);
    const double f = shape(q);
    if (std::abs(f) > phantom_near) return f * pose.size;
    return first_order_distance(f, implicit_gradient(shape, q)) * pose.size;
  };
  return bone;
}

class phantom_vertebra {
 public:
  phantom_vertebra(int label, std::uint64_t seed, const phantom_pose& pose,
                   const phantom_deformation& deformation)
      : label_(label),
        measures_(phantom_measures(label, seed)),
        shape_(measures_),
        pose_(pose),
        deformation_(deformation),
        unit_(natural_spacing_mm(label) / 34.3) {}

  const phantom_pose& pose() const { return pose_; }
  const anatomy::vertebra_measures& measures() const { return measures_; }

  /// The world position of a point of the undeformed shape.
  vec3<double> at(const vec3<double>& p) const {
    return pose_.world((deformation_.inverse(p * (1 / unit_) + along()) - along()) * unit_);
  }

  double operator()(const vec3<double>& world) const {
    const vec3<double> q = pose_.local(world), x = q * (1 / unit_) + along();
    const vec3<double> moved = q + deformation_(x) * unit_;
    const double f = shape_(moved);
    if (std::abs(f) > phantom_near) return f * pose_.size;
    return first_order_distance(f, deformation_.pulled_back(x, shape_.gradient(moved))) * pose_.size;
  }

  phantom_bone bone() const {
    const auto& m = measures_;
    const double room = deformation_.largest() * unit_ + 2 * m.transverse.tip_radius + 2;
    const vec3<double> low{
        0, m.spinous.tip_y - room,
        std::min({-m.body.height / 2 - m.body.lip, m.lower.tip[2] - m.lower.radius, m.spinous.lower_tip_z,
                  m.lamina.z - m.lamina.inner_radius * m.lamina.stretch}) -
            room};
    const double aside =
        std::max({m.transverse.tip[0], m.body.lower_width / 2, m.upper.tip[0] + m.upper.radius}) + room;
    const vec3<double> high{aside, m.body.centre_y + m.body.lower_depth / 2 + m.body.bend + room,
                            std::max({m.body.height / 2 + m.body.uncus, m.dens.tip_z + m.dens.radius,
                                      m.upper.tip[2] + m.upper.radius, m.transverse.tip[2]}) +
                                room};
    phantom_bone b;
    b.label = label_;
    set_box(b, pose_, {-aside, low[1], low[2]}, high);
    b.distance = *this;
    return b;
  }

 private:
  /// Where this level is in the field that deforms the whole spine, in units of 1/34.3 of the distance to its
  /// neighbours. Both sides of a joint move alike, so joints neither open nor close.
  vec3<double> along() const { return {0, 0, -34.3 * pose_.rank}; }

  int label_;
  anatomy::vertebra_measures measures_;
  anatomy::vertebra_shape shape_;
  phantom_pose pose_;
  phantom_deformation deformation_;
  double unit_;  // local mm a unit of the deformation
};

}  // namespace diffam::spine::detail
