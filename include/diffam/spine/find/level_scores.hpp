// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How well a vertebra of each level fits at each place of the canal's curve: the score of
// spine/start/score.hpp (edges of the image along the surface of the built-in vertebra), at its best over
// tilts and shifts, for each of a few sizes of the whole spine.
#pragma once

#include <map>

#include "diffam/spine/find/canal_curve.hpp"
#include "diffam/spine/find/search_image.hpp"
#include "diffam/spine/start/score.hpp"
#include "diffam/spine/template.hpp"

namespace diffam::spine::find {

struct level_score_params {
  std::vector<double> sizes{0.75, 0.85, 0.95, 1.05, 1.15};  // of the spine, against levels.hpp
  std::vector<double> tilts{-22, -11, 0, 11, 22};           // degrees about the right, against the canal
  std::vector<double> shifts{-4, 0, 4};                     // mm to the front
  std::size_t promising = 3;           // poses of a level at a place that are worth more than a rough look
  float step = 2;                      // mm, inside and outside of the surface: where the image is compared
  float contrast = 150;                // HU a step, of an edge that counts as 1
  float low_hu = -100, high_hu = 700;  // beyond, all is alike: a lung's border is no bone's
};

/// Lower is better: 1 where there is no edge, about 0.5 on a vertebra.
class level_scores {
 public:
  level_scores(std::size_t places, std::size_t sizes)
      : places_(places), moves_(places * sizes * levels), values_(places * sizes * levels, 1) {}

  static constexpr std::size_t levels = 24;  // C1 to L5

  std::size_t places() const { return places_; }
  float& value(std::size_t size, std::size_t place, int label) { return values_[at(size, place, label)]; }
  float value(std::size_t size, std::size_t place, int label) const {
    return values_[at(size, place, label)];
  }
  pose& best(std::size_t size, std::size_t place, int label) { return moves_[at(size, place, label)]; }
  const pose& best(std::size_t size, std::size_t place, int label) const {
    return moves_[at(size, place, label)];
  }

 private:
  std::size_t at(std::size_t size, std::size_t place, int label) const {
    return (size * places_ + place) * levels + static_cast<std::size_t>(label - label::c1);
  }
  std::size_t places_;
  std::vector<pose> moves_;
  std::vector<float> values_;
};

/// The built-in vertebrae of all levels, as points with normals, in natural size and the bodies' own axes.
/// The first points of each are spread over it as well.
struct level_points {
  static constexpr index_t each = 160, roughly = 32;
  std::vector<float> points, normals;  // 3 x (levels x each)

  level_points() : level_points(made()) {}

  /// From meshes in natural size and the bodies' own axes; a level without one has that of the nearest level.
  explicit level_points(const std::map<int, triangle_mesh<double>>& meshes) {
    std::map<int, spread_points> spread;
    for (const auto& [l, mesh] : meshes) spread.emplace(l, spread_over(mesh, static_cast<int>(each)));
    const auto nearest = [&](int l) -> const spread_points& {
      const auto closer = [l](const auto& a, const auto& b) {
        return std::abs(a.first - l) < std::abs(b.first - l);
      };
      return std::min_element(spread.begin(), spread.end(), closer)->second;
    };
    for (int k = 0; k < 3; ++k)
      for (int l = label::c1; l <= label::l5; ++l)
        for (index_t n = 0; n < each; ++n) {
          const auto i = static_cast<std::size_t>(n % roughly * (each / roughly) + n / roughly);
          points.push_back(static_cast<float>(nearest(l).points[i][k]));
          normals.push_back(static_cast<float>(nearest(l).normals[i][k]));
        }
  }

