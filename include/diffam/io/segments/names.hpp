// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The vertebra that the name of a segment means: "L1", "vertebrae_L1", "L1 vertebra".
#pragma once

#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "diffam/spine/labels.hpp"

namespace diffam::io::detail {

/// The VerSe label of a segment's name; nothing where the name has other words ("L1-L2 disc", "rib of T3").
inline std::optional<int> label_of_segment(std::string_view name) {
  constexpr std::array<std::string_view, 8> harmless{"vertebra", "vertebrae", "bone",     "seg",
                                                     "label",    "lumbar",    "thoracic", "cervical"};
  std::optional<int> found;
  for (std::size_t i = 0; i < name.size();) {
    std::string word;
    for (; i < name.size() && std::isalnum(static_cast<unsigned char>(name[i])) != 0; ++i)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    if (word.empty()) {
      ++i;
      continue;
    }
    if (std::find(harmless.begin(), harmless.end(), word) != harmless.end()) continue;
    const bool lettered = std::isdigit(static_cast<unsigned char>(word.front())) == 0;
    const auto label = lettered ? spine::label_from_name(word) : std::nullopt;
    if (!label || (found && *found != *label)) return {};
    found = label;
  }
  return found;
}

}  // namespace diffam::io::detail
