// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The anatomy of the generated CT: every level one piece that touches no other, ribs and lungs without a
// label, the atlas a ring, the axis with its dens; and the parts that bones are made from.
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/phantom.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

constexpr int axis = label::c1 + 1;

phantom_params whole_spine() {
  phantom_params p;
  p.levels = parse_levels_to_make("C1-L5");
  return p;
}
const phantom& whole() {
  static const phantom made = make_phantom(exec::threads{}, whole_spine());
  return made;
}

template <class Visit>
void for_each_voxel(const grid& g, const Visit& visit) {
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        visit(g.linear(i, j, k),
              g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
}

struct extent_of_label {
  vec3<double> low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
  double voxels = 0;
};
std::map<int, extent_of_label> extents(const volume<std::uint8_t>& truth) {
  std::map<int, extent_of_label> all;
  for_each_voxel(truth.geometry, [&](index_t v, const vec3<double>& p) {
    const int l = truth.voxels[static_cast<std::size_t>(v)];
    if (l == 0) return;
    extent_of_label& e = all[l];
    ++e.voxels;
    for (int a = 0; a < 3; ++a) e.low[a] = std::min(e.low[a], p[a]), e.high[a] = std::max(e.high[a], p[a]);
  });
  return all;
}

/// Voxels of the piece, joined by faces, that holds `start`; they are set to 0.
double take_piece(volume<std::uint8_t>& truth, index_t start) {
  const grid& g = truth.geometry;
  const std::uint8_t l = truth.voxels[static_cast<std::size_t>(start)];
  std::vector<vec<index_t, 3>> open;
  double taken = 0;
  const auto take = [&](const vec<index_t, 3>& at) {
    for (int a = 0; a < 3; ++a)
      if (at[a] < 0 || at[a] >= g.size[a]) return;
    std::uint8_t& voxel = truth.at(at[0], at[1], at[2]);
    if (voxel == l) voxel = 0, ++taken, open.push_back(at);
  };
  take({start % g.size[0], start / g.size[0] % g.size[1], start / g.size[0] / g.size[1]});
  while (!open.empty()) {
    const vec<index_t, 3> at = open.back();
    open.pop_back();
    for (int a = 0; a < 3; ++a)
      for (const index_t way : {-1, 1}) {
        vec<index_t, 3> next = at;
        next[a] += way;
        take(next);
      }
  }
  return taken;
}

int label_at(const phantom& ph, const vec3<double>& p) {
  const auto i = ph.truth.geometry.to_index(p);
  return ph.truth.at(std::llround(i[0]), std::llround(i[1]), std::llround(i[2]));
}

/// What is met on the way of `reach` mm from p, in its order, each once.
std::vector<int> labels_on_the_way(const phantom& ph, vec3<double> p, const vec3<double>& direction,
                                   double reach) {
  std::vector<int> met;
  for (double t = 0; t < reach; t += 0.25) {
    const int l = label_at(ph, p + direction * t);
    if (l != 0 && (met.empty() || met.back() != l)) met.push_back(l);
  }
  return met;
}

const vec3<double>& centre_of(const phantom& ph, int label) {
  const auto same = [label](const centroid& c) { return c.label == label; };
  return std::find_if(ph.centres.begin(), ph.centres.end(), same)->position;
}

}  // namespace

TEST_CASE("each level is one piece and touches no other", "[spine]") {
  const std::uint64_t seed = GENERATE(1, 2);
  phantom_params p = whole_spine();
  p.seed = seed;
  volume<std::uint8_t> truth = seed == 1 ? whole().truth : make_phantom(exec::threads{}, p).truth;
  const grid g = truth.geometry;
  int touching = 0;
  for (index_t k = 0; k + 1 < g.size[2]; ++k)
    for (index_t j = 0; j + 1 < g.size[1]; ++j)
      for (index_t i = 0; i + 1 < g.size[0]; ++i)
        for (const int next : {truth.at(i + 1, j, k), truth.at(i, j + 1, k), truth.at(i, j, k + 1)})
          touching += truth.at(i, j, k) != 0 && next != 0 && next != truth.at(i, j, k);
  CHECK(touching == 0);
  std::map<int, int> pieces;
  for (std::size_t v = 0; v < truth.voxels.size(); ++v) {
    const int l = truth.voxels[v];
    if (l != 0) take_piece(truth, static_cast<index_t>(v)), ++pieces[l];
  }
  REQUIRE(pieces.size() == 24);
  for (const auto& [l, count] : pieces) {
    INFO(label_name(l));
    CHECK(count == 1);
  }
}

