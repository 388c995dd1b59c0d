// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes the results of a fit: mask, meshes, centres, pictures, tables, report.
#include "fit/outputs.hpp"

#include <fmt/core.h>

#include "centre_files.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/io/png.hpp"
#include "diffam/spine/labels.hpp"
#include "diffam/spine/voxelise.hpp"
#include "measure/measurements.hpp"
#include "pictures/curve_plot.hpp"
#include "pictures/snapshot.hpp"
#include "report/page.hpp"
#include "scan.hpp"
#include "stopwatch.hpp"

namespace diffam::program {

namespace {

measured_meshes meshes_of(const spine::fit_result& result, const fit_arguments& a, const fit_inputs& in) {
  measured_meshes spine;
  for (const auto& v : result.vertebrae) {
    spine.meshes.push_back(v.mesh);
    spine.labels.push_back(v.label);
    spine.moved.push_back(norm(v.centre - v.start));
    spine.evidence.push_back(measure::look_at_edges({v.before_stage, v.mesh.faces}, in.ct));
  }
  spine.anatomies = anatomies_of(in.templates, spine.labels, a.templates.empty(), a.threads);
  return spine;
}

volume_part<std::uint8_t> label_volume(const measured_meshes& spine, const grid& g, int threads) {
  return spine::voxelise_part(exec::threads(threads), std::span<const triangle_mesh<double>>(spine.meshes),
                              std::span<const int>(spine.labels), g);
}

/// Changes VerSe numbers to the numbers of the mask, and counts the voxels of each vertebra.
std::vector<mask_facts> renumber(volume_part<std::uint8_t>& labels, const spine::fit_result& result,
                                 io::label_numbering numbering) {
  std::array<std::uint8_t, 256> value{};
  for (const auto& v : result.vertebrae)
    value[static_cast<std::size_t>(v.label)] =
        static_cast<std::uint8_t>(mask_value(v.label, numbering).value());
  std::array<index_t, 256> count{};
  for (auto& voxel : labels.voxels) {
    ++count[voxel];
    voxel = value[voxel];
  }
  std::vector<mask_facts> facts;
  for (const auto& v : result.vertebrae)
    facts.push_back({value[static_cast<std::size_t>(v.label)], count[static_cast<std::size_t>(v.label)]});
  return facts;
}

/// Takes over the confidence of each vertebra, and flags those that are likelier bad than good.
void flag_doubtful(spine::fit_result& result, std::vector<mask_facts>& facts,
                   const std::vector<measure::measured_vertebra>& measured) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const measure::vertebra_measures& m = measured[i].measures;
    const double c = facts[i].confidence = m.confidence;
    facts[i].falling_edges = m.falling_edges, facts[i].edge_offset = m.edge_offset;
    if (c < 0.5)
      result.vertebrae[i].flags.push_back(fmt::format("confidence {:.2f}: check it in the report", c));
  }
}

/// Writes the mask in the format of --mask-format as well.
void write_viewer_mask(const fit_arguments& a, const fit_files& files,
                       const volume_part<std::uint8_t>& labels, const spine::fit_result& result,
                       const std::vector<mask_facts>& facts) {
  std::vector<io::mask_segment> segments;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const int label = result.vertebrae[i].label;
    const colour c = label_colour(label);
    segments.push_back({label, static_cast<std::uint8_t>(facts[i].value), {c.red, c.green, c.blue}});
  }
  if (a.mask_format == "nrrd") io::write_seg_nrrd(files.viewer_mask, labels, segments);
  if (a.mask_format == "dicom-seg") write_dicom_mask(files.viewer_mask, labels, segments, a.ct, a.dicom);
}

/// The format that ITK-SNAP reads with "Import label descriptions".
std::string itksnap_text(const spine::fit_result& result, const std::vector<mask_facts>& facts) {
  std::string text =
      "# ITK-SnAP Label Description File\n"
      "# IDX  -R-  -G-  -B-  -A-  VIS MSH  LABEL\n"
      "    0    0    0    0    0    0   0  \"Clear Label\"\n";
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const colour c = label_colour(result.vertebrae[i].label);
    text += fmt::format("{:5} {:4} {:4} {:4}    1    1   1  \"{}\"\n", facts[i].value, c.red, c.green, c.blue,
                        spine::label_name(result.vertebrae[i].label));
  }
  return text;
}

