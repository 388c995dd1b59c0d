// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures fitted vertebrae and writes the results.
#include "measure/measurements.hpp"

#include "centre_files.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/spine/one_connectivity.hpp"
#include "measure/tables.hpp"

namespace diffam::program {

namespace {

std::vector<io::named_point> named_landmarks(const std::vector<measure::measured_vertebra>& spine) {
  std::vector<io::named_point> all;
  for (const auto& v : spine)
    for (const auto& l : v.landmarks.all())
      all.push_back({spine::label_name(v.label) + " " + l.name, l.position});
  return all;
}

}  // namespace

std::vector<spine::template_anatomy> anatomies_of(const spine::template_set& templates,
                                                  const std::vector<int>& labels, bool builtin, int threads) {
  std::map<int, spine::template_anatomy> known;  // by the label whose mesh is used
  std::vector<spine::template_anatomy> out;
  for (const int l : labels) {
    const int source = templates.source(l), level = source == 0 ? spine::label::l5 - 2 : source;
    if (known.count(source) == 0)
      known.emplace(source, builtin ? spine::builtin_anatomy(level, templates[l])
                                    : spine::carried_anatomy(exec::threads(threads), level, templates[l]));
    out.push_back(known.at(source));
  }
  return out;
}

measured_spine write_measurements(const measured_meshes& spine, const volume_part<std::uint8_t>& masks,
                                  const std::optional<volume_view<float>>& ct, const io::nifti_header& header,
                                  const measure_files& files, int threads) {
  const auto voxels =
      measure::locate_voxels(exec::threads(threads), masks, std::span<const int>(spine.labels),
                             std::span<const triangle_mesh<double>>(spine.meshes),
                             std::span<const spine::template_anatomy>(spine.anatomies));
  measured_spine out;
  auto& measured = out.vertebrae;
  for (std::size_t m = 0; m < spine.meshes.size(); ++m) {
    const measure::placed_landmarks landmarks(spine.meshes[m], spine.anatomies[m]);
    measured.push_back(
        {spine.labels[m], landmarks,
         measure::measure_vertebra(spine.labels[m], landmarks, check_mesh(spine.meshes[m]).volume)});
    if (!ct) continue;
    measure::measure_density(measured.back().measures, voxels[m], masks, *ct);
    out.edges.push_back(measure::look_at_edges(spine.meshes[m], *ct));
  }
  measure::measure_chain(measured);
  for (std::size_t m = 0; m < out.edges.size(); ++m)
    measure::measure_confidence(measured[m].measures, spine.evidence[m], spine.moved[m]);
  io::write_nifti(files.regions, measure::region_volume(masks, voxels), header);
  io::write_file(files.measures, measures_csv(measured));
  io::write_file(files.angles, angles_csv(measure::measure_angles(measured)));
  io::write_file(files.landmarks, landmarks_csv(measured));
  io::write_file(files.poi, poi_json(measured, masks.geometry));
  write_slicer_points(files.markups, named_landmarks(measured));
  return out;
}

}  // namespace diffam::program
