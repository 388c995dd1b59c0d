// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sets of lanes, horizontal minima, maxima and sums of lane vectors, and rows gathered into them.
#include "diffam/simd/lane_sets.hpp"

#include <cmath>

#include "diffam/simd/gather.hpp"
#include "support/catch.hpp"

using namespace diffam;

TEMPLATE_TEST_CASE("sets and sums of lanes", "[simd]", float, double) {
  using T = TestType;
  const T x[lane_count] = {3, -1, 4, -1, 5, -9, 2, 6};
  const auto v = lane_vector<T>::load(x);
  REQUIRE(least_of(v) == T(-9));
  REQUIRE(most_of(v) == T(6));
  REQUIRE(v.sum() == T(9));
  REQUIRE(to_set(v < lane_vector<T>(T(0))) == 0b00101010u);
  T root[lane_count];
  sqrt(v * v).store(root);
  for (int l = 0; l < lane_count; ++l) REQUIRE(root[l] == std::abs(x[l]));
  for (lane_set s = 0; s <= all_lanes; ++s) {
    stored_index out[lane_count + 1] = {};
    const int n = append_lanes(s, 100, out);
    int expected = 0;
    for (int l = 0; l < lane_count; ++l)
      if ((s >> l & 1u) != 0) REQUIRE(out[expected++] == 100 + l);
    REQUIRE(n == expected);
    if (s != 0) REQUIRE(100 + first_lane(s) == out[0]);
  }
  for (stored_index l = -9; l < 20; ++l) REQUIRE(lane_alone(l) == (l >= 0 && l < lane_count ? 1u << l : 0u));
}

TEMPLATE_TEST_CASE("the least and the greatest value are found in every lane", "[simd]", float, double) {
  using T = TestType;
  for (int at = 0; at < lane_count; ++at) {
    T x[lane_count];
    for (int l = 0; l < lane_count; ++l) x[l] = l == at ? T(-2) : T(l);
    REQUIRE(least_of(lane_vector<T>::load(x)) == T(-2));
    for (int l = 0; l < lane_count; ++l) x[l] = l == at ? T(20) : T(l);
    REQUIRE(most_of(lane_vector<T>::load(x)) == T(20));
  }
}

TEMPLATE_TEST_CASE("gathered rows are complete, including the last row of the table", "[simd]", float,
                   double) {
  using T = TestType;
  T table[9][3];
  for (int i = 0; i < 27; ++i) table[i / 3][i % 3] = T(i);
  const stored_index row[lane_count] = {8, 0, 3, 3, 7, 1, 8, 5};
  stored_index start[lane_count];
  for (int l = 0; l < lane_count; ++l) start[l] = 3 * row[l];
  lane_vector<T> v[3];
  gather(table[0], start, v[0], v[1], v[2]);
  for (int l = 0; l < lane_count; ++l)
    for (int k = 0; k < 3; ++k) REQUIRE(values_of(v[k])[l] == table[row[l]][k]);
}