std::string curve_csv(const spine::fit_result& result, const std::vector<double>& hu) {
  std::string text = "distance_mm,intensity,hu\n";
  for (std::size_t i = 0; i < hu.size(); ++i)
    text +=
        fmt::format("{:.6g},{:.6g},{:.6g}\n", result.curve_distance_mm[i], result.curve_intensity[i], hu[i]);
  return text;
}

/// Shows the range of distances with enough samples: no point of a vertebra is deeper, few samples are
/// farther out.
canvas curve_picture(const spine::fit_result& result, const std::vector<double>& hu) {
  constexpr double deepest = -15, farthest = 25;  // mm
  std::vector<double> x, y;
  for (std::size_t i = 0; i < hu.size(); ++i) {
    const double d = result.curve_distance_mm[i];
    if (d < deepest || d > farthest) continue;
    x.push_back(d);
    y.push_back(hu[i]);
  }
  return draw_curve(x, y,
                    {"Learned appearance f(d): intensity against distance",
                     "signed distance to the bone surface, mm (negative inside)", "intensity, HU"});
}

spine::centroid_list fitted_centres(const spine::fit_result& result) {
  spine::centroid_list centres;
  for (const auto& v : result.vertebrae) centres.push_back({v.label, v.centre});
  return centres;
}

void write_picture(const std::filesystem::path& file, const canvas& picture) {
  io::write_png(file, picture.image());
}

}  // namespace

void write_snapshot(const std::filesystem::path& file, const volume_view<float>& ct,
                    const std::vector<spine::fitted_vertebra>& vertebrae,
                    const volume_part<std::uint8_t>* labels, const std::string& title) {
  write_picture(file, draw_snapshot(ct, vertebrae, labels, {.title = title}));
}

std::vector<mask_facts> write_results(const fit_arguments& a, const fit_inputs& in, const fit_files& files,
                                      const spine::fit_options& options, spine::fit_result& result,
                                      run_record& record) {
  stopwatch watch;
  const measured_meshes meshes = meshes_of(result, a, in);
  volume_part<std::uint8_t> labels = label_volume(meshes, in.ct.geometry, a.threads);
  write_snapshot(files.snapshot, in.ct, result.vertebrae, &labels, case_name(a.ct));
  const auto measured = write_measurements(meshes, labels, in.ct, in.header, files.measures, a.threads);
  auto facts = renumber(labels, result, a.numbering());
  flag_doubtful(result, facts, measured.vertebrae);
  io::write_nifti(files.mask, labels, in.header);
  write_viewer_mask(a, files, labels, result, facts);
  for (std::size_t i = 0; i < result.vertebrae.size(); ++i)
    io::write_mesh(files.meshes[i], result.vertebrae[i].mesh,
                   {.region = spine::subregion_numbers(meshes.anatomies[i])});
  write_verse_centroids(files.centres, fitted_centres(result), in.ct.geometry);
  write_slicer_markups(files.markups, fitted_centres(result));
  io::write_file(files.label_names, itksnap_text(result, facts));
  const auto hu = curve_in_hu(result, options);
  io::write_file(files.curve_table, curve_csv(result, hu));
  write_picture(files.curve_plot, curve_picture(result, hu));
  const double voxel_mm3 = std::abs(determinant(in.ct.geometry.axes));
  const auto run_text = [&] { return report_text(record, options, result, facts, voxel_mm3); };
  if (!files.page.empty()) {
    const ct_slices slices = slices_around(in.ct, meshes.meshes, a.threads);
    io::write_file(
        files.page,
        report_page({case_name(a.ct), run_text(), result, hu, meshes, measured, slices}, !a.without_3d));
  }
  record.seconds_writing = watch.lap();
  io::write_file(files.report, run_text());
  return facts;
}

}  // namespace diffam::program
