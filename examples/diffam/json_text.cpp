// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Parses and prints JSON.
#include "json_text.hpp"

#include <fstream>

#include "diffam/io/input_file.hpp"
#include "diffam/io/message.hpp"

namespace diffam::program {

json parse_json(const std::string& text, const json::parser_callback_t& wanted) {
  return json::parse(text, wanted, false);
}

json read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}), nullptr, false);
}

void read_result_object(const std::filesystem::path& file, const std::function<void(const json&)>& take) {
  constexpr index_t largest = index_t{256} << 20;
  const auto wanted = [](int depth, json::parse_event_t event, const json& value) {
    return !(depth == 1 && event == json::parse_event_t::key && value == "loss_history");
  };
  try {
    take(parse_json(io::read_file_bounded(file, largest), wanted));
  } catch (const json::exception&) {
    io::bad_data(file, "contents", "the JSON of a result of diffam", "something else");
  }
}

std::string json_text(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string json_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace diffam::program
