// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signed distances, winding numbers and rays of one mesh, and the gradient of the distances by the vertices.
#include <mutex>

#include "arrays.hpp"
#include "diffam/sdf/distance_query.hpp"

namespace diffam::python {

namespace {

/// A `distance_query` that several threads may call, one after the other. Python's lock is free meanwhile.
template <class T>
class query {
 public:
  query(const rows_argument<T>& vertices, const face_argument& faces, int threads)
      : query_(rows_of_array(vertices), rows_of_array(faces), exec::threads(threads)) {}

  index_t vertex_count() const { return query_.vertex_count(); }
  index_t face_count() const { return query_.face_count(); }

  void move(const rows_argument<T>& vertices) {
    alone([&] { query_.move(rows_of_array(vertices)); });
  }

  template <class U>
  nb::tuple distances(const rows_argument<U>& points, bool with_sign) {
    point_distances<T> d;
    alone([&] {
      const auto rows = rows_of_array(points);
      d = with_sign ? query_.signed_distance(rows) : query_.closest_points(rows);
    });
    return nb::make_tuple(owned_list(std::move(d.distance)), owned_list(std::move(d.face)),
                          owned_rows<T>(std::move(d.point)), owned_rows<T>(std::move(d.gradient)));
  }

  template <class U>
  array<T> winding_numbers(const rows_argument<U>& points, double error) {
    std::vector<T> w;
    alone([&] { w = query_.winding_numbers(rows_of_array(points), error); });
    return owned_list(std::move(w));
  }

  template <class U>
  nb::tuple first_hits(const rows_argument<U>& origins, const rows_argument<U>& directions) {
    ray_hits<T> h;
    alone([&] { h = query_.first_hits(rows_of_array(origins), rows_of_array(directions)); });
    return nb::make_tuple(owned_list(std::move(h.t)), owned_list(std::move(h.face)),
                          owned_rows<T>(std::move(h.bary)), owned_rows<T>(std::move(h.d_origin)),
                          owned_rows<T>(std::move(h.d_direction)));
  }

 private:
  template <class Work>
  void alone(const Work& work) {
    const nb::gil_scoped_release free;
    const std::lock_guard lock(one_call_);
    work();
  }

  distance_query<T> query_;
  std::mutex one_call_;
};

/// d_vertices (V x 3) of distances with the gradients `directions` at the closest points `closest` of the
/// faces. A point without a face (-1) has no part. Sums are taken in the order of the points.
template <class T>
array<T> vertex_gradient(const rows_argument<T>& vertices, const face_argument& faces,
                         const list_argument<stored_index>& face, const rows_argument<T>& closest,
                         const rows_argument<T>& directions, const list_argument<T>& d_distance) {
  const auto x = rows_of_array(vertices), at = rows_of_array(closest), along = rows_of_array(directions);
  const auto corners = rows_of_array(faces);
  const auto n = static_cast<index_t>(face.shape(0));
  if (at.rows != n || along.rows != n || static_cast<index_t>(d_distance.shape(0)) != n)
    throw error("vertex_gradient: expected " + std::to_string(n) + " rows in all arrays of points");
  std::vector<vec3<T>> out(static_cast<std::size_t>(x.rows));
  {
    const nb::gil_scoped_release free;
    const auto row = [](const strided_rows<T>& from, index_t i) {
      return vec3<T>{from(i, 0), from(i, 1), from(i, 2)};
    };
    for (index_t i = 0; i < n; ++i) {
      const index_t f = face.data()[i * face.stride(0)];
      if (f < 0) continue;
      if (f >= corners.rows)
        throw error("vertex_gradient: expected faces of the mesh, got " + std::to_string(f));
      index_t v[3];
      for (int k = 0; k < 3; ++k)
        if (v[k] = corners(f, k); v[k] < 0 || v[k] >= x.rows)
          throw error("vertex_gradient: expected vertices of the mesh, got " + std::to_string(v[k]));
      const vec3<T> bary = closest_on_triangle(row(at, i), row(x, v[0]), row(x, v[1]), row(x, v[2])).bary;
      const T d = d_distance.data()[i * d_distance.stride(0)];
      for (int k = 0; k < 3; ++k)
        out[static_cast<std::size_t>(v[k])] += distance_pullback(row(along, i), bary[k], d);
    }
  }
  return owned_rows<T>(std::move(out));
}

template <class T>
void bind_query(nb::module_& m, const char* name) {
  nb::class_<query<T>> bound(m, name);
  bound
      .def(nb::init<const rows_argument<T>&, const face_argument&, int>(), nb::arg("vertices"),
           nb::arg("faces"), nb::arg("threads"), nb::call_guard<nb::gil_scoped_release>())
      .def("move", &query<T>::move, nb::arg("vertices"))
      .def_prop_ro("vertex_count", &query<T>::vertex_count)
      .def_prop_ro("face_count", &query<T>::face_count);
  const auto with_points = [&]<class U>(U) {
    bound.def("distances", &query<T>::template distances<U>, nb::arg("points"), nb::arg("with_sign"))
        .def("winding_numbers", &query<T>::template winding_numbers<U>, nb::arg("points"), nb::arg("error"))
        .def("first_hits", &query<T>::template first_hits<U>, nb::arg("origins"), nb::arg("directions"));
  };
  with_points(T{});
  if constexpr (std::is_same_v<T, float>) with_points(double{});  // moved to the mesh before they are rounded
  m.def("vertex_gradient", &vertex_gradient<T>, nb::arg("vertices"), nb::arg("faces"), nb::arg("face"),
        nb::arg("closest"), nb::arg("directions"), nb::arg("d_distance"));
}

}  // namespace

void bind_queries(nb::module_& m) {
  bind_query<float>(m, "Query32");
  bind_query<double>(m, "Query64");
}

}  // namespace diffam::python
