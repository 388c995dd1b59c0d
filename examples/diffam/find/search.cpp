// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the vertebrae of a CT file and writes the record of it.
#include "find/search.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "diffam/exec/threads.hpp"
#include "diffam/io/centroid_file.hpp"
#include "find/picture.hpp"
#include "output_files.hpp"
#include "scan.hpp"

namespace diffam::program {

namespace {

using json = nlohmann::ordered_json;

double rounded(double x) {
  return std::round(x * 1000) / 1000;
}

/// "T12-L5", of what is no sacrum.
std::string names_of(const spine::find::reading& r) {
  std::vector<int> labels = r.labels;
  std::erase(labels, spine::label::sacrum);
  if (labels.empty()) return "sacrum";
  std::string text = spine::label_name(labels.front());
  if (labels.size() > 1) text += "-" + spine::label_name(labels.back());
  const bool odd = r.cost.rarity > 0;
  return odd ? text + fmt::format(" ({} vertebrae)", labels.size()) : text;
}

json record_of(const spine::spine_finding& f) {
  constexpr std::size_t most_readings = 8;
  json readings = json::array(), vertebrae = json::array();
  for (std::size_t i = 0; i < std::min(most_readings, f.readings.size()); ++i) {
    const auto& [labels, cost] = f.readings[i];
    json names = json::array();
    for (const int l : labels) names.push_back(spine::label_name(l));
    readings.push_back({{"names", names},
                        {"cost", rounded(cost.sum())},
                        {"parts",
                         {{"shapes", rounded(cost.shapes)},
                          {"distances", rounded(cost.distances)},
                          {"ribs", rounded(cost.ribs)},
                          {"sacrum", rounded(cost.sacrum)},
                          {"rarity", rounded(cost.rarity)}}}});
  }
  for (const auto& v : f.vertebrae)
    vertebrae.push_back(
        {{"label", v.label},
         {"name", spine::label_name(v.label)},
         {"position_ras_mm", {rounded(v.position[0]), rounded(v.position[1]), rounded(v.position[2])}},
         {"score", rounded(v.score)},
         {"cut", v.cut}});
  return {{"sure", f.sure},
          {"margin", rounded(f.margin)},
          {"anchors", f.anchors.agree},
          {"contradictions", f.anchors.contradict},
          {"readings", readings},
          {"vertebrae", vertebrae}};
}

}  // namespace

find_files::find_files(const std::filesystem::path& folder, const std::string& name,
                       const std::string& centres_name)
    : centres(folder / (centres_name + "_ctd.json")),
      markups(folder / (centres_name + "_ctd.mrk.json")),
      record(folder / (name + "_find.json")),
      picture(folder / (name + "_find.png")) {}

std::vector<spine::level_pin> parse_pins(const std::vector<std::string>& pins, const std::string& frame,
                                         const grid& image) {
  const io::centroid_frame from = io::parse_centroid_frame(frame);
  std::vector<spine::level_pin> out;
  for (const std::string& text : pins) {
    const auto fail = [&]() -> error { return error("--pin: expected LEVEL=x,y,z, got '" + text + "'"); };
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw fail();
    const auto label = spine::label_from_name(text.substr(0, equals));
    if (!label || !spine::is_vertebra_label(*label)) throw fail();
    vec3<double> x{};
    std::size_t begin = equals + 1;
    for (int k = 0; k < 3; ++k) {
      const std::size_t end = k < 2 ? text.find(',', begin) : text.size();
      if (end == std::string::npos) throw fail();
      const char *const first = text.data() + begin, *const last = text.data() + end;
      if (const auto read = std::from_chars(first, last, x[k]);
          read.ec != std::errc() || read.ptr != last || !std::isfinite(x[k]))
        throw fail();
      begin = end + 1;
    }
    out.push_back({*label, io::frame_to_world(from, x, image)});
  }
  return out;
}

std::string readings_text(const spine::spine_finding& f) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, f.readings.size()); ++i) {
    if (i > 0 && f.readings[i].cost.sum() - f.readings[0].cost.sum() > 3) break;
    text += (i > 0 ? " or " : "") + names_of(f.readings[i]);
  }
  return text;
}

searched_ct find_in_file(const find_arguments& a, const console& out) {
  std::vector<std::string> warnings;
  out.detail("reading " + a.ct.string());
  searched_ct s{io::read_volume(a.ct, warnings, ct_options(a.dicom)), {}};
  out.warn(warnings);
  spine::find_options options;
  options.pins = parse_pins(a.pins, a.centroid_frame, s.ct.geometry);
  s.found = spine::find_spine(exec::threads(a.threads), volume_view<float>(s.ct), options);
  if (s.found.vertebrae.empty())
    throw error(a.ct.string() + ": expected a CT with a spine, found no vertebrae", error_kind::bad_data);
  return s;
}

void write_finding(const searched_ct& s, const find_files& files, const find_arguments& a) {
  const auto picture = draw_finding(s.ct, s.found, case_name(a.ct)).image();
  io::create_output_folder(a.output);
  io::write_verse_centroids(files.centres, s.found.centres(), s.ct.geometry);
  io::write_slicer_markups(files.markups, s.found.centres());
  io::write_file(files.record, record_of(s.found).dump(2) + "\n");
  io::write_png(files.picture, picture);
}

}  // namespace diffam::program
