// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
#include "support/golden.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace diffam::test {

namespace {

/// Appends the numbers of a nested list. Returns false if the list contains something else.
bool flatten(const nlohmann::json& j, std::vector<double>& out) {
  if (!j.is_array()) {
    if (!j.is_number() && !j.is_boolean()) return false;
    out.push_back(j.get<double>());
    return true;
  }
  for (const auto& e : j)
    if (!flatten(e, out)) return false;
  return true;
}

/// Length of the innermost lists; 1 for a flat list.
index_t columns(const nlohmann::json& j) {
  const nlohmann::json* inner = &j;
  int depth = 0;
  for (; inner->is_array() && !inner->empty(); inner = &(*inner)[0]) {
    ++depth;
    if (!(*inner)[0].is_array()) break;
  }
  return depth > 1 ? static_cast<index_t>(inner->size()) : 1;
}

}  // namespace

golden::golden(const std::string& component) {
  std::ifstream in(shared_dir() / "golden" / (component + ".json"));
  const nlohmann::json json = nlohmann::json::parse(in);
  for (const auto& [key, value] : json.items()) {
    list from;
    if (!flatten(value, from.all)) continue;  // a note, not numbers
    from.cols = columns(value);
    lists_.emplace(key, std::move(from));
  }
}

}  // namespace diffam::test
