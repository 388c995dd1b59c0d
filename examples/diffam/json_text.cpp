// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Parses and prints JSON.
#include "json_text.hpp"

#include <fstream>

namespace diffam::program {

json parse_json(const std::string& text, const json::parser_callback_t& wanted) {
  return json::parse(text, wanted, false);
}

json read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}), nullptr, false);
}

std::string json_text(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string json_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace diffam::program
