// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Metrics of labels and surfaces.
#include "diffam/exec/threads.hpp"
#include "diffam/metrics/surface_distance.hpp"
#include "volumes.hpp"

namespace diffam::python {

namespace {

using labels = voxels_argument<std::uint8_t>;

/// Pairs of a label and its Dice, for the labels of either volume but 0.
std::vector<std::pair<int, double>> dice_of(const labels& prediction, const labels& truth) {
  std::vector<std::pair<int, double>> out;
  const auto counts = metrics::count_overlaps(volume_of(prediction), volume_of(truth));
  for (int l = 1; l < 256; ++l)
    if (const auto& c = counts[static_cast<std::size_t>(l)]; c.prediction + c.truth > 0)
      out.emplace_back(l, c.dice());
  return out;
}

nb::dict dice(const labels& prediction, const labels& truth) {
  std::vector<std::pair<int, double>> all;
  {
    const nb::gil_scoped_release free;
    all = dice_of(prediction, truth);
  }
  nb::dict out;
  for (const auto& [label, value] : all) out[nb::int_(label)] = value;
  return out;
}

nb::tuple surface(const labels& voxels, const affine_argument& affine, int label) {
  triangle_mesh<double> mesh;
  {
    const nb::gil_scoped_release free;
    mesh = metrics::label_surface(volume_of(voxels, affine), label);
  }
  return arrays_of(std::move(mesh));
}

nb::tuple distances(const rows_argument<double>& vertices_a, const face_argument& faces_a,
                    const rows_argument<double>& vertices_b, const face_argument& faces_b, double spacing,
                    int threads) {
  metrics::surface_distances d;
  {
    const nb::gil_scoped_release free;
    const triangle_mesh<double> a = mesh_of(vertices_a, faces_a), b = mesh_of(vertices_b, faces_b);
    for (const auto* mesh : {&a, &b}) require_indices("surface_distances", mesh->faces, mesh->vertex_count());
    d = metrics::mesh_surface_distances(exec::threads(threads), a, b, spacing);
  }
  return nb::make_tuple(d.mean, d.hd95, d.hausdorff);
}

}  // namespace

void bind_labels(nb::module_& m) {
  m.def("dice", &dice, nb::arg("prediction"), nb::arg("truth"));
  m.def("label_surface", &surface, nb::arg("labels"), nb::arg("affine"), nb::arg("label"));
  m.def("surface_distances", &distances, nb::arg("vertices_a"), nb::arg("faces_a"), nb::arg("vertices_b"),
        nb::arg("faces_b"), nb::arg("sample_spacing"), nb::arg("threads"));
}

}  // namespace diffam::python
