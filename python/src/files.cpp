// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Readers and writers of volumes and meshes. Readers return their warnings as well.
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/io/volume_file.hpp"
#include "volumes.hpp"

namespace diffam::python {

namespace {

/// What `read` gives, with Python's lock free, as arrays; then the warnings.
template <class Read>
nb::tuple with_warnings(const Read& read) {
  io::warning_list warnings;
  auto value = [&] {
    const nb::gil_scoped_release free;
    return read(warnings);
  }();
  return nb::make_tuple(arrays_of(std::move(value)), warnings);
}

nb::tuple read_volume(const io::path& file) {
  return with_warnings([&](io::warning_list& warnings) { return io::read_volume(file, warnings); });
}

nb::tuple read_labels(const io::path& file) {
  return with_warnings(
      [&](io::warning_list& warnings) { return io::read_label_volume<std::uint8_t>(file, warnings); });
}

nb::tuple read_mesh(const io::path& file) {
  return with_warnings([&](io::warning_list& warnings) { return io::read_mesh(file, warnings); });
}

/// Writes the array without a copy.
template <class T>
void write_volume(const io::path& file, const voxels_argument<T>& voxels, const affine_argument& affine) {
  const nb::gil_scoped_release free;
  const volume_part<T> nothing;
  volume_view<T> all(nothing);
  all.geometry = grid_of(voxels, affine);
  all.kept = {{}, all.geometry.size};
  all.voxels = voxels.data();
  io::detail::write_nifti_voxels<T>(file, all, voxels.size(), io::detail::grid_header(all.geometry));
}

void write_mesh(const io::path& file, const rows_argument<double>& vertices, const face_argument& faces) {
  io::write_mesh(file, mesh_of(vertices, faces));
}

template <class... T>
void bind_volume_writers(nb::module_& m) {
  (m.def("write_volume", &write_volume<T>, nb::arg("file"), nb::arg("voxels"), nb::arg("affine")), ...);
}

}  // namespace

void bind_files(nb::module_& m) {
  m.def("read_volume", &read_volume, nb::arg("file"));
  m.def("read_labels", &read_labels, nb::arg("file"));
  bind_volume_writers<std::uint8_t, std::int16_t, std::uint16_t, float>(m);
  m.def("read_mesh", &read_mesh, nb::arg("file"));
  m.def("write_mesh", &write_mesh, nb::arg("file"), nb::arg("vertices"), nb::arg("faces"),
        nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace diffam::python
