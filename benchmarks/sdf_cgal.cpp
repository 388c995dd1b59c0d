// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// CGAL's AABB tree (Alliez, Tayeb & Wormser, "3D fast intersection and distance computation", CGAL manual)
// and Side_of_triangle_mesh. Both packages are under the GPL, so a program that contains this file is also
// under the GPL. Such a program is for measurements only. It is never installed, and no file that users get
// includes or links it.
#include "sdf_cgal.hpp"

#include <CGAL/AABB_face_graph_triangle_primitive.h>
#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Side_of_triangle_mesh.h>
#include <CGAL/Surface_mesh.h>

#include <cmath>
#include <limits>
#include <vector>

namespace diffam::bench {

namespace {

using kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using surface = CGAL::Surface_mesh<kernel::Point_3>;
using tree = CGAL::AABB_tree<CGAL::AABB_traits<kernel, CGAL::AABB_face_graph_triangle_primitive<surface>>>;

surface as_surface(const triangle_mesh<double>& mesh) {
  surface s;
  std::vector<surface::Vertex_index> at;
  for (const auto& v : mesh.vertices) at.push_back(s.add_vertex({v[0], v[1], v[2]}));
  for (const face& f : mesh.faces)
    s.add_face(at[static_cast<std::size_t>(f[0])], at[static_cast<std::size_t>(f[1])],
               at[static_cast<std::size_t>(f[2])]);
  return s;
}

kernel::Point_3 as_point(const vec3<float>& p) {
  return {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])};
}

}  // namespace

struct cgal_mesh::parts {
  surface mesh;
  tree faces;
  CGAL::Side_of_triangle_mesh<surface, kernel> side;

  explicit parts(const triangle_mesh<double>& from)
      : mesh(as_surface(from)), faces(CGAL::faces(mesh).first, CGAL::faces(mesh).second, mesh), side(faces) {
    faces.build();
    faces.accelerate_distance_queries();
  }
};

cgal_mesh::cgal_mesh(const triangle_mesh<double>& mesh) : parts_(std::make_unique<parts>(mesh)) {}
cgal_mesh::~cgal_mesh() = default;

double cgal_mesh::distance(const vec3<float>& p) const {
  const kernel::Point_3 at = as_point(p);
  return std::sqrt(CGAL::squared_distance(at, parts_->faces.closest_point_and_primitive(at).first));
}

bool cgal_mesh::inside(const vec3<float>& p) const {
  return parts_->side(as_point(p)) == CGAL::ON_BOUNDED_SIDE;
}

double cgal_mesh::first_hit(const ray<float>& r) const {
  const kernel::Point_3 from = as_point(r.origin);
  const kernel::Vector_3 along = as_point(r.direction) - CGAL::ORIGIN;
  const auto hit = parts_->faces.first_intersection(kernel::Ray_3(from, along));
  const auto* const at = hit ? boost::get<kernel::Point_3>(&hit->first) : nullptr;
  if (at == nullptr) return std::numeric_limits<double>::infinity();
  return (*at - from) * along / along.squared_length();
}

}  // namespace diffam::bench
