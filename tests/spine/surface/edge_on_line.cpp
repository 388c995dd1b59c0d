// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The edge of a bone on a line: the nearest place where the image falls below the level.
#include "diffam/spine/surface/edge_on_line.hpp"

#include <functional>

#include "support/golden.hpp"

using namespace diffam;
using spine::cortex_profile;

namespace {

/// The profile along x through the origin of an image with these values at x, mm. Its voxels are 0.25 mm
/// long.
cortex_profile profile_of(const std::function<double(double)>& hu, double first = -8, double last = 8) {
  grid g;
  g.size = {static_cast<index_t>((last - first) / 0.25) + 1, 3, 3};
  g.axes = mat3<double>{{{0.25, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  g.origin = {first, -1, -1};
  volume<float> ct(g);
  for (index_t k = 0; k < 3; ++k)
    for (index_t j = 0; j < 3; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        ct.at(i, j, k) = static_cast<float>(hu(g.to_world({double(i), double(j), double(k)})[0]));
  return cortex_profile(windowed_image(ct, -1000, 3000), {0, 0, 0}, {1, 0, 0});
}

/// Marrow of 150 HU, a cortex of 700 HU that is 1.5 mm thick and ends at x = `end`, muscle of 50 HU.
auto cortex_to(double end) {
  return [=](double x) { return x < end - 1.5 ? 150.0 : x < end ? 700.0 : 50.0; };
}

}  // namespace

TEST_CASE("a profile finds the outer edge of a cortex from both sides", "[spine]") {
  for (const double end : {-1.5, -0.5, 0.25, 1.0, 1.75}) {
    const cortex_profile line = profile_of(cortex_to(end));
    INFO("the cortex ends at " << end);
    REQUIRE(line.measured());
    CHECK(line.brightest == 700);
    CHECK(line.darkest == 50);
    CHECK(line.edge(375, 2) == Approx(end - 0.125));  // halfway between the voxels of 700 and 50 HU
  }
}

TEST_CASE("a profile finds no edge where there is none within reach", "[spine]") {
  CHECK(profile_of(cortex_to(1.5)).edge(375, 1) == 0);
  CHECK(profile_of([](double) { return 700.0; }).edge(375, 2) == 0);
  CHECK(profile_of([](double x) { return x < 0.5 ? 50.0 : 700.0; }).edge(375, 2) == 0);  // rises outward
}

TEST_CASE("of two edges a profile takes the nearer one, on either side of a joint space", "[spine]") {
  const auto joint = [](double from) {  // bone, a space of 1 mm, the neighbour's bone, muscle
    return [=](double x) { return x < from ? 700.0 : x < from + 1 ? 50.0 : x < from + 3 ? 700.0 : 50.0; };
  };
  CHECK(profile_of(joint(-1)).edge(375, 2) == Approx(-1.125));
  CHECK(profile_of(joint(-2.5)).edge(375, 2) == Approx(0.375));
}

TEST_CASE("a profile that begins outside the image has no values, and the border goes on outward",
          "[spine]") {
  CHECK_FALSE(profile_of(cortex_to(0), -1, 8).measured());
  const cortex_profile line = profile_of(cortex_to(0.5), -8, 2);
  REQUIRE(line.measured());
  CHECK(line.darkest == 50);
  CHECK(line.edge(375, 2) == Approx(0.375));
}