TEST_CASE("a label is as large as its vertebra, without ribs", "[spine]") {
  for (const auto& [l, e] : extents(whole().truth)) {
    const auto m = anatomy::measures_of(l);
    const double wide = 2 * std::max(m.transverse.tip[0] + m.transverse.tip_radius, m.body.lower_width / 2);
    INFO(label_name(l) << ": " << (e.high - e.low)[0] << " mm wide, built in " << wide);
    CHECK((e.high - e.low)[0] > 0.75 * wide);
    CHECK((e.high - e.low)[0] < 1.3 * wide);  // a rib would add 60 mm or more
    const double behind = centre_of(whole(), l)[1] - e.low[1];
    CHECK(behind < 1.3 * (m.body.centre_y - m.spinous.tip_y) + 10);
  }
}

TEST_CASE("ribs are bright and have no label, lungs are dark", "[spine]") {
  const auto bright_aside = [](const phantom& ph, double low, double high) {
    double bright = 0;
    for_each_voxel(ph.ct.geometry, [&](index_t v, const vec3<double>& p) {
      const auto i = static_cast<std::size_t>(v);
      if (std::abs(p[0]) < 48 || p[2] < low || p[2] > high || ph.ct.voxels[i] < 500) return;
      CHECK(ph.truth.voxels[i] == 0);
      ++bright;
    });
    return bright;
  };
  const double t1 = centre_of(whole(), label::t1)[2], t12 = centre_of(whole(), label::t12)[2];
  for (int third = 0; third < 3; ++third) {
    const double high = t1 + (t12 - t1) * third / 3, low = t1 + (t12 - t1) * (third + 1) / 3;
    CHECK(bright_aside(whole(), low, high) > 500);
  }
  const auto mean = [](const phantom& ph, const vec3<double>& centre) {
    double sum = 0, n = 0;
    for_each_voxel(ph.ct.geometry, [&](index_t v, const vec3<double>& p) {
      if (norm(p - centre) < 4) sum += ph.ct.voxels[static_cast<std::size_t>(v)], ++n;
    });
    return sum / n;
  };
  for (const double side : {40.0, -40.0})
    CHECK(std::abs(mean(whole(), centre_of(whole(), label::t1 + 5) + vec3<double>{side, 10, 0}) + 850) < 20);

  phantom_params bare;
  bare.levels = {12, 13};
  bare.other_bones = false;
  const phantom alone = make_phantom(exec::threads{}, bare);
  CHECK(bright_aside(alone, -1e9, 1e9) == 0);
  double unlabelled = 0;
  for (std::size_t v = 0; v < alone.ct.voxels.size(); ++v)
    unlabelled +=
        alone.truth.voxels[v] == 0 && alone.ct.voxels[v] > 900;  // above what blur leaves beside bone
  CHECK(unlabelled == 0);
}

