// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which vertebrae carry ribs, by how far bone reaches to the side that is joined to each: every voxel of bone
// belongs to the vertebra from which it is the nearest through bone (a Voronoi diagram by geodesic distance).
// A rib runs on for more than 60 mm from the midline, a lumbar transverse process ends at 35 to 45 mm.
#pragma once

#include <array>
#include <vector>

#include "diffam/spine/find/chain.hpp"

namespace diffam::spine::find {

struct rib_params {
  double bone_hu = 150;           // marrow of ribs is dim, and slices blur them
  double core[3] = {34, 32, 12};  // half sides of the box whose bone is a vertebra's own, heads of its ribs
                                  // included: their joints are gaps, mm
  double core_y = -12;            // its middle, to the back of the body's centre
  double front = -6;              // mm: ribs are followed behind it, where no vessel with contrast is
  double side = 90, below = 55, above = 25, back = 75;  // mm, how far bone is followed
  // mm from the midline: reached by a rib alone; by a process as well. Bone that reaches farther than a
  // process and leaves the field of view at the side is a rib, too.
  double rib = 57, process = 49;
  int least_voxels = 4;  // beyond a distance, that make it reached
  // Where ribs cross the distance `rib`, {front, up} in mm: the first one, those of the chest, the last one.
  std::vector<std::array<double, 2>> ways{{-15, 8}, {-15, -14}, {-42, 10}, {-42, -20}};
};

/// What bone is joined to the two sides of a vertebra.
struct rib_evidence {
  enum kind { unseen, none, unclear, rib };
  kind right = unseen, left = unseen;
  double reach[2] = {0, 0};  // mm from the midline, right and left, in a vertebra of the table's size
};

namespace detail {

/// A vertebra's own coordinates, mm at the size of the table.
struct own_frame {
  vec3<double> centre;
  mat3<double> axes;  // rows: right, front, up, divided by the size
  explicit own_frame(const pose& p) : centre(p.translation), axes(p.basis) {
    for (auto& r : axes.row) r *= 1 / (p.scale * p.scale);
  }
  vec3<double> operator()(const vec3<double>& world) const { return axes * (world - centre); }
};

/// Follows bone from the vertebrae in steps to the six neighbours, all at once.
class bone_territories {
 public:
  bone_territories(const volume<float>& image, const std::vector<chain_link>& links, const rib_params& p)
      : image_(image), p_(p), owner_(image.voxels.size(), 0) {
    for (const auto& l : links) frames_.emplace_back(l.where);
    std::vector<index_t> front = seeds();
    while (!front.empty()) {
      std::vector<index_t> next;
      for (const index_t v : front) spread(v, next);
      front = std::move(next);
    }
  }

  /// The reach of vertebra m's bone to the right and left, mm.
  std::array<double, 2> reach(std::size_t m) const {
    std::array<std::array<int, 128>, 2> beyond{};  // voxels by mm from the midline
    for (const index_t v : owned_[m]) {
      const vec3<double> x = frames_[m](place(v));
      const auto mm = static_cast<std::size_t>(std::min(std::abs(x[0]), 127.0));
      ++beyond[x[0] > 0 ? 0 : 1][mm];
    }
    std::array<double, 2> out{};
    for (std::size_t side = 0; side < 2; ++side) {
      int count = 0;
      for (std::size_t mm = 128; mm-- > 0;)
        if ((count += beyond[side][mm]) >= p_.least_voxels) {
          out[side] = static_cast<double>(mm);
          break;
        }
    }
    return out;
  }

 private:
  vec3<double> place(index_t v) const {
    const auto& n = image_.geometry.size;
    return image_.geometry.to_world({static_cast<double>(v % n[0]), static_cast<double>(v / n[0] % n[1]),
                                     static_cast<double>(v / (n[0] * n[1]))});
  }
  bool bone(index_t v) const { return image_.voxels[static_cast<std::size_t>(v)] > p_.bone_hu; }

