// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam measure`: regions, landmarks and measurements of the meshes of an earlier fit.
#include "commands.hpp"
#include "diffam/metrics/dice.hpp"
#include "exit_codes.hpp"
#include "fit/earlier_fit.hpp"
#include "measure/arguments.hpp"
#include "measure/measurements.hpp"
#include "output_files.hpp"
#include "scan.hpp"
#include "template/templates.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

spine::template_set templates_of(const measure_arguments& a, const earlier_fit& fit,
                                 std::vector<std::string>& warnings) {
  if (!a.templates.empty())
    return read_templates(template_files(a.templates), fit.labels, a.threads, warnings);
  return fit.one_template ? spine::template_set(spine::make_template())
                          : spine::builtin_templates(fit.labels);
}

void require_faces(const earlier_fit& fit, const spine::template_set& templates, const fs::path& folder) {
  for (std::size_t m = 0; m < fit.meshes.size(); ++m)
    if (fit.meshes[m].faces != templates[fit.labels[m]].faces)
      throw error((folder / "meshes").string() + ": " + spine::label_name(fit.labels[m]) +
                      " does not have the faces of its template; give the templates of the fit with -t",
                  error_kind::bad_data);
}

volume_part<std::uint8_t> read_masks(const earlier_fit& fit, std::vector<std::string>& warnings) {
  auto volume = io::read_nifti_labels<std::uint8_t>(fit.mask, warnings).labels;
  volume_part<std::uint8_t> masks(volume.geometry, voxel_box{{}, volume.geometry.size});
  masks.voxels = std::move(volume.voxels);
  if (fit.totalseg)
    for (auto& v : masks.voxels) v = static_cast<std::uint8_t>(spine::from_totalsegmentator(v).value_or(0));
  return masks;
}

}  // namespace

int run_measure(const measure_arguments& a) {
  std::vector<std::string> warnings;
  earlier_fit fit = read_earlier_fit(a.results, warnings);
  const fs::path folder = a.output.empty() ? a.results : a.output;
  const measure_files files(folder, fit.name);
  require_creatable_folder(folder);
  require_free(files.all(), {fit.mask, a.ct}, a.overwrite);
  const spine::template_set templates = templates_of(a, fit, warnings);
  require_faces(fit, templates, a.results);
  const volume_part<std::uint8_t> masks = read_masks(fit, warnings);
  const io::nifti_header header = io::read_nifti_header(fit.mask, warnings);
  volume_part<float> ct;
  if (!a.ct.empty()) {
    const io::nifti_header of_ct = io::read_volume_header(a.ct, warnings, ct_options(a.dicom));
    metrics::require_same_grid("measure", of_ct.geometry, masks.geometry);
    ct = io::read_volume_part<float>(a.ct, of_ct, masks.kept, warnings, ct_options(a.dicom));
    for (float& v : ct.voxels) v -= static_cast<float>(fit.hu_offset);
  }
  console(a.quiet ? verbosity::quiet : verbosity::normal).warn(warnings);
  io::create_output_folder(folder);
  const measured_meshes spine{fit.labels, std::move(fit.meshes),
                              anatomies_of(templates, fit.labels, a.templates.empty(), a.threads), fit.moved,
                              fit.evidence};
  write_measurements(spine, masks, a.ct.empty() ? std::nullopt : std::optional<volume_view<float>>(ct),
                     header, files, a.threads);
  print_result("measures " + one_line(files.measures.string()) + "\n");
  return exit_done;
}

}  // namespace diffam::program
