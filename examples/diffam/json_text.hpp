// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// JSON of the program's own files, from text and to text. The parser and the printer of nlohmann-json take
// seconds to compile: they are in one file.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace diffam::program {

/// Keeps members in their order.
using json = nlohmann::ordered_json;

/// The value of a text, without what `wanted` refuses. Discarded (neither an object nor a list) where the
/// text is not JSON.
json parse_json(const std::string& text, const json::parser_callback_t& wanted = nullptr);

/// The value of a file; discarded where the file cannot be read or is not JSON.
json read_json(const std::filesystem::path& file);

/// Gives the object of a result file (report.json, NAME_scores.json) to `take`, without `loss_history`, most
/// of a report. Throws `error` (bad_data) that names the file where it is not JSON, or a member is missing or
/// of another type.
void read_result_object(const std::filesystem::path& file, const std::function<void(const json&)>& take);

/// The text of a value, with a line for each member. Bytes that are not UTF-8, as in file names, are
/// replaced.
std::string json_text(const json& value, int indent = 2);
/// The same in one line.
std::string json_line(const json& value);

}  // namespace diffam::program
