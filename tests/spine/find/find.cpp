// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The whole search: on generated CTs in any storage order, on images without a spine, and on real scans where
// these lie beside the checkout.
#include "diffam/spine/find.hpp"

#include <random>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/phantom.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

phantom lumbar(bool sagittal) {
  phantom_params p;
  p.levels = {18, 19, 20, 21, 22};
  p.spacing = {1.5, 1.5, 2};
  if (sagittal) p.directions = tilted_sagittal();
  return make_phantom(exec::threads(), p);
}

double nearest(const spine_finding& f, const vec3<double>& x) {
  double least = 1e9;
  for (const auto& v : f.vertebrae) least = std::min(least, norm(v.position - x));
  return least;
}

}  // namespace

TEST_CASE("every whole vertebra of a generated CT is found, in either storage order", "[spine]") {
  for (const bool sagittal : {false, true}) {
    const phantom ph = lumbar(sagittal);
    const spine_finding f = find_spine(exec::threads(), volume_view<float>(ph.ct));
    for (const auto& c : ph.centres) {
      INFO(label_name(c.label) << (sagittal ? " of a sagittal scan" : ""));
      CHECK(nearest(f, c.position) < 8);
    }
    CHECK(f.vertebrae.size() <= ph.centres.size() + 2);  // the phantom has unlabelled bones at both ends
    if (f.sure)
      for (const auto& v : f.vertebrae)
        for (const auto& c : ph.centres)
          if (norm(v.position - c.position) < 8) CHECK(v.label == c.label);
  }
}

TEST_CASE("a pin at a body's centre is the centre that is found", "[spine]") {
  const phantom ph = lumbar(false);
  const vec3<double> clicked = ph.centres[2].position + vec3<double>{2, -3, 4};
  find_options o;
  o.pins = {{20, clicked, true}};
  const spine_finding f = find_spine(exec::threads(), volume_view<float>(ph.ct), o);
  const auto l1 =
      std::find_if(f.vertebrae.begin(), f.vertebrae.end(), [](const auto& v) { return v.label == 20; });
  REQUIRE(l1 != f.vertebrae.end());
  CHECK(l1->position == clicked);
  CHECK(f.vertebrae.size() >= 5);
}

TEST_CASE("names that are a level off contradict a generated CT, and its own names do not", "[spine]") {
  const phantom ph = lumbar(false);
  const auto doubts = [&](int off) {
    centroid_list centres = ph.centres;
    std::vector<int> labels;
    for (auto& c : centres) labels.push_back(c.label += off);
    return check_names(exec::threads(), volume_view<float>(ph.ct), centres, builtin_templates(labels));
  };
  CHECK(doubts(0).empty());
  for (const int off : {-1, 1}) {
    const auto found = doubts(off);
    INFO(off << (found.empty() ? "" : " margin " + std::to_string(found[0].margin)));
    REQUIRE(found.size() == 1);
    CHECK(found[0].likelier == std::vector<int>{18, 19, 20, 21, 22});
    CHECK_FALSE(found[0].reasons.empty());
  }
}

TEST_CASE("a finding has the same bits for any number of threads", "[spine]") {
  const phantom ph = lumbar(false);
  const spine_finding a = find_spine(exec::serial(), volume_view<float>(ph.ct)),
                      b = find_spine(exec::threads(3), volume_view<float>(ph.ct));
  REQUIRE(a.vertebrae.size() == b.vertebrae.size());
  REQUIRE_FALSE(a.vertebrae.empty());
  for (std::size_t i = 0; i < a.vertebrae.size(); ++i) {
    CHECK(a.vertebrae[i].label == b.vertebrae[i].label);
    CHECK(a.vertebrae[i].position == b.vertebrae[i].position);
    CHECK(a.vertebrae[i].score == b.vertebrae[i].score);
  }
  CHECK(a.margin == b.margin);
}

TEST_CASE("a pin names the whole chain", "[spine]") {
  const phantom ph = lumbar(false);
  find_options o;
  const int name = ph.centres[2].label + 1;  // not the true one: the names then come from the pin alone
  o.pins = {{name, ph.centres[2].position}};
  int named = 0;
  for (const auto& v : find_spine(exec::threads(), volume_view<float>(ph.ct), o).vertebrae)
    if (norm(v.position - ph.centres[2].position) < 8) {
      CHECK(v.label == name);
      ++named;
    }
  CHECK(named == 1);
}

TEST_CASE("one vertebra alone is found where a pin says that there is one", "[spine]") {
  phantom_params p;
  p.levels = {22};
  p.spacing = {1.5, 1.5, 2};
  const phantom ph = make_phantom(exec::threads(), p);
  find_options o;
  o.least_gain = 100;  // whatever the phantom gains
  CHECK(find_spine(exec::threads(), volume_view<float>(ph.ct), o).vertebrae.empty());
  o.pins = {{22, ph.centres[0].position}};
  CHECK(nearest(find_spine(exec::threads(), volume_view<float>(ph.ct), o), ph.centres[0].position) < 8);
}

TEST_CASE("there is no spine in noise, in muscle and in a long bone", "[spine]") {
  grid g;
  g.size = {90, 90, 120};
  for (int a = 0; a < 3; ++a) g.axes(a, a) = 2;
  volume<float> noise(g), muscle(g, 50), bone(g, 50);
  std::mt19937 words(1);
  for (float& v : noise.voxels) v = static_cast<float>(words() % 1200) - 400;
  for (index_t v = 0; v < g.voxel_count(); ++v) {
    const double r = std::hypot(static_cast<double>(v % 90) - 45, static_cast<double>(v / 90 % 90) - 45) * 2;
    if (r > 7 && r < 14) bone.voxels[static_cast<std::size_t>(v)] = 1200;
    if (r <= 7) bone.voxels[static_cast<std::size_t>(v)] = 0;
  }
  for (const auto* image : {&noise, &muscle, &bone})
    CHECK(find_spine(exec::threads(), volume_view<float>(*image)).vertebrae.empty());
}
