// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Bounding discs contain their patches, give lower and upper bounds of the distance, and exist for large
// meshes only.
#include "diffam/sdf/tree/discs.hpp"

#include "sdf/fixtures.hpp"

using namespace diffam;

namespace {

template <class T>
constexpr T slack = sizeof(T) == 4 ? T(1e-6) : T(1e-14);

/// Whether vertex v lies in disc l.
template <class T>
bool holds(const disc_lanes<T>& d, int l, const vec3<T>& v) {
  vec3<T> w, axis;
  for (int k = 0; k < 3; ++k) w[k] = v[k] - d.centre[k][l], axis[k] = d.axis[k][l];
  const T along = dot(w, axis);
  return std::abs(along) <= d.half_height[l] + slack<T> && norm(w - axis * along) <= d.radius[l] + slack<T>;
}

/// Calls f(node, lane, face) for every face below every lane of every node under `node`. Returns these faces.
template <class T, class F>
std::vector<stored_index> for_each_face(const tree_view<T>& q, stored_index node, const F& f) {
  std::vector<stored_index> all;
  for (int l = 0; l < lane_count && q.boxes[node].lo[0][l] <= q.boxes[node].hi[0][l]; ++l) {
    const stored_index child = q.first_child[node] + l;
    std::vector<stored_index> below;
    if (node < q.leaf_parents) {
      below = test::faces_of(q.triangles[child]);
    } else {
      below = for_each_face(q, child, f);
    }
    for (const stored_index face : below) f(node, l, face);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("discs contain their patches, and give lower and upper bounds of the distance", "[sdf]",
                   float, double) {
  using T = TestType;
  const auto mesh = GENERATE(0, 1, 2);
  const triangle_mesh<double> shape = mesh == 0   ? make_torus(0.5, 0.2, 48, 24)
                                      : mesh == 1 ? test::jitter(make_torus(0.5, 0.2, 48, 24), 0.1, 4)
                                                  : make_box({1, 1, 1});
  const test::fitted_tree<T> t(shape, {.discs_from = 0});
  const tree_view<T> q = t.queries();
  REQUIRE(q.discs != nullptr);
  const auto points = test::random_points<T>(20, 1, 8);
  std::size_t seen = 0;
  bool held = true, lower = true, upper = true;
  std::vector<T> nearest(static_cast<std::size_t>(8 * t.tree.node_count()), std::numeric_limits<T>::max());
  for (index_t i = 0; i < points.get().rows; ++i) {
    const vec3<T> p = load3(points.get(), i);
    std::fill(nearest.begin(), nearest.end(), std::numeric_limits<T>::max());
    const auto all = for_each_face(q, q.root[0], [&](stored_index node, int l, stored_index face) {
      for (int k = 0; k < 3; ++k) held = held && holds(q.discs[node], l, q.corner(face, k));
      T& least = nearest[static_cast<std::size_t>(8 * node + l)];
      least = std::min(least, std::sqrt(q.closest_on(face, p).squared_distance));
    });
    seen = all.size();
    for (stored_index node = 0; node < t.tree.node_count(); ++node) {
      const auto d = detail::disc_squared_distances(q.discs[node], p);
      const lane_values<T> disc(d.to_disc), centre(d.to_centre);
      for (int l = 0; l < lane_count; ++l) {
        const T least = nearest[static_cast<std::size_t>(8 * node + l)];
        if (least == std::numeric_limits<T>::max()) {  // an unused lane
          REQUIRE(disc[l] == std::numeric_limits<T>::infinity());
          continue;
        }
        lower = lower && std::sqrt(disc[l]) <= least + slack<T>;
        upper = upper && std::sqrt(centre[l]) >= least - slack<T>;
      }
    }
  }
  CHECK(seen == shape.faces.size());
  CHECK(held);
  CHECK(lower);
  CHECK(upper);
}

TEST_CASE("flat patches have flat discs", "[sdf]") {
  // One leaf: eight triangles in a tilted plane.
  triangle_mesh<double> fan;
  const auto at = [](double x, double y) { return vec3<double>{x, 0.6 * y, 0.8 * y}; };
  fan.vertices.push_back(at(0, 0));
  for (int k = 0; k < 8; ++k) fan.vertices.push_back(at(std::cos(k * 0.785398), std::sin(k * 0.785398)));
  for (stored_index k = 0; k < 8; ++k) fan.faces.push_back({0, k + 1, (k + 1) % 8 + 1});
  const test::fitted_tree<double> t(fan, {.discs_from = 0});
  const disc_lanes<double>& d = t.queries().discs[0];
  CHECK(d.half_height[0] == Approx(0).margin(1e-12));
  CHECK(std::abs(d.axis[1][0]) == Approx(0.8));
  CHECK(std::abs(d.axis[2][0]) == Approx(0.6));
  CHECK(d.radius[0] < 1.7);  // the centre is the centroid of a face, 0.6 from the middle
}

TEST_CASE("small meshes have no discs, for any number of meshes", "[sdf]") {
  CHECK(test::fitted_tree<float>(make_torus(0.5, 0.2, 48, 24)).queries().discs == nullptr);
  const index_t faces = 2 * 48 * 24;
  CHECK(test::fitted_tree<float>(make_torus(0.5, 0.2, 48, 24), {.discs_from = faces}).queries().discs !=
        nullptr);
  const std::vector<triangle_mesh<double>> many(3, make_torus(0.5, 0.2, 48, 24));
  CHECK(test::fitted_tree<float>(many, {.discs_from = faces + 1}).queries().discs == nullptr);
}
