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

/// The word of a segment's name beside words like "vertebra", in small letters: "l1" of "vertebrae_L1". Empty
/// where there is none, or where two differ ("L1-L2 disc", "rib of T3").
inline std::string only_word(std::string_view name) {
  constexpr std::array<std::string_view, 9> harmless{"vertebra", "vertebrae", "bone",     "seg",     "label",
                                                     "sacral",   "lumbar",    "thoracic", "cervical"};
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

/// The VerSe label of a segment's name; nothing where its `only_word` is not the name of a vertebra.
inline std::optional<int> label_of_segment(std::string_view name) {
  const std::string word = only_word(name);
  const bool lettered = !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) == 0;
  return lettered ? spine::label_from_name(word) : std::nullopt;
}

}  // namespace diffam::io::detail
