// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks, eigenbases and remeshing of meshes.
#include <nanobind/stl/string.h>

#include "arrays.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/remesh.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/sdf/fitted_mesh.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/eigenbasis.hpp"

namespace diffam::python {

namespace {

/// The surface of a mesh as the implicit surface of `remesh`. Distances are not signed: only the closest
/// point counts, which is one step along the gradient away.
class mesh_surface {
 public:
  explicit mesh_surface(const triangle_mesh<double>& mesh)
      : mesh_(exec::serial(), mesh, {.dipoles = false}) {}

  double operator()(const vec3<double>& p) const { return nearest(p).distance; }
  vec3<double> gradient(const vec3<double>& p) const { return nearest(p).direction; }

 private:
  detail::signed_nearest<double> nearest(const vec3<double>& p) const {
    const tree_view<double> tree = mesh_.queries();
    return detail::sign_nearest(tree, nearest_in_mesh(tree, stored_index{0}, p), false);
  }

  fitted_mesh<double, exec::serial> mesh_;
};

nb::tuple remeshed(const rows_argument<double>& vertices, const face_argument& faces, double edge_length,
                   index_t vertex_count, int rounds) {
  triangle_mesh<double> out;
  {
    const nb::gil_scoped_release free;
    triangle_mesh<double> mesh = mesh_of(vertices, faces);
    require_closed_mesh(mesh, "remesh");
    const mesh_surface surface(mesh);
    if (vertex_count > 0) {
      out = remesh_to_count(surface, mesh, vertex_count);
    } else {
      const double mean = measure_quality(mesh).mean_edge_length;
      if (!(edge_length > mean))
        throw error("remesh: expected an edge length above the mesh's own mean of " + std::to_string(mean) +
                    " (no edge is split), got " + std::to_string(edge_length));
      out = remesh(surface, std::move(mesh), {.edge_length = edge_length, .rounds = rounds});
    }
  }
  return arrays_of(std::move(out));
}

nb::tuple basis(const rows_argument<double>& vertices, const face_argument& faces, index_t modes, bool lumped,
                int threads) {
  eigenbasis b;
  {
    const nb::gil_scoped_release free;
    const triangle_mesh<double> mesh = mesh_of(vertices, faces);
    require_indices("eigenbasis", mesh.faces, mesh.vertex_count());
    b = compute_eigenbasis(
        mesh, {.modes = modes, .mass = lumped ? mass_kind::lumped : mass_kind::none, .threads = threads});
  }
  const auto v = static_cast<std::size_t>(b.vertex_count()), k = static_cast<std::size_t>(b.modes());
  std::vector<double> phi(b.phi.data(), b.phi.data() + b.phi.size());
  return nb::make_tuple(owned<double>(std::move(phi), {v, k}), owned_list(std::move(b.lambda)),
                        owned_list(std::move(b.mass)));
}

mesh_report report_of(const rows_argument<double>& vertices, const face_argument& faces) {
  return check_mesh(mesh_of(vertices, faces));
}

array<index_t> crossing_faces(const rows_argument<double>& vertices, const face_argument& faces) {
  std::vector<std::array<index_t, 2>> pairs;
  {
    const nb::gil_scoped_release free;
    for (const auto& [a, b] : self_intersections(mesh_of(vertices, faces))) pairs.push_back({a, b});
  }
  const std::size_t n = pairs.size();
  return owned<index_t>(std::move(pairs), {n, 2});
}

}  // namespace

void bind_meshes(nb::module_& m) {
  nb::class_<mesh_report>(m, "MeshReport")
      .def_ro("vertices", &mesh_report::vertices)
      .def_ro("faces", &mesh_report::faces)
      .def_ro("boundary_edges", &mesh_report::boundary_edges)
      .def_ro("nonmanifold_edges", &mesh_report::nonmanifold_edges)
      .def_ro("inconsistent_edges", &mesh_report::inconsistent_edges)
      .def_ro("degenerate_faces", &mesh_report::degenerate_faces)
      .def_ro("duplicate_faces", &mesh_report::duplicate_faces)
      .def_ro("bad_indices", &mesh_report::bad_indices)
      .def_ro("nonfinite_vertices", &mesh_report::nonfinite_vertices)
      .def_ro("unused_vertices", &mesh_report::unused_vertices)
      .def_ro("components", &mesh_report::components)
      .def_ro("genus", &mesh_report::genus)
      .def_ro("volume", &mesh_report::volume)
      .def_ro("area", &mesh_report::area)
      .def_prop_ro("closed", &mesh_report::closed)
      .def_prop_ro("oriented", &mesh_report::oriented)
      .def_prop_ro("ok", &mesh_report::ok)
      .def("__str__",
           [](const mesh_report& r) { return r.ok() ? "closed, faces outward" : describe_defects(r); });
  m.def("check_mesh", &report_of, nb::arg("vertices"), nb::arg("faces"),
        nb::call_guard<nb::gil_scoped_release>());
  m.def("self_intersections", &crossing_faces, nb::arg("vertices"), nb::arg("faces"));
  m.def("eigenbasis", &basis, nb::arg("vertices"), nb::arg("faces"), nb::arg("modes"), nb::arg("lumped"),
        nb::arg("threads"));
  m.def("remesh", &remeshed, nb::arg("vertices"), nb::arg("faces"), nb::arg("edge_length"),
        nb::arg("vertex_count"), nb::arg("rounds"));
}

}  // namespace diffam::python
