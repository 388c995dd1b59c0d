// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for starts: moves, scores of poses, the chain, and a generated CT with wrong centres.
#include "diffam/spine/start/search.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

/// Three poses above each other, 30 mm apart, at 30 / 34.3 times the template's size.
std::vector<pose> chain_of_three() {
  std::vector<pose> poses(3);
  for (std::size_t m = 0; m < 3; ++m) {
    poses[m].scale = 30 / 34.3;
    for (auto& row : poses[m].basis.row) row *= poses[m].scale;
    poses[m].translation = {5, -3, -30.0 * static_cast<double>(m)};
  }
  return poses;
}

/// Replaces an image: a score that is lower the closer a pose is to its target; 0 at the target, at most 1.
struct known_targets {
  std::vector<pose> targets;
  double away(const pose& p, const pose& target) const {
    double sum = squared_norm(p.translation - target.translation) / 100;
    for (int k = 0; k < 3; ++k) sum += squared_norm(p.basis.row[k] - target.basis.row[k]);
    return 1 - std::exp(-sum);
  }
  std::vector<double> operator()(const std::vector<pose>& poses,
                                 const std::vector<std::size_t>& which) const {
    std::vector<double> out;
    for (std::size_t i = 0; i < poses.size(); ++i) out.push_back(away(poses[i], targets[which[i]]));
    return out;
  }
};

double largest_difference(const mat3<double>& a, const mat3<double>& b) {
  double most = 0;
  for (int i = 0; i < 3; ++i) most = std::max(most, norm(a.row[i] - b.row[i]));
  return most;
}

}  // namespace

TEST_CASE("a move shifts, turns and scales along the template's own axes", "[spine]") {
  pose p;
  p.scale = 2;
  p.basis = {{{0, 2, 0}, {-2, 0, 0}, {0, 0, 2}}};  // x along the world's y, y along -x
  p.translation = {1, 2, 3};
  const pose shifted = moved(p, {{1, 0, 3}, {}, 0});
  CHECK(norm(shifted.translation - vec3<double>{1, 4, 9}) < 1e-12);
  CHECK(largest_difference(shifted.basis, p.basis) < 1e-12);
  // About the right axis by the right-hand rule: front turns to up, up turns to the back.
  const pose tilt = moved(p, {{}, {90, 0, 0}, 0});
  CHECK(norm(tilt.basis.row[0] - p.basis.row[0]) < 1e-12);
  CHECK(norm(tilt.basis.row[1] - p.basis.row[2]) < 1e-12);
  CHECK(norm(tilt.basis.row[2] + p.basis.row[1]) < 1e-12);
  CHECK(norm(moved(p, {{}, {0, 90, 0}, 0}).basis.row[2] - p.basis.row[0]) < 1e-12);  // up turns to the right
  CHECK(norm(moved(p, {{}, {0, 0, 90}, 0}).basis.row[0] - p.basis.row[1]) <
        1e-12);  // right turns to the front
  const pose grown = moved(p, {{}, {}, std::log(1.5)});
  CHECK(grown.scale == Approx(3));
  CHECK(determinant(grown.basis) == Approx(27));
  CHECK(grown.translation == p.translation);
}

TEST_CASE("points are spread over a surface by area", "[spine]") {
  const auto sphere = make_icosphere<double>(3);
  const spread_points s = spread_over(sphere, 200);
  REQUIRE(s.points.size() == 200);
  vec3<double> mean{};
  for (std::size_t i = 0; i < 200; ++i) {
    CHECK(norm(s.normals[i]) == Approx(1));
    CHECK(dot(s.normals[i], normalized(s.points[i])) > 0.99);
    mean += s.points[i] * (1.0 / 200);
  }
  CHECK(norm(mean) < 0.1);
}

TEST_CASE("the search finds shifts, turns and sizes", "[spine]") {
  const std::vector<pose> poses = chain_of_three();
  const std::vector<start_move> truth{{{0, 4, -9}, {14, 0, 0}, 0.05}, {{2, 0, 6}, {-20, 10, 26}, 0}, {}};
  known_targets scores;
  for (std::size_t m = 0; m < 3; ++m) scores.targets.push_back(moved(poses[m], truth[m]));
  start_search_params p;
  p.prior = 0;
  const auto found = start_search(scores, poses, {0, 0}, p).run();
  REQUIRE(found.size() == 3);
  for (std::size_t m = 0; m < 3; ++m) {
    const pose q = moved(poses[m], found[m]);
    CHECK(norm(q.translation - scores.targets[m].translation) < 1.5);
    CHECK(largest_difference(q.basis, scores.targets[m].basis) < 0.06);
  }
}

TEST_CASE("the prior does not penalise a turn that is common to the chain", "[spine]") {
  const std::vector<pose> poses = chain_of_three();
  for (const double common : {30.0, -30.0}) {
    known_targets scores;
    for (const double turn : {common, common, 1.7 * common})
      scores.targets.push_back(moved(poses[scores.targets.size()], {{}, {turn, 0, 0}, 0}));
    start_search_params p;
    p.prior = 0.1;
    const auto found = start_search(scores, poses, {30, 30}, p).run();
    CHECK(found[0].turn[0] == Approx(common).margin(5));
    p.common_turn = 90;
    const auto alone = start_search(scores, poses, {30, 30}, p).run();
    CHECK(std::abs(found[2].turn[0]) >= std::abs(alone[2].turn[0]) + 5);
  }
}

