// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fills the places {{name}} of an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace diffam::program {

/// The page with `content_of(name)` at each place.
template <class F>  // std::string(std::string_view name)
std::string fill_places(std::string_view page, F content_of) {
  std::string filled;
  for (std::size_t at = page.find("{{"); at != page.npos; at = page.find("{{")) {
    const std::size_t end = page.find("}}", at);
    filled += page.substr(0, at);
    filled += content_of(page.substr(at + 2, end - at - 2));
    page.remove_prefix(end + 2);
  }
  return filled += page;
}

/// JSON that may stand in a `script` element: `<` could end the element, or begin a comment in it. In JSON it
/// occurs in texts alone.
inline std::string for_script_element(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json)
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  return out;
}

}  // namespace diffam::program
