// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arrays of NumPy as the library's types, and results as arrays. Neither direction copies numbers: an
// argument is read where it lies, with its strides, and a result is a vector whose owner is the array.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "diffam/core/rows.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::python {

namespace nb = nanobind;

/// An argument of N x 3 numbers. The modules in Python check shape and type before they call.
template <class T>
using rows_argument = nb::ndarray<const T, nb::shape<-1, 3>, nb::device::cpu>;
/// An argument of N numbers.
template <class T>
using list_argument = nb::ndarray<const T, nb::shape<-1>, nb::device::cpu>;
/// An argument of a x b x c voxels; the first index runs fastest.
template <class T>
using voxels_argument = nb::ndarray<const T, nb::ndim<3>, nb::f_contig, nb::device::cpu>;
using face_argument = rows_argument<std::int64_t>;
using affine_argument = nb::ndarray<const double, nb::shape<4, 4>, nb::c_contig, nb::device::cpu>;

template <class T>
using array = nb::ndarray<nb::numpy, T>;

template <class T>
strided_rows<T> rows_of_array(const rows_argument<T>& a) {
  return {a.data(), static_cast<index_t>(a.shape(0)), static_cast<index_t>(a.stride(0)),
          static_cast<index_t>(a.stride(1))};
}

/// An array of the given shape that owns the vector. `T` is the type of its numbers.
template <class T, class Element>
array<T> owned(std::vector<Element>&& values, std::initializer_list<std::size_t> shape,
               std::initializer_list<std::int64_t> strides = {}) {
  auto* kept = new std::vector<Element>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<Element>*>(p); });
  return array<T>(reinterpret_cast<T*>(kept->data()), shape, owner, strides);
}
template <class T>
array<T> owned_list(std::vector<T>&& values) {
  const std::size_t n = values.size();
  return owned<T>(std::move(values), {n});
}
template <class T, class Row>  // Row: three numbers T
array<T> owned_rows(std::vector<Row>&& values) {
  static_assert(sizeof(Row) == 3 * sizeof(T));
  const std::size_t n = values.size();
  return owned<T>(std::move(values), {n, 3});
}

/// The mesh of two arrays. Indices that are no 32-bit numbers become -1, which every check refuses.
inline triangle_mesh<double> mesh_of(const rows_argument<double>& vertices, const face_argument& faces) {
  const auto x = rows_of_array(vertices);
  const auto f = rows_of_array(faces);
  triangle_mesh<double> mesh;
  mesh.vertices.resize(static_cast<std::size_t>(x.rows));
  mesh.faces.resize(static_cast<std::size_t>(f.rows));
  for (index_t i = 0; i < x.rows; ++i)
    for (int k = 0; k < 3; ++k) mesh.vertices[static_cast<std::size_t>(i)][k] = x(i, k);
  for (index_t i = 0; i < f.rows; ++i)
    for (int k = 0; k < 3; ++k)
      mesh.faces[static_cast<std::size_t>(i)][k] =
          std::in_range<stored_index>(f(i, k)) ? static_cast<stored_index>(f(i, k)) : -1;
  return mesh;
}

/// Vertices (V x 3, float64) and faces (F x 3, int32).
inline nb::tuple arrays_of(triangle_mesh<double>&& mesh) {
  return nb::make_tuple(owned_rows<double>(std::move(mesh.vertices)),
                        owned_rows<stored_index>(std::move(mesh.faces)));
}

// The parts of the module, each in a file of its name.
void bind_queries(nb::module_& m);
void bind_meshes(nb::module_& m);
void bind_labels(nb::module_& m);
void bind_files(nb::module_& m);

}  // namespace diffam::python