  /// Bone in the boxes of the vertebrae; where two boxes overlap, the bone belongs to the nearer centre.
  std::vector<index_t> seeds() {
    owned_.resize(frames_.size());
    std::vector<index_t> out;
    const auto& g = image_.geometry;
    for (std::size_t m = 0; m < frames_.size(); ++m) {
      const vec3<double> c = g.to_index(frames_[m].centre);
      const auto reach = static_cast<index_t>(60 / g.spacing()[0]);
      for (index_t k = std::max<index_t>(0, static_cast<index_t>(c[2]) - reach);
           k < std::min(g.size[2], static_cast<index_t>(c[2]) + reach); ++k)
        for (index_t j = std::max<index_t>(0, static_cast<index_t>(c[1]) - reach);
             j < std::min(g.size[1], static_cast<index_t>(c[1]) + reach); ++j)
          for (index_t i = std::max<index_t>(0, static_cast<index_t>(c[0]) - reach);
               i < std::min(g.size[0], static_cast<index_t>(c[0]) + reach); ++i) {
            const index_t v = g.linear(i, j, k);
            if (!bone(v)) continue;
            const vec3<double> world = place(v), x = frames_[m](world);
            if (std::abs(x[0]) > p_.core[0] || std::abs(x[1] - p_.core_y) > p_.core[1] ||
                std::abs(x[2]) > p_.core[2])
              continue;
            auto& owner = owner_[static_cast<std::size_t>(v)];
            if (owner != 0 && norm(world - frames_[owner - 1U].centre) <= norm(world - frames_[m].centre))
              continue;
            if (owner == 0) out.push_back(v);
            owner = static_cast<std::uint8_t>(m + 1);
          }
    }
    for (const index_t v : out) owned_[owner_[static_cast<std::size_t>(v)] - 1U].push_back(v);
    return out;
  }

  void take(index_t v, std::size_t m) {
    owner_[static_cast<std::size_t>(v)] = static_cast<std::uint8_t>(m + 1);
    owned_[m].push_back(v);
  }

  void spread(index_t v, std::vector<index_t>& next) {
    const auto& n = image_.geometry.size;
    const std::size_t m = owner_[static_cast<std::size_t>(v)] - std::size_t{1};
    const index_t at[3] = {v % n[0], v / n[0] % n[1], v / (n[0] * n[1])}, step[3] = {1, n[0], n[0] * n[1]};
    for (int a = 0; a < 3; ++a)
      for (const index_t way : {index_t{-1}, index_t{1}}) {
        if (at[a] + way < 0 || at[a] + way >= n[a]) continue;
        const index_t u = v + way * step[a];
        if (!bone(u) || owner_[static_cast<std::size_t>(u)] != 0 || !followed(frames_[m](place(u)))) continue;
        take(u, m);
        next.push_back(u);
      }
  }

  bool followed(const vec3<double>& x) const {
    return x[1] < p_.front && x[1] > -p_.back && std::abs(x[0]) < p_.side && x[2] > -p_.below &&
           x[2] < p_.above;
  }

  const volume<float>& image_;
  rib_params p_;
  std::vector<own_frame> frames_;
  std::vector<std::uint8_t> owner_;  // 1 + number of the vertebra; 0: none
  std::vector<std::vector<index_t>> owned_;
};

/// How far to a side all of the ways of ribs are in the field of view, and how far at least one of them is,
/// mm; at most a little farther than a rib has to reach.
struct rib_view {
  double all, any;
};

inline rib_view view_of_ribs(const grid& field_of_view, const pose& where, int side, const rib_params& p) {
  const auto in_view = [&](const std::array<double, 2>& way, double x) {
    const vec3<double> at = vec3<double>{side * x, way[0], way[1]} * where.basis + where.translation;
    return inside_view(field_of_view.to_index(at), field_of_view.size);
  };
  const double from = p.process - 10;  // nearer, no rib begins
  rib_view out{p.rib + 4, from};
  for (const auto& way : p.ways) {
    double x = from;
    while (x < p.rib + 4 && in_view(way, x + 1)) ++x;
    out = {std::min(out.all, x), std::max(out.any, x)};
  }
  return out;
}

/// Bone that is cut at the side may go on; bone beside which the image ends above or below need not.
inline rib_evidence::kind kind_of(double reach, const rib_view& seen, const rib_params& p) {
  const bool cut_at_side = seen.any >= p.process && reach > p.process && reach >= seen.any - 4;
  if (reach >= p.rib || cut_at_side) return rib_evidence::rib;
  if (seen.all < p.process + 4) return rib_evidence::unseen;
  return reach <= std::min(p.process, seen.all - 8) ? rib_evidence::none : rib_evidence::unclear;
}

}  // namespace detail

/// For each vertebra of a chain.
inline std::vector<rib_evidence> find_ribs(const masked_volume<float>& image,
                                           const std::vector<chain_link>& links, const rib_params& p = {}) {
  const detail::bone_territories territories(image.values, links, p);
  std::vector<rib_evidence> out;
  for (std::size_t m = 0; m < links.size(); ++m) {
    const auto reach = territories.reach(m);
    rib_evidence e;
    for (int side = 0; side < 2; ++side) {
      e.reach[side] = reach[static_cast<std::size_t>(side)];
      const auto seen = detail::view_of_ribs(image.field_of_view, links[m].where, side == 0 ? 1 : -1, p);
      (side == 0 ? e.right : e.left) = detail::kind_of(e.reach[side], seen, p);
    }
    out.push_back(e);
  }
  return out;
}

}  // namespace diffam::spine::find
