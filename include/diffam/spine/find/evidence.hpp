// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What is seen of each vertebra of a chain, and what of that tells the names in words.
#pragma once

#include <string>

#include "diffam/spine/find/naming.hpp"

namespace diffam::spine::find {

/// What is seen of each vertebra of a chain.
inline std::vector<vertebra_evidence> evidence_of(const masked_volume<float>& image,
                                                  const level_scores& scores, const vertebra_chain& chain,
                                                  const chain_params& of_chain, const rib_params& of_ribs,
                                                  const sacrum_params& of_sacrum,
                                                  const skull_params& of_skull) {
  const detail::chain_gains gain(scores, chain.size, of_chain);
  const std::vector<rib_evidence> ribs = find_ribs(image, chain.links, of_ribs);
  constexpr std::size_t reach = 3;  // places either way that a vertebra of another level may fit better
  std::vector<vertebra_evidence> out;
  for (std::size_t m = 0; m < chain.links.size(); ++m) {
    const chain_link& link = chain.links[m];
    vertebra_evidence e;
    e.centre = link.where.translation;
    e.ribs = ribs[m];
    e.wings = find_wings(image, link.where, of_sacrum);
    if (m == 0) e.skull = find_skull(image, link.where, link.label, of_skull);
    for (int l = label::c1; l <= label::l5; ++l) {
      double most = gain(link.place, l);
      for (std::size_t j = link.place - std::min(reach, link.place);
           j <= std::min(link.place + reach, scores.places() - 1); ++j)
        most = std::max(most, gain(j, l));
      e.shape[l - label::c1] = most;
    }
    constexpr int axis = axis_level - label::c1;  // of the shapes
    e.axis = e.shape[axis] - std::max(e.shape[axis + 1], e.shape[axis + 2]);
    out.push_back(e);
  }
  return out;
}

/// What of the image tells the names, in words: what agrees with a reading and what does not.
struct anchor_list {
  std::vector<std::string> agree, contradict;
};

namespace detail {

/// Both sides of a vertebra, of those that are seen.
enum class both_sides { unclear, none, rib };
inline both_sides sides_of(const rib_evidence& e) {
  const auto any = [&](rib_evidence::kind k) { return e.right == k || e.left == k; };
  const bool rib = any(rib_evidence::rib), none = any(rib_evidence::none);
  if (rib && !none) return both_sides::rib;
  return none && !rib && !any(rib_evidence::unclear) ? both_sides::none : both_sides::unclear;
}

/// Whether bone far to the sides begins at vertebra i, as the pelvis does.
inline bool pelvis_at(const std::vector<vertebra_evidence>& v, std::size_t i) {
  return i > 1 && sides_of(v[i].ribs) == both_sides::rib && sides_of(v[i - 1].ribs) == both_sides::none &&
         sides_of(v[i - 2].ribs) != both_sides::rib;
}

}  // namespace detail

inline anchor_list anchors_of(const std::vector<vertebra_evidence>& v, const std::vector<int>& labels) {
  using detail::both_sides, detail::pelvis_at, detail::sacrum_place;
  anchor_list out;
  const auto say = [&](bool agrees, const std::string& text) {
    (agrees ? out.agree : out.contradict).push_back(text);
  };
  for (std::size_t i = 0; i < v.size(); ++i) {
    const int l = labels[i];
    if (i + 1 < v.size()) {
      const both_sides here = detail::sides_of(v[i].ribs), next = detail::sides_of(v[i + 1].ribs);
      if (here == both_sides::rib && next == both_sides::none && l >= label::t1)
        say(l == label::t13 || l == label::t12 || l == label::t12 - 1, "last rib at " + label_name(l));
      if (here == both_sides::none && next == both_sides::rib && labels[i + 1] <= label::t12)
        say(labels[i + 1] == label::t1, "first rib at " + label_name(labels[i + 1]));
    }
    const bool below_thorax = anatomical_rank(l) > anatomical_rank(label::t12) && l != label::sacrum;
    const bool last = detail::place_of(labels, i) == sacrum_place::last_lumbar;
    if (v[i].wings.below > detail::much_bone && below_thorax &&
        detail::place_of(labels, i) != sacrum_place::before_last)
      say(last, "sacrum below " + label_name(l));
    if (v[i].axis && *v[i].axis > 0.5 && l >= axis_level && l <= label::c7)
      say(l == axis_level, "axis at " + label_name(l));
    if (v[i].skull && v[i].skull->begins && l <= label::l5) {
      const double off = std::abs(*v[i].skull->begins - detail::skull_above(l));
      say(off < 2 * detail::skull_deviation, "skull above " + label_name(l));
    }
    if (pelvis_at(v, i) && l >= label::l1) say(last, "pelvis beside " + label_name(l));
  }
  return out;
}

/// The share of a vertebra's surface that is in the field of view.
inline double share_in_view(const masked_volume<float>& image, const level_points& shapes, int label,
                            const pose& where) {
  const index_t columns = std::ssize(shapes.points) / 3, first = (label - label::c1) * level_points::each;
  index_t inside = 0;
  for (index_t n = first; n < first + level_points::each; ++n) {
    vec3<double> x;
    for (int k = 0; k < 3; ++k) x[k] = shapes.points[static_cast<std::size_t>(k * columns + n)];
    inside += inside_view(image.field_of_view.to_index(where(x)), image.field_of_view.size) ? 1 : 0;
  }
  return static_cast<double>(inside) / static_cast<double>(level_points::each);
}

}  // namespace diffam::spine::find
