// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Whether the image agrees with the names of given centres: the costs of naming.hpp for these names and for
// names that are up to three levels off. The canal's curve is that of the centres, and vertebrae are looked
// for at the centres and one beyond either end alone, so that the whole search is not needed.
#pragma once

#include <map>
#include <optional>

#include "diffam/spine/find/evidence.hpp"
#include "diffam/spine/find/refine.hpp"

namespace diffam::spine {

struct name_check_options {
  find::level_score_params levels;
  find::canal_curve_params curve;
  find::chain_params chain;
  find::rib_params ribs;
  find::sacrum_params sacrum;
  find::skull_params skull;
  find::naming_params naming;
  double reach = 10;        // mm from a centre to its vertebra
  double room = 0.2;        // of the distance to the vertebra beyond an end
  double least_gain = 1.5;  // of that vertebra: one is there
  double margin = 2;        // of a cost, from which other names are told: 7 to 1
};

/// Names that contradict the image.
struct name_doubt {
  std::vector<int> given, likelier;  // of the same vertebrae, from head to foot
  double margin = 0;                 // cost of the given names less that of the likelier ones
  std::vector<std::string> reasons;  // what of the image tells
};

namespace find {

/// The level of the table whose vertebra stands for one of this level.
constexpr int table_level(int l) {
  return l == label::t13 ? label::t12 : std::min(l, label::l5);
}

/// A template, whose centres are 34.3 mm apart along z, in natural size and the body's own axes.
inline triangle_mesh<double> in_natural_size(triangle_mesh<double> mesh, int l) {
  const double scale = natural_spacing_mm(l) / family_params().spacing_mm;
  const double tilt = anatomy::chord_tilt(l), c = std::cos(tilt), s = std::sin(tilt);
  for (auto& v : mesh.vertices) v = vec3<double>{v[0], c * v[1] + s * v[2], c * v[2] - s * v[1]} * scale;
  return mesh;
}

/// The curve of the canal behind the centres' bodies; `size` is that of the spine.
inline canal_curve curve_behind(const volume<float>& image, const centroid_list& c, double size,
                                const canal_curve_params& p) {
  std::vector<vec3<double>> canal;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const std::size_t above = i > 0 ? i - 1 : 0, below = std::min(i + 1, c.size() - 1);
    const vec3<double> up =
        above == below ? vec3<double>{0, 0, 1} : normalized(c[above].position - c[below].position);
    if (std::abs(up[1]) > 0.95) return {};  // not a spine that lies along the patient's axes
    const vec3<double> front = normalized(vec3<double>{0, 1, 0} - up * up[1]);
    const double from_body = anatomy::canal_of[table_level(c[i].label) - label::c1].centre_y;
    const vec3<double> at = c[i].position + front * (from_body * size);
    constexpr double beyond = 12;  // mm: a curve needs more than one point
    if (i == 0) canal.push_back(at + up * beyond);
    canal.push_back(at);
    if (i + 1 == c.size()) canal.push_back(at - up * beyond);
  }
  return curve_through(image, canal, {0, 0, 1}, {0, 1, 0}, p);
}

/// The vertebrae at given centres along a curve, and one beyond either end where one is.
class given_chain {
 public:
  given_chain(const masked_volume<float>& image, const level_scores& scores, const centroid_list& c,
              double size, const name_check_options& o)
      : image_(image), scores_(scores), gains_(scores, 0, o.chain), size_(size), options_(o) {
    for (const auto& x : c) add(x);
    add_beyond(true), add_beyond(false);
  }

  bool found() const { return found_; }  // whether there is a place on the curve for each centre
  const std::vector<int>& names() const { return names_; }
  std::size_t above() const { return above_; }  // 1 where a vertebra above the first centre was added
  vertebra_chain chain;

 private:
  chain_link link_at(std::size_t place, int l) const {
    return {place, l, scores_.value(0, place, l), gains_.stands_out(place, l), scores_.best(0, place, l)};
  }

  /// The place with the best score within reach.
  void add(const centroid& c) {
    const int l = table_level(c.label);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < scores_.places(); ++i)
      if (norm(scores_.best(0, i, l).translation - c.position) < options_.reach &&
          (!best || scores_.value(0, i, l) < scores_.value(0, *best, l)))
        best = i;
    found_ = found_ && best.has_value();
    names_.push_back(c.label);
    if (best) chain.links.push_back(link_at(*best, l));
  }

