// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam eval`: compares a label volume with the true one.
#include <fmt/core.h>

#include "centre_files.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/metrics/resampled_labels.hpp"
#include "eval/arguments.hpp"
#include "eval/score_text.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "scan.hpp"

namespace diffam::program {

namespace {

std::string numbers(const vec3<double>& v) {
  return fmt::format("({:.6g}, {:.6g}, {:.6g})", v[0], v[1], v[2]);
}

/// What differs between two grids of one storage order: sizes, voxel sizes, directions or places, the first
/// that does.
std::string difference(const grid& prediction, const grid& truth) {
  const auto sizes = [](const grid& g) {
    return fmt::format("{} x {} x {} voxels", g.size[0], g.size[1], g.size[2]);
  };
  const auto two = [](const std::string& what, const std::string& p, const std::string& t) {
    return fmt::format("{}: {} in the prediction, {} in the truth", what, p, t);
  };
  if (prediction.size != truth.size) return two("size", sizes(prediction), sizes(truth));
  const vec3<double> p = prediction.spacing(), t = truth.spacing();
  const double extent = static_cast<double>(std::max({truth.size[0], truth.size[1], truth.size[2]}));
  double turn = 0, growth = 0;
  for (int a = 0; a < 3; ++a) {
    growth = std::fmax(growth, std::abs(p[a] / t[a] - 1) * extent);
    const vec3<double> x = transpose(prediction.axes).row[a] * (1 / p[a]),
                       y = transpose(truth.axes).row[a] * (1 / t[a]);
    turn = std::fmax(turn, std::asin(std::fmin(1.0, norm(cross(x, y)))));
  }
  const std::string apart =
      fmt::format("; corners lie up to {:.3g} voxels apart", metrics::corner_distance(prediction, truth));
  if (growth >= metrics::same_place) return two("voxel sizes in mm", numbers(p), numbers(t)) + apart;
  if (turn * extent >= metrics::same_place)
    return fmt::format("directions of the axes: {:.3g} degrees between prediction and truth", turn / degree) +
           apart;
  return two("place of the first voxel in mm", numbers(prediction.origin), numbers(truth.origin)) + apart;
}

/// Brings the prediction into the storage order of the truth. Throws `error` where they lie in other places.
void match_geometry(const eval_arguments& a, volume<std::uint8_t>& prediction, const grid& truth) {
  const auto order = metrics::order_towards(prediction.geometry, truth);
  if (!order.is_the_same()) prediction = metrics::in_order(prediction, order);
  const grid& g = prediction.geometry;
  if (g.size == truth.size && metrics::corner_distance(g, truth) < metrics::same_place) {
    prediction.geometry = truth;
    return;
  }
  throw error(fmt::format("{} and {}: expected the same voxels, found another {}", a.prediction.string(),
                          a.truth.string(), difference(g, truth)),
              error_kind::bad_data);
}

std::string names_in(const metrics::evaluation& scores, bool of_truth) {
  std::string names;
  for (const auto& s : scores.labels)
    if ((of_truth ? s.truth_volume : s.prediction_volume) > 0)
      names += (names.empty() ? "" : " ") + spine::label_name(s.label);
  return names.empty() ? "none" : names;
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

/// The centres whose label is wanted, from a file that belongs to the voxels of `image`.
spine::centroid_list centres_of(const std::filesystem::path& file, const eval_arguments& a, const grid& image,
                                const std::string& frame, std::vector<std::string>& warnings) {
  io::centroid_options how;
  if (!frame.empty()) how.frame = io::parse_centroid_frame(frame);
  auto centres = read_centroids(file, image, warnings, how);
  if (!a.levels.empty()) {
    const auto wanted = spine::parse_levels(a.levels);
    std::erase_if(centres, [&](const spine::centroid& c) {
      return std::find(wanted.begin(), wanted.end(), c.label) == wanted.end();
    });
  }
  return centres;
}

/// Correspondence errors of the meshes NAME.ply in the folder, for each label of the truth. Vertices outside
/// of the image do not count: there is no truth.
std::map<int, metrics::correspondence_error> vertex_errors(const eval_arguments& a,
                                                           const volume<std::uint8_t>& truth,
                                                           std::vector<std::string>& warnings) {
  std::map<int, metrics::correspondence_error> out;
  const auto boxes = label_boxes(truth);
  std::string first_name;
  for (int label = 1; label < 256; ++label) {
    const auto& box = boxes[static_cast<std::size_t>(label)];
    if (box.empty()) continue;
    const std::string name = spine::label_name(label);
    if (first_name.empty()) first_name = name;
    const auto file = a.meshes / (name + ".ply");
    std::error_code unreadable;
    if (!std::filesystem::exists(file, unreadable)) continue;
    auto vertices = io::read_mesh(file, warnings).vertices;
    std::erase_if(vertices, [&](const vec3<double>& v) {
      return !inside_view(truth.geometry.to_index(v), truth.geometry.size);
    });
    if (!vertices.empty())
      out[label] = metrics::correspondence(exec::threads(a.threads), vertices,
                                           metrics::label_surface(truth, label, box));
  }
  if (out.empty())
    throw error(a.meshes.string() + ": expected meshes of the truth's vertebrae, like " + first_name +
                    ".ply, found none",
                error_kind::bad_data);
  return out;
}

}  // namespace

int run_eval(const eval_arguments& a) {
  if (!a.json.empty()) require_free({a.json}, {a.prediction, a.truth}, a.overwrite);
  std::vector<std::string> warnings;
  auto prediction = io::read_label_volume<std::uint8_t>(a.prediction, warnings, mask_options(a.labels));
  auto truth = io::read_label_volume<std::uint8_t>(a.truth, warnings, mask_options(a.labels));
  console().warn(warnings);
  match_geometry(a, prediction, truth.geometry);
  keep_levels(prediction, a);
  keep_levels(truth, a);
  eval_scores scores;
  scores.spacing = a.spacing;
  warnings.clear();
  if (!a.centres.empty())
    scores.centres =
        metrics::compare_labelling(centres_of(a.centres, a, truth.geometry, "", warnings),
                                   centres_of(a.true_centres, a, truth.geometry, a.centroid_frame, warnings));
  if (!a.meshes.empty()) scores.meshes = vertex_errors(a, truth, warnings);
  console().warn(warnings);
  if (a.spacing > 0) {
    prediction = metrics::resampled_labels(prediction, a.spacing);
    truth = metrics::resampled_labels(truth, a.spacing);
  }
  scores.voxels = metrics::evaluate(exec::threads(a.threads), prediction, truth);
  const auto in_both = [](const metrics::label_score& s) { return s.in_truth && s.prediction_volume > 0; };
  if (std::none_of(scores.voxels.labels.begin(), scores.voxels.labels.end(), in_both))
    throw error(
        fmt::format(
            "{} and {}: expected vertebrae in common, found {} in the prediction and {} in the truth (is "
            "--labels {} right for both?)",
            a.prediction.string(), a.truth.string(), names_in(scores.voxels, false),
            names_in(scores.voxels, true), a.labels),
        error_kind::bad_data);
  if (!a.json.empty())
    io::write_file(a.json, score_json(scores, a.prediction.filename().string(), a.truth.filename().string()));
  print_result(score_table(scores));
  return exit_done;
}

}  // namespace diffam::program
