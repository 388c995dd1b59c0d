// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts of a vertebra, and the part of the implicit shape that is nearest to a point.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "diffam/spine/anatomy/vertebra_shape.hpp"

namespace diffam::spine {

/// Parts of a vertebra's surface. Left and right are the patient's. For the atlas, `body_wall` and the end
/// plates are those of its anterior arch.
enum class bone_part : std::uint8_t {
  body_wall,
  upper_end_plate,
  lower_end_plate,
  dens,
  pedicle_left,
  pedicle_right,
  lamina_left,
  lamina_right,
  spinous_process,
  transverse_left,
  transverse_right,
  upper_articular_left,
  upper_articular_right,
  lower_articular_left,
  lower_articular_right
};
inline constexpr int bone_part_count = 15;

constexpr bool is_body(bone_part p) {
  return p <= bone_part::dens;
}

/// The part of the same kind on the given side. In the list, each left part comes before its right one.
constexpr bone_part on_side(bone_part left, bool right) {
  return right ? static_cast<bone_part>(static_cast<int>(left) + 1) : left;
}

/// "upper_end_plate" and so on.
constexpr const char* bone_part_name(bone_part p) {
  constexpr const char* names[bone_part_count] = {"body_wall",
                                                  "upper_end_plate",
                                                  "lower_end_plate",
                                                  "dens",
                                                  "pedicle_left",
                                                  "pedicle_right",
                                                  "lamina_left",
                                                  "lamina_right",
                                                  "spinous_process",
                                                  "transverse_left",
                                                  "transverse_right",
                                                  "upper_articular_left",
                                                  "upper_articular_right",
                                                  "lower_articular_left",
                                                  "lower_articular_right"};
  return names[static_cast<int>(p)];
}

/// The number of a part in the sub-region masks of SPINEPS and TPTBox (Location in TPTBox's
/// vert_constants.py): 41 arch, 42 spinous process, 43 and 44 costal (transverse) process left and right, 45
/// and 46 upper, 47 and 48 lower articular process left and right, 50 body.
constexpr int subregion_number(bone_part p) {
  switch (p) {
    case bone_part::pedicle_left:
    case bone_part::pedicle_right:
    case bone_part::lamina_left:
    case bone_part::lamina_right:
      return 41;
    case bone_part::spinous_process:
      return 42;
    case bone_part::transverse_left:
      return 43;
    case bone_part::transverse_right:
      return 44;
    case bone_part::upper_articular_left:
      return 45;
    case bone_part::upper_articular_right:
      return 46;
    case bone_part::lower_articular_left:
      return 47;
    case bone_part::lower_articular_right:
      return 48;
    default:
      return 50;
  }
}

namespace anatomy {

/// The part of the shape that is nearest to a point of its surface, in the frame of the shape: its implicit
/// function is the lowest there. `process_at` (processes.hpp) tells the process of the bone.
inline bone_part nearest_part(const vertebra_shape& shape, const vec3<double>& p) {
  const vertebra_shape::part_values v = shape.parts_at(p);
  const auto side = [right = p[0] > 0](bone_part left) { return on_side(left, right); };
  const double body = std::max({v.body.wall, v.body.upper, v.body.lower});
  const bone_part of_body = body == v.body.wall    ? bone_part::body_wall
                            : body == v.body.upper ? bone_part::upper_end_plate
                                                   : bone_part::lower_end_plate;
  const std::pair<double, bone_part> all[] = {{body, of_body},
                                              {v.dens, bone_part::dens},
                                              {v.pedicle, side(bone_part::pedicle_left)},
                                              {v.lamina, side(bone_part::lamina_left)},
                                              {v.spinous, bone_part::spinous_process},
                                              {v.transverse, side(bone_part::transverse_left)},
                                              {v.upper, side(bone_part::upper_articular_left)},
                                              {v.lower, side(bone_part::lower_articular_left)}};
  return std::min_element(std::begin(all), std::end(all),
                          [](const auto& a, const auto& b) { return a.first < b.first; })
      ->second;
}

}  // namespace anatomy
}  // namespace diffam::spine
