// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The vertebra that the name of a segment means: "L1", "vertebrae_L1", "L1 vertebra".
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "diffam/spine/labels.hpp"

namespace diffam::io::detail {

/// The word of a segment's name that says which bone it is, in small letters: "l1" of "vertebrae_L1". Empty
/// where the name has other words ("L1-L2 disc", "rib of T3").
inline std::string bone_word(std::string_view name) {
  constexpr std::array<std::string_view, 8> harmless{"vertebra", "vertebrae", "bone",     "seg",
                                                     "label",    "lumbar",    "thoracic", "cervical"};
  std::string found;
  for (std::size_t i = 0; i < name.size();) {
    std::string word;
    for (; i < name.size() && std::isalnum(static_cast<unsigned char>(name[i])) != 0; ++i)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    if (word.empty()) {
      ++i;
      continue;
    }
    if (std::find(harmless.begin(), harmless.end(), word) != harmless.end()) continue;
    if (!found.empty() && found != word) return {};
    found = word;
  }
  return found;
}

/// The VerSe label of a segment's name; nothing where `bone_word` is not the name of a bone.
inline std::optional<int> label_of_segment(std::string_view name) {
  const std::string word = bone_word(name);
  const bool lettered = !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) == 0;
  return lettered ? spine::label_from_name(word) : std::nullopt;
}

}  // namespace diffam::io::detail
