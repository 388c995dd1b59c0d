// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the vertebrae of a CT file and writes the record of it.
#include "find/search.hpp"

#include <fmt/core.h>

#include <cmath>

#include "centre_files.hpp"
#include "diffam/exec/threads.hpp"
#include "find/picture.hpp"
#include "find/pins.hpp"
#include "json_text.hpp"
#include "output_files.hpp"
#include "pictures/snapshot.hpp"
#include "scan.hpp"
#include "stopwatch.hpp"

namespace diffam::program {

namespace {

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
                          {"axis", rounded(cost.axis)},
                          {"skull", rounded(cost.skull)},
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

std::string readings_text(const spine::spine_finding& f) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, f.readings.size()); ++i) {
    if (i > 0 && f.readings[i].cost.sum() - f.readings[0].cost.sum() > 3) break;
    text += (i > 0 ? " or " : "") + names_of(f.readings[i]);
  }
  return text;
}

std::string doubt_text(const spine::spine_finding& f) {
  std::string text = readings_text(f);
  for (const auto& c : f.anchors.contradict)
    text += (&c == f.anchors.contradict.data() ? "; against " + names_of(f.readings[0]) + ": " : ", ") + c;
  return text;
}

searched_ct find_in_file(const find_arguments& a, const console& out, std::vector<std::string>& warnings) {
  stopwatch watch;
  const auto file = io::open_volume(a.ct, warnings, ct_options(a.dicom, a.affine));
  spine::find_options options;
  options.pins = read_pins(a, file->geometry(), warnings);
  searched_ct s{whole_ct(*file, warnings, ct_options(a.dicom, a.affine)), {}};
  s.ct.to_hounsfield(a.ct, a.hu_offset, warnings);
  out.detail(fmt::format("reading: {:.2f} s", watch.lap()));
  const exec::threads threads(a.threads);
  s.found = s.ct.visit([&](const auto& ct) { return spine::find_spine(threads, ct, options); });
  out.detail(fmt::format("searching: {:.2f} s", watch.lap()));
  if (s.found.vertebrae.empty())
    throw error(a.ct.string() + ": expected a CT with a spine, found no vertebrae", error_kind::bad_data);
  return s;
}

void write_finding(const searched_ct& s, const find_files& files, const find_arguments& a) {
  const auto shown = s.ct.part(voxels_shown(s.found.centres(), s.ct.geometry(), 0));
  const auto picture = draw_finding(shown, s.found, case_name(a.ct)).image();
  io::create_output_folder(a.output);
  write_verse_centroids(files.centres, s.found.centres(), s.ct.geometry());
  write_slicer_markups(files.markups, s.found.centres());
  io::write_file(files.record, json_text(record_of(s.found)));
  io::write_png(files.picture, picture);
}

}  // namespace diffam::program
