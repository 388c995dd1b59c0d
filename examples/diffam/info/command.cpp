// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam info`: prints the contents and the geometry of a volume file.
#include <fmt/core.h>

#include <bitset>
#include <limits>
#include "commands.hpp"
#include "console.hpp"
#include "diffam/io/orientation.hpp"
#include "exit_codes.hpp"
#include "info/arguments.hpp"
#include "scan.hpp"

namespace diffam::program {

namespace {

struct voxel_facts {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  double sum = 0;
  index_t finite = 0, not_finite = 0;
  bool labels = true;        // all voxels are whole numbers from 0 to 255
  std::bitset<256> present;  // the labels that occur

  void add(double v) {
    if (!std::isfinite(v)) {
      ++not_finite;
      labels = false;
      return;
    }
    ++finite;
    sum += v;
    lowest = std::fmin(lowest, v);
    highest = std::fmax(highest, v);
    labels = labels && v >= 0 && v < 256 && v == std::floor(v);
    if (labels) present.set(static_cast<std::size_t>(v));
  }
};

/// The largest angle in degrees between an axis of the grid and the direction of its letter.
double obliqueness(const grid& g) {
  const io::axis_codes codes = io::axis_codes_of(g);
  const vec3<double> spacing = g.spacing();
  double least = 1;
  for (int a = 0; a < 3; ++a) least = std::fmin(least, std::abs(g.axes(codes.world[a], a)) / spacing[a]);
  return std::acos(least) / degree;
}

std::string form_text(const io::nifti_header& h) {
  const auto s = h.bytes.integer(h.bytes.layout->sform_code), q = h.bytes.integer(h.bytes.layout->qform_code);
  const char* used = s > 0 ? "sform" : q > 0 ? "qform" : "voxel sizes alone";
  return fmt::format("{} (codes: sform {}, qform {})", used, s, q);
}

voxel_facts read_voxels(io::voxel_stream& in, std::vector<std::string>& warnings) {
  voxel_facts facts;
  std::vector<double> chunk(1 << 16);
  for (index_t left = in.geometry().voxel_count(); left > 0;) {
    const auto n = static_cast<std::size_t>(std::min<index_t>(left, 1 << 16));
    const std::span<double> part(chunk.data(), n);
    in.read(part);
    for (const double v : part) facts.add(v);
    left -= static_cast<index_t>(n);
  }
  in.finish(warnings);
  return facts;
}

std::string label_list(const voxel_facts& facts) {
  std::string text;
  for (std::size_t l = 1; l < 256; ++l) {
    if (!facts.present[l]) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(l);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

int run_info(const info_arguments& a) {
  std::vector<std::string> warnings;
  if (const auto series = series_list(a.file); series.size() > 1 && a.dicom.series.empty()) {
    std::string list;
    for (std::size_t k = 0; k < series.size(); ++k)
      list += fmt::format("{:>3}  {}\n", k + 1, one_line(series[k]));
    print_result(list);
    return exit_done;
  }
  io::volume_options options = mask_options();
  options.dicom = a.dicom;
  const auto in = io::open_volume(a.file, warnings, options);
  const io::nifti_header h = in->header();
  const voxel_facts facts = read_voxels(*in, warnings);
  const grid& g = h.geometry;
  const vec3<double> spacing = g.spacing();
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<12} {}\n", name, value);
  };
  line("file", one_line(a.file.string()));
  line("format", in->format());
  line("dimensions", fmt::format("{} x {} x {}", g.size[0], g.size[1], g.size[2]));
  line("spacing", fmt::format("{:.6g} x {:.6g} x {:.6g} mm", spacing[0], spacing[1], spacing[2]));
  line("orientation", fmt::format("{} (directions of the axes i, j, k), {:.1f} degrees oblique",
                                  io::axis_codes_of(g).letters(), obliqueness(g)));
  line("affine", in->format().starts_with("NIfTI") ? form_text(h) : "to world RAS+, mm");
  for (int r = 0; r < 3; ++r)
    line("", fmt::format("{:11.5f} {:11.5f} {:11.5f} {:11.3f}", g.axes(r, 0), g.axes(r, 1), g.axes(r, 2),
                         g.origin[r]));
  line("type", fmt::format("{}, value = {:g} x stored + {:g}", io::name_of(h.type), h.slope, h.inter));
  for (const auto& [name, value] : in->details()) line(name.c_str(), one_line(value));
  if (facts.finite > 0)
    line("values", fmt::format("{:g} to {:g}, mean {:.4g}", facts.lowest, facts.highest,
                               facts.sum / static_cast<double>(facts.finite)));
  if (facts.not_finite > 0) line("not finite", fmt::format("{} voxels", facts.not_finite));
  if (facts.labels && facts.highest > 0) line("labels", label_list(facts));
  print_result(text);
  console().warn(warnings);
  return exit_done;
}

}  // namespace diffam::program
