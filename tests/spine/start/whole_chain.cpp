// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The whole chain against a generated CT: sound, mirrored, upside down, and with centres that all lie
// elsewhere.
#include "diffam/spine/start/whole_chain.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

const phantom& loin() {
  static const phantom made =
      make_phantom(exec::serial{}, {.levels = {20, 21, 22, 23}, .spacing = {2, 2, 2.5}});
  return made;
}

/// `turn`: degrees by which all templates are turned about their axes before.
whole_chain_finding review(const volume<float>& ct, const centroid_list& centres,
                           const vec3<double>& turn = {}) {
  std::vector<int> labels;
  for (const auto& c : centres) labels.push_back(c.label);
  const fit_options o = default_preset();
  std::vector<std::string> warnings;
  const fit_plan plan = plan_fit(ct.geometry, centres, builtin_templates(labels), o, warnings);
  const scale_space<float, exec::serial> image(exec::serial{},
                                               look_at(exec::serial{}, volume_view<float>(ct), plan, o),
                                               {.sigma = o.blur_mm, .levels = 2});
  const start_scores<float, exec::serial> scores(exec::serial{}, plan, image.most_blurred(), o.edges);
  std::vector<pose> poses = plan.poses;
  for (pose& p : poses) p = moved(p, {{}, turn, 0});
  return review_whole_chain(scores, poses);
}

/// The loin with its voxels mirrored along some axes of the image, and its centres on what is seen then.
/// Names go from the top of the image to its bottom. `count`: so many centres from the head.
whole_chain_finding mirrored(bool front, bool up, std::size_t count = 4) {
  const volume<float>& from = loin().ct;
  const auto n = from.geometry.size;
  volume<float> ct(from.geometry);
  for (index_t k = 0; k < n[2]; ++k)
    for (index_t j = 0; j < n[1]; ++j)
      for (index_t i = 0; i < n[0]; ++i)
        ct.at(i, j, k) = from.at(i, front ? n[1] - 1 - j : j, up ? n[2] - 1 - k : k);
  centroid_list centres = loin().centres;
  for (auto& c : centres) {
    vec3<double> x = from.geometry.to_index(c.position);
    if (front) x[1] = static_cast<double>(n[1] - 1) - x[1];
    if (up) x[2] = static_cast<double>(n[2] - 1) - x[2];
    c.position = from.geometry.to_world(x);
    if (up) c.label = 43 - c.label;
  }
  sort_anatomically(centres);
  centres.resize(count);
  return review(ct, centres);
}

/// `count`: so many centres from the head.
whole_chain_finding moved_by(const vec3<double>& mm, std::size_t count = 4) {
  centroid_list centres = loin().centres;
  centres.resize(count);
  for (auto& c : centres) c.position += mm;
  return review(loin().ct, centres);
}

}  // namespace

TEST_CASE("a mirrored or turned image is told from a sound one", "[spine][checks]") {
  CHECK(mirrored(false, false).text.empty());
  const auto front = mirrored(true, false), down = mirrored(false, true), both = mirrored(true, true);
  CHECK((front.fatal && down.fatal && both.fatal));
  CHECK_THAT(front.text, ContainsSubstring("mirrored from front to back"));
  CHECK_THAT(down.text, ContainsSubstring("seems to be upside down:"));
  CHECK_THAT(both.text, ContainsSubstring("upside down and turned"));
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}}) {
    CHECK(mirrored(false, false, count).text.empty());
    CHECK_THAT(mirrored(true, false, count).text, ContainsSubstring("mirrored from front to back"));
  }
}

TEST_CASE("a small difference of scores is a doubt for one or two vertebrae, a large one an error",
          "[spine][checks]") {
  struct made_scores {  // a template that is turned from front to back fits better by `margin`
    const std::vector<pose>& given;
    double margin;
    std::vector<double> roughly(const std::vector<pose>& tried, const std::vector<std::size_t>& which) const {
      std::vector<double> out;
      for (std::size_t i = 0; i < tried.size(); ++i) {
        const mat3<double>&a = tried[i].basis, &b = given[which[i]].basis;
        const bool turned = dot(a.row[1], b.row[1]) < 0 && dot(a.row[2], b.row[2]) > 0;
        out.push_back(turned ? 0.8 - margin : 0.8);
      }
      return out;
    }
  };
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    const std::vector<pose> poses(count);
    const auto found = [&](double margin) { return review_whole_chain(made_scores{poses, margin}, poses); };
    CHECK(found(0.03).text.empty());
    CHECK(found(0.05).text.empty() == (count == 3));
    CHECK_FALSE(found(0.05).fatal);
    CHECK(found(0.07).fatal);
  }
}

TEST_CASE("templates that are turned do not make sound centres wrong", "[spine][checks]") {
  for (int axis = 0; axis < 3; ++axis)
    for (const double degrees : {-50.0, -30.0, 30.0, 50.0}) {
      vec3<double> turn{};
      turn[axis] = degrees;
      INFO("axis " << axis << ", degrees " << degrees);
      for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
        centroid_list centres = loin().centres;
        centres.resize(count);
        CHECK(review(loin().ct, centres, turn).text.empty());
      }
    }
}

TEST_CASE("centres beside all bodies are recovered or told", "[spine][checks]") {
  CHECK(moved_by({0, 6, 0}).text.empty());
  const auto canal = moved_by({0, -20, 0});
  CHECK_FALSE(canal.fatal);
  CHECK_THAT(canal.text, ContainsSubstring("to the front") && ContainsSubstring("canal"));
  CHECK(std::abs(canal.shift[1] - 20) < 6);
  const auto disc = moved_by({0, 0, -17});
  CHECK(disc.fatal);
  CHECK_THAT(disc.text, ContainsSubstring("in the discs"));
  const auto process = moved_by({0, -55, -8});
  CHECK(process.fatal);
  CHECK_THAT(process.text, ContainsSubstring("spinous"));
}

TEST_CASE("two centres tell whether both lie in the canal or on the processes", "[spine][checks]") {
  CHECK(moved_by({}, 2).text.empty());
  const auto canal = moved_by({0, -20, 0}, 2);
  CHECK_FALSE(canal.fatal);
  CHECK(std::abs(canal.shift[1] - 20) < 6);
  CHECK_THAT(moved_by({0, -55, -8}, 2).text, ContainsSubstring("spinous"));
  CHECK(moved_by({0, 0, -17}, 2).text.empty());  // the search finds one of the two bodies
}

TEST_CASE("a shift that all starts share is told", "[spine][checks]") {
  std::vector<start_move> moves(4);
  for (auto& m : moves) m.shift = {-10, 1, 12};
  CHECK_THAT(shared_shift(moves), ContainsSubstring("to the left, by about 10 mm"));
  moves[2].shift[0] = 3;
  CHECK(shared_shift(moves).empty());
}