 private:
  static std::map<int, triangle_mesh<double>> made() {
    std::vector<int> labels;
    for (int l = label::c1; l <= label::l5; ++l) labels.push_back(l);
    return make_vertebrae(labels, {.edge_length = 3, .spacing_mm = 0, .along_chord = false});
  }
};

/// A level's vertebra at a place of the canal: its own canal on the curve, turned by `tilt` degrees about the
/// right against the canal's direction there, shifted to the front.
inline pose pose_at(const canal_frame& f, int label, double size, double tilt, double shift) {
  const anatomy::canal_measures& canal = anatomy::canal_of[label - label::c1];
  const double t = tilt * degree + std::atan(canal.tilt), c = std::cos(t), s = std::sin(t);
  pose p;
  p.scale = size;
  p.basis = {{f.right * size, (f.front * c + f.up * s) * size, (f.up * c - f.front * s) * size}};
  p.translation = f.centre + f.front * shift - p.basis.row[1] * canal.centre_y;
  return p;
}

/// Scores poses of the levels' vertebrae in an image whose HU are cut to the parameters' window.
template <exec::policy Host>
class pose_scores {
 public:
  pose_scores(const Host& e, masked_volume<float> image, const level_points& shapes,
              const level_score_params& p = {})
      : exec_(e), image_(std::move(image)), shapes_(shapes), params_(p) {
    for (float& v : image_.values.voxels) v = std::clamp(v, p.low_hu, p.high_hu);
  }

  struct labelled_pose {
    int label;
    pose where;
  };

  /// Of each pose, by all points of its vertebra or by its first ones.
  std::vector<float> operator()(const std::vector<labelled_pose>& poses,
                                index_t points = level_points::each) const {
    std::vector<posed_template<float>> posed;
    posed.reserve(poses.size());
    for (const auto& [label, where] : poses) {
      posed_template<float> q{{}, {}, static_cast<stored_index>(label - label::c1)};
      for (int a = 0; a < 3; ++a) {
        q.translation[a] = static_cast<float>(where.translation[a]);
        for (int b = 0; b < 3; ++b) q.basis(a, b) = static_cast<float>(where.basis(a, b));
      }
      posed.push_back(q);
    }
    std::vector<float> scores(posed.size());
    const index_t columns = std::ssize(shapes_.points) / 3, count = std::ssize(posed);
    const float falling = 2 * params_.step / params_.contrast;
    exec_.for_each_index(
        count,
        start_score_kernel<float, image_sampler<float>, exec::lanes_per_index<float, Host>>{
            view<const float>(shapes_.points.data(), 3, columns),
            view<const float>(shapes_.normals.data(), 3, columns), level_points::each, points,
            view<const posed_template<float>>(posed.data(), count, 1), sampler_of(image_), params_.step,
            falling, 0, view<float>(scores.data(), count, 1)},
        64);
    return scores;
  }

 private:
  Host exec_;
  masked_volume<float> image_;
  const level_points& shapes_;
  level_score_params params_;
};

/// All levels at all places of the curve, in all sizes.
template <exec::policy Host>
level_scores score_levels(const pose_scores<Host>& scores, const canal_curve& curve,
                          const level_score_params& p = {}) {
  using labelled = typename pose_scores<Host>::labelled_pose;
  level_scores out(curve.size(), p.sizes.size());
  const std::size_t poses_each = p.tilts.size() * p.shifts.size();
  const std::size_t kept_each = std::min(p.promising, poses_each);
  for (std::size_t s = 0; s < p.sizes.size(); ++s) {
    std::vector<labelled> all, kept;
    for (const canal_frame& f : curve)
      for (int l = label::c1; l <= label::l5; ++l)
        for (const double tilt : p.tilts)
          for (const double shift : p.shifts) all.push_back({l, pose_at(f, l, p.sizes[s], tilt, shift)});
    const std::vector<float> rough = scores(all, level_points::roughly);
    std::vector<std::size_t> order(poses_each);
    for (std::size_t first = 0; first < all.size(); first += poses_each) {
      for (std::size_t n = 0; n < poses_each; ++n) order[n] = first + n;
      std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept_each), order.end(),
                        [&](std::size_t a, std::size_t b) {
                          return rough[a] < rough[b] || (rough[a] == rough[b] && a < b);
                        });
      for (std::size_t n = 0; n < kept_each; ++n) kept.push_back(all[order[n]]);
    }
    const std::vector<float> found = scores(kept);
    for (std::size_t at = 0; at < kept.size(); ++at) {
      const std::size_t place = at / (level_scores::levels * kept_each);
      const int l = kept[at].label;
      if (at % kept_each == 0 || found[at] < out.value(s, place, l))
        out.value(s, place, l) = found[at], out.best(s, place, l) = kept[at].where;
    }
  }
  return out;
}

}  // namespace diffam::spine::find