  void add_beyond(bool up) {
    if (!found_) return;
    const int end = up ? names_.front() : names_.back(), next = end + (up ? -1 : 1);
    if (end == label::t13 || next < label::c1 || next > label::l5) return;
    const chain_link& from = up ? chain.links.front() : chain.links.back();
    const double expected = size_ * table_distance(std::min(end, next), std::max(end, next));
    std::optional<std::size_t> best;
    for (std::size_t i = up ? 0 : from.place; i < (up ? from.place : scores_.places()); ++i) {
      const vec3<double>& at = scores_.best(0, i, next).translation;
      if (std::abs(norm(at - from.where.translation) - expected) < options_.room * expected &&
          inside_view(image_.field_of_view.to_index(at), image_.field_of_view.size) &&
          (!best || gains_(i, next) > gains_(*best, next)))
        best = i;
    }
    if (!best || gains_(*best, next) < options_.least_gain) return;
    chain.links.insert(up ? chain.links.begin() : chain.links.end(), link_at(*best, next));
    names_.insert(up ? names_.begin() : names_.end(), next);
    above_ += up ? 1 : 0;
  }

  const masked_volume<float>& image_;
  const level_scores& scores_;
  detail::chain_gains gains_;
  double size_;
  const name_check_options& options_;
  std::vector<int> names_;
  std::size_t above_ = 0;
  bool found_ = true;
};

/// What speaks for `likelier` and not for `given`.
inline std::vector<std::string> reasons_of(const std::vector<vertebra_evidence>& seen,
                                           const std::vector<int>& given, const std::vector<int>& likelier) {
  std::vector<std::string> out = anchors_of(seen, given).contradict;
  const std::vector<std::string> known = anchors_of(seen, given).agree;
  if (!out.empty()) return out;
  for (const auto& a : anchors_of(seen, likelier).agree)
    if (std::find(known.begin(), known.end(), a) == known.end()) out.push_back(a);
  return out;
}

/// The doubt about neighbouring vertebrae, if there is one.
template <exec::policy Host>
std::optional<name_doubt> doubt_of(const masked_volume<float>& image, const pose_scores<Host>& scores,
                                   const centroid_list& c, double size, const name_check_options& o) {
  const canal_curve curve = curve_behind(image.values, c, size, o.curve);
  if (curve.empty()) return {};
  level_score_params of_levels = o.levels;
  of_levels.sizes = {size};
  const level_scores levels = score_levels(scores, curve, of_levels);
  given_chain given(image, levels, c, size, o);
  if (!given.found()) return {};
  refine(scores, given.chain.links);
  auto seen = evidence_of(image, levels, given.chain, o.chain, o.ribs, o.sacrum, o.skull);
  if (std::find(given.names().begin(), given.names().end(), axis_level) == given.names().end())
    for (auto& v : seen) v.shape[axis_level - label::c1] = 0, v.axis.reset();  // no template has its shape
  const std::vector<reading> readings = readings_of(seen, o.naming);
  if (readings.empty()) return {};
  const double cost =
      cost_of(seen, given.names(), 0, o.naming).sum();  // an unusual number is the user's word
  name_doubt out{{}, {}, cost - readings[0].cost.sum(), reasons_of(seen, given.names(), readings[0].labels)};
  if (out.margin < o.margin || out.reasons.empty()) return {};
  for (std::size_t i = 0; i < c.size(); ++i) {
    out.given.push_back(c[i].label);
    out.likelier.push_back(readings[0].labels[i + given.above()]);
  }
  return out;
}

}  // namespace find

/// The names of `centres`, from head to foot, that contradict the image, one entry for each run of
/// neighbours; none where the check is not possible. Of the CT, the voxels that a fit looks at are enough;
/// `templates` are those of the fit.
template <exec::policy Host>
std::vector<name_doubt> check_names(const Host& e, const volume_view<float>& ct, const centroid_list& centres,
                                    const template_set& templates, const name_check_options& o = {}) {
  using namespace find;
  if (centres.empty()) return {};
  volume_view<float> kept = ct;
  kept.geometry = sub_grid(ct.geometry, ct.kept);
  kept.kept.first = {};
  if (patient_grid(kept.geometry).voxel_count() > most_search_voxels) return {};
  const masked_volume<float> image = search_image(e, kept);
  std::map<int, triangle_mesh<double>> meshes;
  for (const auto& c : centres)
    meshes.emplace(table_level(c.label), in_natural_size(templates[c.label], table_level(c.label)));
  const level_points shapes(meshes);
  const pose_scores<Host> scores(e, image, shapes, o.levels);
  const double size = std::clamp(spine_size(centres), 0.7, 1.25);
  std::vector<name_doubt> out;
  for (std::size_t first = 0, next = 1; first < centres.size(); first = next++) {
    while (next < centres.size() && are_neighbours(centres[next - 1].label, centres[next].label)) ++next;
    const centroid_list run(centres.begin() + static_cast<std::ptrdiff_t>(first),
                            centres.begin() + static_cast<std::ptrdiff_t>(next));
    if (auto doubt = doubt_of(image, scores, run, size, o)) out.push_back(std::move(*doubt));
  }
  return out;
}

}  // namespace diffam::spine
