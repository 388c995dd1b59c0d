// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the spine in many CTs, and prints one line of JSON for each: the record of `diffam find`, and the CPU
// seconds. Parts of the method can be left out; the accuracy benchmark shows what each part is worth.
//
//     diffam_find_searches [--without canal|anchors|distances] CT...
#include <cstdio>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "diffam/exec/threads.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/find.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

nlohmann::json record(const spine_finding& f) {
  nlohmann::json vertebrae = nlohmann::json::array(), readings = nlohmann::json::array();
  for (const auto& v : f.vertebrae)
    vertebrae.push_back(
        {{"label", v.label},
         {"position_ras_mm", {v.position[0], v.position[1], v.position[2]}},
         {"score", v.score},
         {"ribs", {v.seen.ribs.reach[0], v.seen.ribs.reach[1]}},
         {"rib_kinds", {static_cast<int>(v.seen.ribs.right), static_cast<int>(v.seen.ribs.left)}},
         {"wings", {v.seen.wings.here, v.seen.wings.below}},
         {"axis", v.seen.axis.value_or(0)},
         {"skull", v.seen.skull ? v.seen.skull->begins.value_or(-1) : -1},
         {"cut", v.cut}});
  for (std::size_t i = 0; i < std::min<std::size_t>(4, f.readings.size()); ++i) {
    const auto& [labels, c] = f.readings[i];
    readings.push_back({{"labels", labels},
                        {"cost", c.sum()},
                        {"parts", {c.shapes, c.distances, c.ribs, c.sacrum, c.axis, c.skull, c.rarity}}});
  }
  return {{"vertebrae", vertebrae},
          {"sure", f.sure},
          {"margin", f.margin},
          {"anchors", f.anchors.agree},
          {"contradictions", f.anchors.contradict},
          {"readings", readings},
          {"gain", f.gain},
          {"stands_out", f.stands_out}};
}

}  // namespace

int main(int count, char** words) {
  std::string without;
  int first = 1;
  if (count > 2 && std::strcmp(words[1], "--without") == 0) without = words[2], first = 3;
  find_options o;
  if (without == "canal") o.search.curve.straight = true;
  if (without == "anchors") o.naming.anchor_weight = 0;
  if (without == "distances") o.search.chain.distance_deviation = 1e9, o.naming.most_distance_cost = 0;
  for (int n = first; n < count; ++n) {
    std::vector<std::string> warnings;
    const volume<float> ct = io::read_nifti(words[n], warnings).image;
    const std::clock_t begin = std::clock();
    nlohmann::json line = record(find_spine(exec::threads(1), volume_view<float>(ct), o));
    line["seconds"] = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    line["ct"] = words[n];
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
  }
}
