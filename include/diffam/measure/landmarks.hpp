// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Positions of the landmarks of one fitted vertebra, and the axes of its body.
#pragma once

#include <string_view>

#include "diffam/spine/template.hpp"

namespace diffam::measure {

/// A landmark of a patient.
struct placed_landmark {
  std::string name;
  int number = 0;           // sub-region number of TPTBox; 0: it has none
  vec3<double> position{};  // world, mm
};

/// The landmarks of one vertebra.
class placed_landmarks {
 public:
  placed_landmarks() = default;
  /// `mesh`: world mm, with the faces for which `anatomy` holds. Throws `error` where the counts differ.
  placed_landmarks(const triangle_mesh<double>& mesh, const spine::template_anatomy& anatomy) {
    if (anatomy.parts.size() != mesh.vertices.size())
      throw error("landmarks: expected a mesh of " + std::to_string(anatomy.parts.size()) +
                  " vertices, got " + std::to_string(mesh.vertices.size()));
    for (const spine::landmark& l : anatomy.landmarks)
      all_.push_back({l.name, l.number, position_of(mesh, l)});
  }

  const std::vector<placed_landmark>& all() const { return all_; }

  /// Throws `error` where there is no landmark of this name.
  const vec3<double>& operator[](std::string_view name) const {
    for (const placed_landmark& l : all_)
      if (l.name == name) return l.position;
    throw error("landmarks: expected the name of a landmark, got '" + std::string(name) + "'");
  }
  double distance(std::string_view a, std::string_view b) const { return norm((*this)[a] - (*this)[b]); }

 private:
  std::vector<placed_landmark> all_;
};

/// Orthonormal axes of a body in the world.
struct body_axes {
  vec3<double> right{}, front{}, up{};
};

/// `up` is perpendicular to the mean of both end plates, `right` goes from the left side of the body to the
/// right one. (Their middles may slide along the plates; a line from one to the other would lean with them.)
inline body_axes axes_of(const placed_landmarks& l) {
  const auto unit = [](const vec3<double>& v) { return v * (1 / norm(v)); };
  const vec3<double> aside = unit(l["upper_plate_right"] - l["upper_plate_left"]) +
                             unit(l["lower_plate_right"] - l["lower_plate_left"]);
  const vec3<double> ahead =
      unit(l["upper_front"] - l["upper_back"]) + unit(l["lower_front"] - l["lower_back"]);
  body_axes a;
  a.up = unit(cross(aside, ahead));
  const vec3<double> across = l["body_right"] - l["body_left"];
  a.right = unit(across - a.up * dot(across, a.up));
  a.front = cross(a.up, a.right);
  return a;
}

}  // namespace diffam::measure
