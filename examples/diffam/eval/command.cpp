// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam eval`: compares a label volume with the true one.
#include <fmt/core.h>

#include "commands.hpp"
#include "console.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/atomic_file.hpp"
#include "diffam/io/orientation.hpp"
#include "eval/arguments.hpp"
#include "eval/score_text.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "scan.hpp"

namespace diffam::program {

namespace {

std::string grid_text(const grid& g) {
  const vec3<double> s = g.spacing();
  return fmt::format(
      "{} x {} x {} voxels of {:.4g} x {:.4g} x {:.4g} mm, {}, first at ({:.1f}, {:.1f}, {:.1f})", g.size[0],
      g.size[1], g.size[2], s[0], s[1], s[2], io::axis_codes_of(g).letters(), g.origin[0], g.origin[1],
      g.origin[2]);
}

void require_same_geometry(const eval_arguments& a, const grid& prediction, const grid& truth) {
  try {
    metrics::require_same_grid("eval", prediction, truth);
  } catch (const error&) {
    throw error(fmt::format("{} has {}, but {} has {}", a.prediction.string(), grid_text(prediction),
                            a.truth.string(), grid_text(truth)),
                error_kind::bad_data);
  }
}

/// Converts labels to VerSe numbers; vertebrae that were not asked for become 0.
void keep_levels(volume<std::uint8_t>& v, const eval_arguments& a) {
  std::array<std::uint8_t, 256> becomes{};
  const auto wanted = a.levels.empty() ? std::vector<int>{} : spine::parse_levels(a.levels);
  for (int stored = 1; stored < 256; ++stored) {
    const auto label =
        a.labels == "totalseg" ? spine::from_totalsegmentator(stored) : std::optional<int>(stored);
    if (!label || !spine::is_vertebra_label(*label)) continue;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), *label) == wanted.end()) continue;
    becomes[static_cast<std::size_t>(stored)] = static_cast<std::uint8_t>(*label);
  }
  for (auto& voxel : v.voxels) voxel = becomes[voxel];
}

}  // namespace

int run_eval(const eval_arguments& a) {
  if (!a.json.empty()) require_free({a.json}, {a.prediction, a.truth}, a.overwrite);
  std::vector<std::string> warnings;
  auto prediction = io::read_label_volume<std::uint8_t>(a.prediction, warnings, mask_options(a.labels));
  auto truth = io::read_label_volume<std::uint8_t>(a.truth, warnings, mask_options(a.labels));
  console().warn(warnings);
  require_same_geometry(a, prediction.geometry, truth.geometry);
  keep_levels(prediction, a);
  keep_levels(truth, a);
  const auto scores = metrics::evaluate(exec::threads(a.threads), prediction, truth);
  if (scores.total.count == 0)
    throw error(a.truth.string() + ": expected labels of the wanted vertebrae, found none",
                error_kind::bad_data);
  if (!a.json.empty())
    io::write_file(a.json, score_json(scores, a.prediction.filename().string(), a.truth.filename().string()));
  print_result(score_table(scores));
  return exit_done;
}

}  // namespace diffam::program
