// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Meshes far from the origin, very large or very small: float keeps its digits in a frame of the mesh.
#include "diffam/sdf/local_frame.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/sdf/distance_query.hpp"
#include "sdf/fixtures.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

/// Points between 0 and twice the radius from the origin, in all directions.
std::vector<vec3<double>> points_about(double radius) {
  std::vector<vec3<double>> p;
  for (const double r : {0.0, 0.3, 0.9, 1.1, 2.0})
    for (const auto& v : make_icosphere<double>(1, radius * r).vertices) p.push_back(v);
  return p;
}

template <class T>
void require_sphere(double radius) {
  INFO("radius " << radius);
  const auto mesh = make_icosphere<double>(4, radius);
  const auto points = points_about(radius);
  const auto found = distance_query<T, exec::serial>(mesh).signed_distance(points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    vec3<double> unit = points[i];
    unit *= 1 / radius;  // first, so that the square is an ordinary number
    const double expected = norm(unit) - 1, got = static_cast<double>(found.distance[i]) / radius;
    REQUIRE(std::abs(got - expected) < 4e-3);  // the mesh is inside of the sphere by up to 3.4e-3 radii
    REQUIRE((got < 0) == (expected < 0));
    vec3<double> to = points[i];
    for (int k = 0; k < 3; ++k)
      to[k] = (to[k] - static_cast<double>(found.point[i][k])) / radius -
              static_cast<double>(found.gradient[i][k]) * got;
    REQUIRE(norm(to) < 1e-5);
  }
}

}  // namespace

TEST_CASE("spheres of any size have an inside", "[sdf]") {
  for (const double radius : {1e-15, 1e-8, 1.0, 1e8, 1e12, 1e18}) require_sphere<float>(radius);
  for (const double radius : {1e-150, 1.0, 1e90, 1e160, 1e300}) require_sphere<double>(radius);
}

TEST_CASE("rays meet large and small meshes at the same t, with the gradients of the caller's unit",
          "[sdf]") {
  for (const double radius : {1e-12, 1.0, 1e15}) {
    const auto mesh = make_icosphere<double>(3, radius);
    const std::vector<vec3<double>> from{{0.1 * radius, 0.2 * radius, -3 * radius}}, along{{0, 0, radius}};
    const auto hit = distance_query<float, exec::serial>(mesh).first_hits(from, along);
    const auto exact =
        distance_query<double, exec::serial>(make_icosphere<double>(3, 1.0))
            .first_hits(std::vector<vec3<double>>{{0.1, 0.2, -3}}, std::vector<vec3<double>>{{0, 0, 1}});
    REQUIRE(hit.face[0] == exact.face[0]);
    REQUIRE(static_cast<double>(hit.t[0]) == Approx(exact.t[0]).epsilon(test::tolerance<float>::formula));
    for (int k = 0; k < 3; ++k) {
      REQUIRE(static_cast<double>(hit.d_origin[0][k]) * radius ==
              Approx(exact.d_origin[0][k]).epsilon(test::tolerance<float>::formula).margin(1e-6));
      REQUIRE(static_cast<double>(hit.d_direction[0][k]) * radius ==
              Approx(exact.d_direction[0][k]).epsilon(test::tolerance<float>::formula).margin(1e-6));
    }
  }
}

TEST_CASE("the component in float keeps its digits far from the origin, in a frame of the mesh", "[sdf]") {
  const vec3<double> far{1e6, -2e6, 3e6};
  auto mesh = test::jitter(make_torus(30, 12, 24, 12), 0.5, 1);
  auto points = points_about(50);
  const auto expected = signed_distance(mesh, points).distance;
  for (auto& v : mesh.vertices) v += far;
  for (auto& p : points) p += far;

  const auto worst = [&](const triangle_mesh<double>& m, view<const float> p, double scale) {
    const mesh_distance<float, exec::serial> c(m, p);
    planned memory(c, {m.vertex_count(), 3});
    c.forward({}, vertex_buffer<float>(m).get(), memory.output, memory.workspace);
    double most = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
      most = std::max(
          most, std::abs(scale * static_cast<double>(memory.output[static_cast<index_t>(i)]) - expected[i]));
    return most;
  };
  const auto frame = local_frame::of(mesh.vertices);
  REQUIRE(worst(frame.local(mesh), frame.local<float>(points).get(), frame.scale) <
          2 * 100 * std::numeric_limits<float>::epsilon());                  // coordinates up to 100
  REQUIRE(worst(mesh, local_frame{}.local<float>(points).get(), 1) > 1e-3);  // what the frame cures
}

TEST_CASE("a frame is that of the caller for ordinary meshes, and carries points there and back", "[sdf]") {
  REQUIRE(local_frame::of(make_icosphere<double>(1, 40.0).vertices) == local_frame{});
  const std::vector<vec3<double>> none, one{{1, 2, 3}};
  REQUIRE(local_frame::of(none) == local_frame{});
  REQUIRE(local_frame::of(one) == local_frame{});
  auto mesh = make_icosphere<double>(1, 3e7);
  for (auto& v : mesh.vertices) v += {1e9, 0, 0};
  const auto frame = local_frame::of(mesh.vertices);
  REQUIRE(frame.scale == std::exp2(26));
  const auto local = frame.local(mesh);
  for (std::size_t i = 0; i < local.vertices.size(); ++i) {
    REQUIRE(norm(local.vertices[i]) < 1);
    REQUIRE(norm(frame.world(local.vertices[i]) - mesh.vertices[i]) < 1e-6);
  }
}