TEST_CASE("distances to neighbours decide between places with equal scores", "[spine]") {
  const std::vector<pose> poses = chain_of_three();
  struct two_places {
    known_targets up, down;
    std::vector<double> operator()(const std::vector<pose>& p, const std::vector<std::size_t>& which) const {
      std::vector<double> a = up(p, which);
      const std::vector<double> b = down(p, which);
      for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::min(a[i], b[i]);
      return a;
    }
  } scores;
  scores.up.targets = scores.down.targets = poses;
  scores.up.targets[2] = moved(poses[2], {{0, 0, 10}, {}, 0});     // 21 mm from its neighbour
  scores.down.targets[2] = moved(poses[2], {{0, 0, -10}, {}, 0});  // 39 mm
  const auto up = start_search(scores, poses, {30, 22}).run(),
             down = start_search(scores, poses, {30, 38}).run();
  CHECK(up[2].shift[2] == Approx(10).margin(2));
  CHECK(down[2].shift[2] == Approx(-10).margin(2));
  for (const auto& found : {up, down}) CHECK(norm(found[0].shift) < 1.6);
}

TEST_CASE("a start stays where the image gives no information", "[spine]") {
  const std::vector<pose> poses = chain_of_three();
  const auto blind = [](const std::vector<pose>& p, const std::vector<std::size_t>&) {
    return std::vector<double>(p.size(), 1.0);
  };
  for (const start_move& m : start_search(blind, poses, {30, 30}).run()) {
    CHECK(m.shift == vec3<double>{});
    CHECK(m.turn == vec3<double>{});
    CHECK(m.growth == 0);
  }
}

TEST_CASE("the size of a spine is the median over its distances, and start sizes follow it", "[spine]") {
  CHECK(table_distance(label::l1, label::l1 + 1) == Approx(34.4));
  CHECK(table_distance(label::t12, label::l1 + 1) == Approx(32.0 + 34.4));
  CHECK(table_distance(label::t12, label::t13) == Approx(32));
  CHECK(table_distance(label::t13, label::l1) == Approx(32));
  CHECK(table_distance(label::t12 - 1, label::t13) == Approx(29.6 + 32));
  CHECK(table_distance(label::l5, label::l6) == Approx(36.4));
  centroid_list c;
  double z = 0;
  for (int l = label::l1; l <= label::l5; ++l) {
    c.push_back({l, {0, 0, z}});
    z -= 1.1 * table_distance(l, l + 1);
  }
  CHECK(spine_size(c) == Approx(1.1));
  const double right = c[4].position[2];
  c[4].position[2] += 10;
  CHECK(spine_size(c) == Approx(1.1));
  CHECK(spine_size({c[0]}) == 1);
  std::vector<std::string> warnings;
  const auto own = start_poses(c, {}, warnings), shared = start_poses(c, {.chain_scale = true}, warnings);
  c[4].position[2] = right;
  const auto true_poses = start_poses(c, {}, warnings);
  CHECK(std::abs(std::log(own[4].scale / true_poses[4].scale)) > 0.25);
  CHECK(std::abs(std::log(shared[4].scale / true_poses[4].scale)) < 0.06);
}

TEST_CASE("the search corrects wrong centres, with the same result for any number of threads", "[spine]") {
  phantom_params made;
  made.levels = {20, 21, 22, 23};
  const phantom ct = make_phantom(exec::threads(2), made);
  centroid_list wrong = ct.centres;
  wrong[0].position += vec3<double>{0, 0, 9};
  wrong[2].position += vec3<double>{0, 8, 0};
  const template_set templates = builtin_templates(made.levels);
  fit_options o = default_preset();
  std::vector<std::string> warnings;
  const auto search = [&](const auto& e, const centroid_list& centres, bool on) {
    o.start_search = on;
    fit_plan plan = plan_fit(ct.ct.geometry, centres, templates, o, warnings);
    using exec = std::decay_t<decltype(e)>;
    const scale_space<float, exec> image(e, look_at(e, volume_view<float>(ct.ct), plan, o),
                                         {.sigma = o.blur_mm, .levels = 2});
    (void)improve_starts<float>(e, plan, image.most_blurred(), o, warnings);
    return plan;
  };
  const fit_plan serial = search(exec::serial{}, wrong, true),
                 threads = search(exec::threads(3), wrong, true), off = search(exec::serial{}, wrong, false),
                 right = search(exec::threads(3), ct.centres, true);
  for (std::size_t m = 0; m < 4; ++m) {
    CHECK(off.poses[m].translation == wrong[m].position);
    // A moved centre comes back to a third of its way. The bones of the phantom differ from the templates as
    // those of patients do, so a search from the right centres moves them by some millimetres, too.
    const vec3<double> truth = ct.centres[m].position;
    const double moved = norm(wrong[m].position - truth),
                 from_right = norm(right.poses[m].translation - truth);
    CHECK(norm(serial.poses[m].translation - truth) < std::max({2.0, moved / 3, from_right}));
    CHECK(serial.poses[m].translation == threads.poses[m].translation);
    for (int k = 0; k < 3; ++k) CHECK(serial.poses[m].basis.row[k] == threads.poses[m].basis.row[k]);
  }
  CHECK(warnings.empty());

  // In muscle and fat beside the spine there are no vertebrae to be found.
  centroid_list beside = ct.centres;
  for (auto& c : beside) c.position += vec3<double>{-55, 20, 0};
  const fit_plan nothing = search(exec::threads(3), beside, true);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], ContainsSubstring("no vertebrae there"));
  for (const auto& remarks : nothing.remarks) CHECK(remarks.back() == warnings[0]);
}
