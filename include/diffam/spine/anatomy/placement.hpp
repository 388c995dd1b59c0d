// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How the levels stand in a spine: the distance from a body's centre to its neighbours' centres, and the
// angle between the body's axis and the chord of these neighbours. Measured on the masks of levels.hpp
// (medians over people, neighbouring levels averaged). Publications give the heights of bodies and discs, not
// these distances; docs/templates.md compares the two.
#pragma once

#include "diffam/spine/labels.hpp"

namespace diffam::spine {
namespace anatomy {

/// The label at this rank from head to foot; the inverse of `anatomical_rank` for vertebrae.
constexpr int label_of_rank(int rank) {
  return rank <= label::t12 ? rank : rank == label::t12 + 1 ? label::t13 : rank - 1;
}

/// How one level stands in the spine.
struct placement {
  double spacing;  // mm, mean distance of the centre to those of both neighbours, at the size of levels.hpp
  double tilt;     // degrees, turn about x from the body's axes to the chord; negative leans forward
};

inline constexpr placement placement_of[] = {
    {15.5, -13.1}, {18.8, -11.1}, {19.6, -7.7}, {17.7, -10.7}, {17.0, -12.2}, {17.4, -13.0},  // C1 to C6
    {18.6, -12.2}, {20.2, -8.6},  {21.2, -4.3}, {21.7, -0.5},  {22.6, 2.0},   {23.8, 2.8},    // C7 to T5
    {24.7, 3.2},   {25.5, 3.8},   {26.2, 3.3},  {26.5, 1.5},   {27.5, 0.3},   {29.4, -0.1},   // T6 to T11
    {30.7, -1.4},  {31.9, -2.9},  {34.2, -3.0}, {36.1, -2.3},  {36.4, -1.6},                  // T12 to L4
    {36.1, -7.1},  // L5: against the chord from L4 (the sacrum has no centre); 6 to -15 in five people
};

/// The placement of level l; T13 is the mean of its neighbours, L6 takes that of L5.
constexpr placement placed_at(int l) {
  if (l == label::t13) {
    const placement a = placement_of[label::t12 - 1], b = placement_of[label::l1 - 1];
    return {(a.spacing + b.spacing) / 2, (a.tilt + b.tilt) / 2};
  }
  return placement_of[(l == label::l6 ? label::l5 : l) - 1];
}

/// `placement::tilt` in radians.
constexpr double chord_tilt(int l) {
  return placed_at(l).tilt * degree;
}

/// How the lowest lumbar vertebra leans when the sacrum has no centre. The chord to its single neighbour
/// predicts this badly. Over five people, the axis of L5 differs from that chord by 7 degrees (standard
/// deviation), from the chord of the two levels above by 5, and from the mix of both below by 2.5 (fitted on
/// the same five people).
struct lumbar_end {
  double near_share;  // weight of the chord to the neighbour; the rest is the chord of the two levels above
  double lean;        // degrees forward, to be added so that the template's own tilt holds
};
inline constexpr lumbar_end end_at_l4{0.4, 13.5}, end_at_l5{0.4, 9.1};

}  // namespace anatomy

/// Distance in mm from the centre of a vertebra to its neighbours' centres, in an adult of middle size.
constexpr double natural_spacing_mm(int l) {
  return anatomy::placed_at(l).spacing;
}

}  // namespace diffam::spine
