// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rays through the tree: against a loop over all faces, and gradients against finite differences.
#include "diffam/sdf/ray.hpp"

#include "diffam/sdf/distance_query.hpp"
#include "sdf/fixtures.hpp"

using namespace diffam;

namespace {

/// All hits by the determinants of Moeller and Trumbore, in double; `edge` is the least weight of a hit.
struct plain_hit {
  double t, edge;
  stored_index face;
};
template <class T>
std::vector<plain_hit> hits_by_loop(const tree_view<T>& q, index_t faces, const ray<T>& r) {
  const auto exact = [](const vec3<T>& v) { return vec3<double>{v[0], v[1], v[2]}; };
  std::vector<plain_hit> hits;
  for (stored_index f = 0; f < faces; ++f) {
    const auto a = exact(q.corner(f, 0)), e = exact(q.corner(f, 1)) - a, g = exact(q.corner(f, 2)) - a,
               d = exact(r.direction), s = exact(r.origin) - a;
    const double det = dot(cross(d, g), e);
    if (det == 0) continue;
    const double u = dot(cross(d, g), s) / det, v = dot(cross(s, e), d) / det, t = dot(cross(s, e), g) / det;
    const double edge = std::min({u, v, 1 - u - v});
    if (edge > -1e-6 && t >= r.first && t <= r.last) hits.push_back({t, edge, f});
  }
  return hits;
}

template <class T>
std::vector<ray<T>> random_rays(index_t n) {
  const auto from = test::random_points<T>(n, 1.2, 21), to = test::random_points<T>(n, 0.6, 22);
  std::vector<ray<T>> rays;
  for (index_t i = 0; i < n; ++i) {
    const auto o = load3(view<const T>(from.get()), i);
    rays.push_back({o, load3(view<const T>(to.get()), i) - o});
    if (i % 5 == 0) rays.back().direction[static_cast<int>(i / 5 % 3)] = 0;  // in the plane of an axis
  }
  return rays;
}

}  // namespace

TEMPLATE_TEST_CASE("first and all hits of rays are those of a loop over all faces", "[sdf]", float, double) {
  using T = TestType;
  const double near = sizeof(T) == 4 ? 2e-5 : 1e-12;
  triangle_mesh<double> holed = test::jitter(make_torus(0.5, 0.2, 40, 20), 0.01, 1);
  holed.faces.resize(holed.faces.size() - 300);
  const test::fitted_tree<T> t({holed, test::shifted(make_icosphere(2, 0.3), {0.4, 0, 0})});
  const tree_view<T> q = t.queries();
  const index_t faces = t.tree.face_count();
  index_t met = 0;
  for (const auto& r : random_rays<T>(400)) {
    const auto expected = hits_by_loop(q, faces, r);
    double least = HUGE_VAL;
    std::size_t sure = 0;
    for (const auto& h : expected) {
      least = std::min(least, h.t);
      sure += h.edge > 1e-5 ? 1 : 0;
    }
    const auto first = first_hit(q, r);
    std::size_t found = 0;
    each_hit(q, r, [&](const ray_hit<T>& hit) {
      ++found;
      double off = HUGE_VAL;
      for (const auto& h : expected)
        if (h.face == hit.face) off = std::abs(h.t - hit.t);
      REQUIRE(off < near * (1 + std::abs(hit.t)));
      const auto p = r.origin + r.direction * hit.t;
      vec3<T> at{};
      for (int k = 0; k < 3; ++k) at += q.corner(hit.face, k) * hit.bary[k];
      REQUIRE(norm(p - at) < near * 5);
    });
    REQUIRE(found >= sure);
    REQUIRE(found <= expected.size());
    if (expected.empty()) {
      REQUIRE(first.face == -1);
    } else if (sure == expected.size()) {
      ++met;
      REQUIRE(std::abs(first.t - least) < near * (1 + least));
    }
  }
  REQUIRE(met > 200);
}

TEMPLATE_TEST_CASE("no ray slips through the edges and vertices of a closed mesh", "[sdf]", float, double) {
  using T = TestType;
  const auto mesh = make_icosphere(3, 1.0);
  const test::fitted_tree<T> t(mesh);
  const tree_view<T> q = t.queries();
  const vec3<T> inside{T(0.1), T(-0.2), T(0.05)};
  for (const face& f : mesh.faces)
    for (const T w : {T(0), T(0.25), T(0.5)}) {
      const auto a = load3(view<const T>(t.vertices.get()), f[0]),
                 b = load3(view<const T>(t.vertices.get()), f[1]);
      const ray<T> r{inside, a * (T(1) - w) + b * w - inside};
      REQUIRE(first_hit(q, r).face >= 0);
    }
}

