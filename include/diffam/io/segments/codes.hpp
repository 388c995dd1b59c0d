// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The segments of a mask, and the SNOMED CT codes of vertebrae (DICOM PS3.16, CID 7151 "Segmentation Property
// Types").
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diffam/spine/labels.hpp"

namespace diffam::io {

/// One vertebra of a mask.
struct mask_segment {
  int label = 0;                         // VerSe's
  std::uint8_t value = 0;                // in the mask
  std::array<std::uint8_t, 3> colour{};  // red, green, blue; in a DICOM Segmentation
};

namespace detail {

/// A code with its meaning; the scheme is SCT.
struct snomed_code {
  std::string_view value;
  std::string meaning;
};

inline constexpr std::string_view snomed_anatomical_structure = "123037004";

/// The code of a VerSe label. L6 and T13 have no code of their own: they are a "Vertebra".
inline snomed_code snomed_of(int label) {
  constexpr std::string_view codes[] = {
      "14806007", "39976000", "113205007", "5329002",  "36978003", "36054005", "87391001",  // C1 to C7
      "64864005", "53733008", "1626008",   "73071006", "56401006", "45296009", "62487009",  // T1 to T7
      "11068009", "82687006", "7610001",   "12989004", "23215003",                          // T8 to T12
      "66794005", "14293000", "36470004",  "11994002", "49668003"};                         // L1 to L5
  if (label >= spine::label::c1 && label <= spine::label::l5)
    return {codes[label - 1], spine::label_name(label) + " vertebra"};
  if (label == spine::label::sacrum) return {"54735007", "Sacrum"};
  return {"51282000", "Vertebra"};
}

/// 3D Slicer's colours of vertebrae: one for each part of the spine.
constexpr std::array<std::uint8_t, 3> slicer_colour(int label) {
  const int rank = spine::anatomical_rank(label);
  if (rank <= spine::anatomical_rank(spine::label::c7)) return {255, 255, 207};
  if (rank <= spine::anatomical_rank(spine::label::t13)) return {226, 202, 134};
  return {212, 188, 102};
}

}  // namespace detail

}  // namespace diffam::io