TEST_CASE("the atlas is a ring, and the dens stands in it", "[spine]") {
  const phantom& ph = whole();
  // The cord's place: behind the dens, level with the middle of the atlas.
  const vec3<double> cord = centre_of(ph, label::c1) + vec3<double>{0, -9, 0};
  CHECK(label_at(ph, cord) == 0);
  const std::vector<int> ring{label::c1};
  CHECK(labels_on_the_way(ph, cord, {1, 0, 0}, 30) == ring);
  CHECK(labels_on_the_way(ph, cord, {-1, 0, 0}, 30) == ring);
  CHECK(labels_on_the_way(ph, cord, {0, -1, 0}, 25) == ring);
  CHECK(labels_on_the_way(ph, cord, {0, 1, 0}, 40) == std::vector<int>{axis, label::c1});

  // Above its body the axis is as thin as a dens, for about the length of one, up into the atlas.
  const double body_top = centre_of(ph, axis)[2] + anatomy::measures_of(axis).body.height / 2;
  std::map<long, extent_of_label> slices;
  for_each_voxel(ph.truth.geometry, [&](index_t v, const vec3<double>& p) {
    if (ph.truth.voxels[static_cast<std::size_t>(v)] != axis || p[2] < body_top) return;
    extent_of_label& e = slices[std::lround(p[2] - body_top)];
    e.low[0] = std::min(e.low[0], p[0]), e.high[0] = std::max(e.high[0], p[0]);
  });
  REQUIRE(slices.size() > 4);
  const double tip = static_cast<double>(slices.rbegin()->first) + body_top;
  CHECK(tip > centre_of(ph, label::c1)[2]);
  CHECK(tip - body_top > 9);
  CHECK(tip - body_top < 22);
  const double thickness = slices.lower_bound(5)->second.high[0] - slices.lower_bound(5)->second.low[0];
  CHECK(thickness > 5);
  CHECK(thickness < 16);
}

TEST_CASE("people differ, each level by as much as is in print", "[spine]") {
  // Spreads over 200 seeds, sizes of the people included, within a quarter: their own error is 5 %.
  const auto spread_of = [](const auto& measure) {
    double sum = 0, squares = 0;
    constexpr int people = 200;
    for (std::uint64_t seed = 1; seed <= people; ++seed) {
      const double x =
          measure(spine::detail::phantom_measures(label::l5, seed)) * spine::detail::phantom_size(seed);
      sum += x, squares += x * x;
    }
    return std::sqrt(squares / people - sum / people * (sum / people)) / (sum / people);
  };
  const anatomy::fifth_lumbar print;
  const auto share = [](const anatomy::published& p) { return p.spread / p.mean; };
  CHECK(spread_of([](const auto& m) { return m.body.height; }) ==
        Approx(share(print.anterior_height)).epsilon(0.25));
  CHECK(spread_of([](const auto& m) { return m.body.upper_depth; }) ==
        Approx(share(print.upper_depth)).epsilon(0.25));
  CHECK(spread_of([](const auto& m) { return m.canal.width; }) ==
        Approx(share(print.canal_width)).epsilon(0.25));
  CHECK(spread_of([](const auto& m) { return m.canal.depth; }) ==
        Approx(share(print.canal_depth)).epsilon(0.25));
}

TEST_CASE("the deformation has the derivative and the inverse that it says", "[spine]") {
  const spine::detail::phantom_deformation u(5, 2, 45, 100);
  const vec3<double> x{3, -20, 51}, g{0.2, -0.7, 0.4};
  const auto f = [&](const vec3<double>& at) { return dot(g, at + u(at)); };
  const vec3<double> found = u.pulled_back(x, g), expected = implicit_gradient(f, x);
  CHECK(norm(u(x)) > 0.1);
  CHECK(norm(found - expected) < 1e-6);
  const vec3<double> y = u.inverse(x);
  CHECK(norm(y + u(y) - x) < 1e-3);
}

TEST_CASE("no bone is passed over where a tile leaves some out", "[spine]") {
  phantom_params p;
  p.levels = {7, 8};
  p.spacing = {2, 2, 2};
  p.directions = tilted_sagittal();
  const phantom ph = make_phantom(exec::threads{}, p);
  const spine::detail::phantom_skeleton skeleton(p.levels, true, p.seed);
  spine::detail::near_bones all;
  for (const auto& b : skeleton.bones) all.push_back(&b);
  int different = 0;
  for_each_voxel(ph.truth.geometry, [&](index_t v, const vec3<double>& at) {
    if (v % 7 != 0) return;
    const spine::detail::nearest_bone n = spine::detail::nearest_of(all, at);
    different += ph.truth.voxels[static_cast<std::size_t>(v)] != (n.distance < 0 ? n.label : 0);
  });
  CHECK(different == 0);
}