TEST_CASE("a ray ends where it is told to", "[sdf]") {
  const test::fitted_tree<double> t(make_box({2, 2, 2}));
  const tree_view<double> q = t.queries();
  ray<double> r{{-3, 0.2, 0.1}, {1, 0, 0}};
  REQUIRE(first_hit(q, r).t == Approx(2));
  r.first = 2.5;
  REQUIRE(first_hit(q, r).t == Approx(4));
  r.last = 3.5;
  REQUIRE(first_hit(q, r).face == -1);
  r = {{1, 5, 0.1}, {0, -1, 0}};  // within the plane of a side
  REQUIRE(first_hit(q, r).t == Approx(4));
}

TEST_CASE("gradients of the first hit agree with finite differences", "[sdf]") {
  const auto mesh = test::jitter(make_torus(0.5, 0.2, 20, 10), 0.01, 1);
  const test::fitted_tree<double> t(mesh);
  const tree_view<double> q = t.queries();
  constexpr double h = 1e-6;
  index_t checked = 0;
  for (const auto& r : random_rays<double>(300)) {
    const auto hit = first_hit(q, r);
    if (hit.face < 0 || std::min({hit.bary[0], hit.bary[1], hit.bary[2]}) < 0.05) continue;
    if (std::abs(dot(normalized(q.face_normal(hit.face)), normalized(r.direction))) < 0.2) continue;
    ++checked;
    const auto g = hit_gradient(q, r, hit);
    for (int k = 0; k < 3; ++k) {
      ray<double> up = r, down = r;
      up.origin[k] += h, down.origin[k] -= h;
      REQUIRE(g.origin[k] == Approx((first_hit(q, up).t - first_hit(q, down).t) / (2 * h)).margin(1e-7));
      up = r, down = r;
      up.direction[k] += h, down.direction[k] -= h;
      REQUIRE(g.direction[k] == Approx((first_hit(q, up).t - first_hit(q, down).t) / (2 * h)).margin(1e-7));
    }
  }
  REQUIRE(checked > 50);
  const stored_index f = 7;  // the corners: of one face, hit at its centroid
  for (int c = 0; c < 3; ++c)
    for (int k = 0; k < 3; ++k) {
      const auto t_of = [&](double by, ray_gradient<double>* g) {
        auto moved = mesh;
        moved.vertices[static_cast<std::size_t>(mesh.faces[f][c])][k] += by;
        const test::fitted_tree<double> own(moved);
        const auto n = normalized(q.face_normal(f));
        const auto middle = (q.corner(f, 0) + q.corner(f, 1) + q.corner(f, 2)) * (1.0 / 3);
        const ray<double> r{middle + n * 0.05 + vec3<double>{0.004, 0.003, 0}, -n};
        const auto hit = first_hit(own.queries(), r);
        REQUIRE(hit.face == f);
        if (g != nullptr) *g = hit_gradient(own.queries(), r, hit);
        return hit.t;
      };
      ray_gradient<double> g;
      (void)t_of(0, &g);
      REQUIRE(g.corner[c][k] == Approx((t_of(h, nullptr) - t_of(-h, nullptr)) / (2 * h)).margin(1e-7));
    }
}

TEST_CASE("a query answers rays", "[sdf]") {
  distance_query<double> query(make_box({2, 2, 2}));
  const std::vector<std::array<double, 3>> origins{{-3, 0.2, 0.1}, {0, 0, 5}},
      directions{{1, 0, 0}, {0, 1, 0}};
  const auto hits = query.first_hits(origins, directions);
  REQUIRE(hits.t[0] == Approx(2));
  REQUIRE(hits.d_origin[0][0] == Approx(-1));
  REQUIRE(hits.d_direction[0][0] == Approx(-2));
  REQUIRE(hits.face[1] == -1);
  REQUIRE(hits.t[1] == HUGE_VAL);
  REQUIRE_THROWS_WITH(query.first_hits(origins, std::vector<std::array<double, 3>>(1)),
                      "distance_query: expected 2 directions, got 1");
}
