// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Moves that make a mesh pass through itself are taken back, and only those.
#include "diffam/spine/surface/uncross.hpp"

#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"

using namespace diffam;

TEST_CASE("moves that fold a mesh are taken back near the fold, and all others are kept", "[spine]") {
  const auto before = make_icosphere<double>(3, 10.0);
  auto after = before;
  for (auto& v : after.vertices) v = v * 1.1;
  for (auto& v : after.vertices)
    if (v[2] > 10.8) v[2] -= 24;  // the top goes through the bottom
  REQUIRE_FALSE(self_intersections(after).empty());
  const auto wanted = after;
  spine::uncross(before, after);
  REQUIRE(self_intersections(after).empty());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < after.vertices.size(); ++i) kept += after.vertices[i] == wanted.vertices[i];
  CHECK(kept > after.vertices.size() / 2);
}

TEST_CASE("a mesh without crossings stays as it is", "[spine]") {
  const auto before = make_icosphere<double>(2, 10.0);
  auto after = before;
  for (auto& v : after.vertices) v = v * 1.1;
  const auto wanted = after.vertices;
  spine::uncross(before, after);
  CHECK(after.vertices == wanted);
}
