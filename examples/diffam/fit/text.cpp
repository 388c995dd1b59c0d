// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formats the plan and the results of a fit as text.
#include "fit/text.hpp"

#include <fmt/core.h>

#include "console.hpp"
#include "diffam/io/orientation.hpp"
#include "diffam/spine/labels.hpp"

namespace diffam::program {

std::string plan_text(const fit_arguments& a, const fit_inputs& in, const spine::fit_options& o,
                      const fit_files& files, const std::string& device, const planned_memory& memory) {
  const grid& g = in.ct.geometry;
  const vec3<double> s = g.spacing();
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<11} {}\n", name, value);
  };
  const auto megabytes = [](auto bytes) { return static_cast<double>(bytes) / 1e6; };
  line("ct", fmt::format("{} x {} x {}, {:.4g} x {:.4g} x {:.4g} mm, {}", g.size[0], g.size[1], g.size[2],
                         s[0], s[1], s[2], io::axis_codes_of(g).letters()));
  std::string names;
  for (const auto& n : in.names()) names += n + " ";
  line("vertebrae", names);
  line("template", a.templates.empty() ? "built in" : fmt::format("{} file(s)", a.templates.size()));
  line("run", fmt::format("{} iterations, seed {}, {} + {} samples, {} modes", o.iterations, o.seed,
                          o.samples, o.normal_samples, o.modes));
  line("weights",
       fmt::format("image {:g}, normal {:g}, edge {:g}, overlap {:g}, variance {:g}", o.weight_image,
                   o.weight_normal, o.weight_edge, o.weight_overlap, o.weight_variance));
  line("device", device);
  line("memory", fmt::format("{:.0f} MB planned, {:.0f} MB for the needed part of the CT",
                             megabytes(memory.fit), megabytes(in.ct.voxels.size() * sizeof(float))));
  if (memory.search > 0) line("search", fmt::format("{:.0f} MB, before the fit", megabytes(memory.search)));
  for (const auto& f : files.results()) line("output", one_line(f.string()));
  return text;
}

std::string result_text(const spine::fit_result& result, const std::vector<mask_facts>& facts,
                        const fit_files& files) {
  std::string text = "vertebra  label       x        y        z   volume_ml  flags\n";
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const auto& v = result.vertebrae[i];
    std::string flags;
    for (const auto& f : v.flags) flags += (flags.empty() ? "" : "; ") + f;
    text += fmt::format("{:<8} {:>6} {:8.1f} {:8.1f} {:8.1f} {:11.1f}  {}\n", spine::label_name(v.label),
                        facts[i].value, v.centre[0], v.centre[1], v.centre[2], v.volume_mm3 / 1000,
                        flags.empty() ? "-" : one_line(flags));
  }
  return text + "mask " + one_line(files.mask.string()) + "\n";
}

}  // namespace diffam::program
