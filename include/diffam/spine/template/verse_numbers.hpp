// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tells masks with TotalSegmentator's numbers from those with VerSe's. Each of its numbers from 29 on would
// silently be no vertebra, and its L4 (28) a T13.
#pragma once

#include <string>
#include <vector>

#include "diffam/core/error.hpp"
#include "diffam/image/label_box.hpp"

namespace diffam::spine::detail {

/// Throws `error` (bad_data) where no label is one of VerSe's C1 to L5 (1 to 24) and some are
/// TotalSegmentator's C1 to L5 (50 to 27). The number 25 tells nothing: it is VerSe's L6 and
/// TotalSegmentator's sacrum. `boxes`: `label_boxes` of the volume; `source`: its name.
inline void require_verse_numbers(const std::vector<label_box>& boxes, const std::string& source) {
  const auto first_in = [&](std::size_t from, std::size_t to) {
    while (from <= to && boxes[from].empty()) ++from;
    return from <= to ? from : 0;
  };
  const std::size_t foreign = first_in(27, 50);
  if (foreign == 0 || first_in(1, 24) != 0) return;
  throw error(source + ": labels: expected VerSe's numbers (C1 to L5: 1 to 24), found none of them, and " +
                  std::to_string(foreign) +
                  ", as in a mask of TotalSegmentator (C1 to L5: 50 to 27): fit and eval read it with "
                  "--labels totalseg, and a template needs the numbers 51 less these",
              error_kind::bad_data);
}

}  // namespace diffam::spine::detail
