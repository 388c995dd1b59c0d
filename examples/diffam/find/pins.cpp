// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads pins from LEVEL=x,y,z, from LEVEL and a file of one point, or from a file of named centres.
#include "find/pins.hpp"

#include <charconv>
#include <cmath>

#include "centre_files.hpp"

namespace diffam::program {

namespace {

/// The level before the '=', or in a text without one. Throws `error` (usage).
int level_of(const std::string& pin) {
  const auto label = spine::label_from_name(pin.substr(0, pin.find('=')));
  if (!label || !spine::is_vertebra_label(*label))
    throw error("--pin: expected LEVEL=x,y,z, or LEVEL and a file of one point (-c), got '" + pin + "'");
  return *label;
}

/// The place after the '='. Throws `error` (usage).
vec3<double> place_of(const std::string& pin) {
  vec3<double> x{};
  std::size_t begin = pin.find('=') + 1;
  for (int k = 0; k < 3; ++k) {
    const std::size_t end = k < 2 ? pin.find(',', begin) : pin.size();
    const char *const first = pin.data() + begin, *const last = pin.data() + std::min(end, pin.size());
    if (const auto read = std::from_chars(first, last, x[k]);
        end == std::string::npos || read.ec != std::errc() || read.ptr != last || !std::isfinite(x[k]))
      throw error("--pin: expected LEVEL=x,y,z, got '" + pin + "'");
    begin = end + 1;
  }
  return x;
}

}  // namespace

std::vector<spine::level_pin> read_pins(const find_arguments& a, const grid& image,
                                        std::vector<std::string>& warnings) {
  const io::centroid_frame frame =
      io::parse_centroid_frame(a.centroid_frame.empty() ? "world-ras" : a.centroid_frame);
  std::vector<spine::level_pin> out;
  std::optional<int> of_the_file;
  for (const std::string& pin : a.pins) {
    const int label = level_of(pin);
    if (pin.find('=') != std::string::npos) {
      out.push_back({label, io::frame_to_world(frame, place_of(pin), image)});
      continue;
    }
    if (a.centres.empty())
      throw error("--pin: expected LEVEL=x,y,z, or a file of one point (-c) beside '" + pin + "'");
    if (of_the_file)
      throw error("--pin: expected one level without a place, got " + spine::label_name(*of_the_file) +
                  " and " + spine::label_name(label));
    of_the_file = label;
  }
  if (a.centres.empty()) return out;
  io::centroid_options how{.numbering = a.numbering, .only = of_the_file, .for_search = true};
  if (!a.centroid_frame.empty()) how.frame = frame;
  for (const auto& c : read_centroids(a.centres, image, warnings, how))
    out.push_back({c.label, c.position, !of_the_file});
  return out;
}

}  // namespace diffam::program
