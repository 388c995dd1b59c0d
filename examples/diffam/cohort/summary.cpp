// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Counts scans and vertebrae, and writes the methods paragraph.
#include "cohort/summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "cohort/box_plot.hpp"
#include "diffam/version.hpp"
#include "json_text.hpp"

namespace diffam::program {

namespace {

/// "1 scan", "12 scans".
std::string counted(std::ptrdiff_t n, const std::string& one, const std::string& many = {}) {
  return fmt::format("{} {}", n, n == 1 ? one : many.empty() ? one + "s" : many);
}

std::string settings_sentence(const std::vector<scan_result>& done) {
  const auto same = [&](const scan_result& r) { return r.settings == done.front().settings; };
  if (!std::all_of(done.begin(), done.end(), same))
    return " The settings differ between scans; the report.json of each has them.";
  const json s = parse_json(done.front().settings);
  return fmt::format(
      " The preset `{}` was used, with {} iterations, {} sample points, {} spectral modes and the "
      "seed {}.",
      done.front().preset, s.value("iterations", 0), s.value("samples", 0), s.value("modes", 0),
      s.value("seed", 0));
}

std::string dice_sentence(const std::vector<scan_result>& done) {
  std::vector<double> all;
  for (const auto& r : done)
    for (const auto& v : r.vertebrae)
      if (!std::isnan(v.dice)) all.push_back(v.dice);
  if (all.empty()) return {};
  double sum = 0;
  for (const double d : all) sum += d;
  const box b = box_of(all);
  return fmt::format(
      " Against the given masks, the mean Dice of {} is {:.3f} (median {:.3f}, quartiles {:.3f} and "
      "{:.3f}); a vertebra without a result counts as 0.",
      counted(std::ssize(all), "vertebra", "vertebrae"), sum / static_cast<double>(all.size()), b.median,
      b.first, b.third);
}

}  // namespace

cohort_summary summarise(const std::vector<scan_result>& results) {
  cohort_summary c;
  for (const auto& r : results) {
    ++(r.state == scan_state::done           ? c.done
       : r.state == scan_state::failed       ? c.failed
       : r.state == scan_state::not_finished ? c.not_finished
                                             : c.not_run);
    bool flagged = false;
    for (const auto& v : r.vertebrae) {
      if (!v.fitted) continue;
      ++c.vertebrae;
      c.flagged += v.flags.empty() ? 0 : 1;
      c.doubtful += v.confidence >= 0.5 ? 0 : 1;
      flagged |= !v.flags.empty();
    }
    c.scans_to_look_at += flagged ? 1 : 0;
  }
  return c;
}

std::string methods_text(const std::vector<scan_result>& results, const std::string& layout) {
  std::vector<scan_result> done;
  std::copy_if(results.begin(), results.end(), std::back_inserter(done),
               [](const scan_result& r) { return r.state == scan_state::done; });
  const cohort_summary c = summarise(results);
  const auto found =
      std::count_if(done.begin(), done.end(), [](const auto& r) { return r.scan.centres.empty(); });
  std::string text = fmt::format(
      "Vertebrae were segmented in {} with diffam {} [1]. It implements DiffAM [2]: a spine template, one "
      "closed mesh "
      "a vertebra, and the appearance of the scan are fitted together by gradient descent, without training.",
      counted(c.done, "CT scan"), done.empty() ? DIFFAM_VERSION : done.front().version);
  if (!done.empty()) text += settings_sentence(done);
  text += fmt::format(" The centres of the vertebral bodies were given in {} and found by the program in {}.",
                      counted(std::ssize(done) - found, "scan"), counted(found, "scan"));
  if (c.failed > 0)
    text += fmt::format(" {} no result and {} left out.",
                        counted(c.failed, "further scan has", "further scans have"),
                        c.failed == 1 ? "is" : "are");
  if (c.not_finished + c.not_run > 0)
    text += fmt::format(" {} not finished yet.", counted(c.not_finished + c.not_run, "scan is", "scans are"));
  text += fmt::format(
      " Of {}, {} a confidence below 0.5, the estimated probability that the Dice is at least 0.8.",
      counted(c.vertebrae, "vertebra", "vertebrae"), counted(c.doubtful, "has", "have"));
  text += dice_sentence(done);
  text += fmt::format(
      "\n\n[1] The diffam authors. diffam {}: training-free vertebra segmentation by differentiable "
      "appearance "
      "modelling.\n\n"
      "[2] H. Kim and J. Park. Vertebral segmentation without training using differentiable appearance "
      "modeling of a "
      "deformable spine template. SPIE Medical Imaging, 2024. doi 10.1117/12.3006602\n",
      DIFFAM_VERSION);
  if (layout == "VerSe")
    text +=
        "\n[3] A. Sekuboyina et al. VerSe: a vertebrae labelling and segmentation benchmark for "
        "multi-detector CT "
        "images. Medical Image Analysis 73, 2021. doi 10.1016/j.media.2021.102166 (the layout of the data)\n";
  return text;
}

}  // namespace diffam::program
