// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Names and numbers of vertebrae in the VerSe numbering (Sekuboyina et al., "VerSe", Med. Image Anal. 73,
// 2021): C1-C7 = 1-7, T1-T12 = 8-19, L1-L6 = 20-25, sacrum 26, coccyx 27, T13 = 28. The anatomical order
// differs from the order of the numbers: T13 lies between T12 and L1.
#pragma once

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diffam/core/error.hpp"
#include "diffam/spine/centroid.hpp"

namespace diffam::spine {

namespace label {
inline constexpr int c1 = 1, c7 = 7, t1 = 8, t12 = 19, l1 = 20, l5 = 24, l6 = 25;
inline constexpr int sacrum = 26, coccyx = 27, t13 = 28;
}  // namespace label

/// Whether l is C1 to L6 or T13, the levels that a fit can handle.
constexpr bool is_vertebra_label(int l) {
  return (l >= label::c1 && l <= label::l6) || l == label::t13;
}

/// Whether l is a number of the scheme, sacrum and coccyx included.
constexpr bool is_label(int l) {
  return l >= label::c1 && l <= label::t13;
}

/// Rank from head to foot, from 1; 0 where l is no label.
constexpr int anatomical_rank(int l) {
  if (!is_label(l)) return 0;
  if (l == label::t13) return label::t12 + 1;
  return l <= label::t12 ? l : l + 1;
}

/// Number of levels from `a` to `b`. T13 is rare and counts only where it is `a` or `b`.
constexpr int levels_apart(int a, int b) {
  const auto level = [](int l) { return l == label::t13 ? 2 * label::t12 + 1 : 2 * l; };  // in half levels
  const int d = level(a) > level(b) ? level(a) - level(b) : level(b) - level(a);
  return (d + 1) / 2;
}

/// Whether two vertebrae are next to each other in a spine. T12 and L1 are (without a T13 between them), and
/// so are T12 and T13, L5 and L6.
constexpr bool are_neighbours(int a, int b) {
  return is_vertebra_label(a) && is_vertebra_label(b) && levels_apart(a, b) == 1;
}

/// The name of a label: "L1" for 20. A number outside of the scheme is returned as digits.
inline std::string label_name(int l) {
  const auto numbered = [](char region, int n) { return region + std::to_string(n); };
  if (l == label::t13) return "T13";
  if (l == label::sacrum) return "sacrum";
  if (l == label::coccyx) return "coccyx";
  if (!is_label(l)) return std::to_string(l);
  if (l <= label::c7) return numbered('C', l);
  if (l <= label::t12) return numbered('T', l - label::c7);
  return numbered('L', l - label::t12);
}

/// The label of a name: 20 for "L1", "l1" and "20"; nothing where the name is not in the scheme.
inline std::optional<int> label_from_name(std::string_view name) {
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (int l = label::c1; l <= label::t13; ++l) {
    std::string known = label_name(l);
    for (char& c : known) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower == known || lower == std::to_string(l)) return l;
  }
  return std::nullopt;
}

/// The TotalSegmentator v2 number of a VerSe label: L5 = 27 ... L1 = 31, T12 = 32 ... T1 = 43, C7 = 44 ... C1
/// = 50, sacrum 25. TotalSegmentator has no L6, T13 and coccyx; for these the result is empty.
constexpr std::optional<int> to_totalsegmentator(int l) {
  if (l >= label::c1 && l <= label::l5) return 51 - l;
  if (l == label::sacrum) return 25;
  return std::nullopt;
}

/// The VerSe label of a TotalSegmentator v2 number. Its separate S1 (26) belongs to the sacrum.
constexpr std::optional<int> from_totalsegmentator(int t) {
  if (t >= 27 && t <= 50) return 51 - t;
  if (t == 25 || t == 26) return label::sacrum;
  return std::nullopt;
}

/// Sorts from head to foot; equal labels keep their order.
inline void sort_anatomically(centroid_list& centres) {
  std::stable_sort(centres.begin(), centres.end(), [](const centroid& a, const centroid& b) {
    return anatomical_rank(a.label) < anatomical_rank(b.label);
  });
}

/// The same for labels.
inline void sort_anatomically(std::vector<int>& labels) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](int a, int b) { return anatomical_rank(a) < anatomical_rank(b); });
}

/// Parses a list such as "T9-L5,L6". Returns the vertebrae from head to foot, each once. A range includes all
/// levels that lie between its ends in a spine: T12-L1 includes T13. Throws `error` (usage) where the text is
/// no such list.
inline std::vector<int> parse_levels(std::string_view text) {
  const auto fail = [&](std::string_view part) -> int {
    throw error("levels: expected names and ranges like L1-L5,L6, got '" + std::string(part) + "' in '" +
                std::string(text) + "'");
  };
  const auto vertebra = [&](std::string_view name) {
    const auto l = label_from_name(name);
    return l && is_vertebra_label(*l) ? *l : fail(name);
  };
  std::vector<int> labels;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t dash = part.find('-');
    int first = vertebra(part.substr(0, dash)), last = first;
    if (dash != std::string_view::npos) last = vertebra(part.substr(dash + 1));
    if (anatomical_rank(first) > anatomical_rank(last)) std::swap(first, last);
    for (int l = label::c1; l <= label::t13; ++l)
      if (is_vertebra_label(l) && anatomical_rank(l) >= anatomical_rank(first) &&
          anatomical_rank(l) <= anatomical_rank(last))
        labels.push_back(l);
    begin = end + 1;
  }
  sort_anatomically(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

/// The same for vertebrae that are to be made: T13 is rare, so the result has it only where the text names
/// it.
inline std::vector<int> parse_levels_to_make(std::string_view text) {
  std::vector<int> labels = parse_levels(text);
  if (text.find("13") == std::string_view::npos && text.find("28") == std::string_view::npos)
    std::erase(labels, label::t13);
  return labels;
}

}  // namespace diffam::spine
