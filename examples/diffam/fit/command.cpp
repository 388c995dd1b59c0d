// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam fit`: makes meshes, a label volume and a report from a CT and vertebra centres.
#include <fmt/core.h>

#include <algorithm>

#include "commands.hpp"
#include "diffam/io/atomic_file.hpp"
#include "diffam/spine/fit_result.hpp"
#include "diffam/version.hpp"
#include "exit_codes.hpp"
#include "fit/checkpoint.hpp"
#include "fit/engine.hpp"
#include "fit/fingerprint.hpp"
#include "fit/found_centres.hpp"
#include "fit/name_warnings.hpp"
#include "fit/outputs.hpp"
#include "fit/progress_display.hpp"
#include "fit/run.hpp"
#include "fit/text.hpp"
#include "owned_folder.hpp"
#include "scan.hpp"
#include "signals.hpp"
#include "stopwatch.hpp"
#include "template/templates.hpp"

namespace diffam::program {

namespace {

/// Each line once: a search and the reading of its header remark the same of a file.
void add_to(std::vector<std::string>& all, const std::vector<std::string>& more) {
  for (const std::string& line : more)
    if (std::find(all.begin(), all.end(), line) == all.end()) all.push_back(line);
}

std::vector<std::filesystem::path> input_files(const fit_arguments& a) {
  std::vector<std::filesystem::path> all{a.ct};
  if (!a.centres.empty()) all.push_back(a.centres);
  all.insert(all.end(), a.templates.begin(), a.templates.end());
  return all;
}

fit_files files_of(const fit_arguments& a, const std::vector<std::string>& vertebrae) {
  return {a.output, case_name(a.ct), vertebrae, a.mask_format, a.report == "html"};
}

/// Throws `error` where an output exists already or cannot be written. Returns whether the run resumes from a
/// checkpoint.
bool check_outputs(const fit_arguments& a, const fit_files& files) {
  std::error_code ignored;
  const bool stopped_run = std::filesystem::exists(files.checkpoint, ignored);
  const bool resuming = a.resume && stopped_run;
  require_creatable_folder(a.output);
  require_free(a.preview ? std::vector{files.preview} : files.results(), input_files(a),
               a.overwrite || resuming);
  if (stopped_run && !a.resume && !a.overwrite && !a.preview)
    throw error(files.checkpoint.string() +
                    ": exists from a stopped run; continue with --resume, or start again with --overwrite",
                error_kind::cannot_create);
  return resuming;
}

/// Identifies the run that a checkpoint belongs to: version, settings, inputs.
std::uint64_t fingerprint_of(const fit_inputs& in, const spine::fit_options& options,
                             const std::string& device) {
  fingerprint f;
  f.add(std::string("diffam " DIFFAM_VERSION " ") + device.substr(0, 4) + settings_text(options));
  f.add(std::as_bytes(std::span(&in.ct.geometry, 1))).add(std::as_bytes(std::span(&in.ct.kept, 1)));
  f.add(in.ct.voxels);
  for (const auto& c : in.centres) {
    f.add(std::to_string(c.label)).add(std::as_bytes(std::span(c.position.v)));
    f.add(in.templates[c.label].vertices).add(in.templates[c.label].faces);
  }
  return f.value();
}

/// The exit code of a finished run, by --fail-below.
exit_code exit_code_of(const std::vector<mask_facts>& facts, const spine::fit_result& result,
                       const fit_arguments& a) {
  if (!a.fail_below) return exit_done;
  std::string doubtful;
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (!(facts[i].confidence >= *a.fail_below))
      doubtful += fmt::format("{}{} {:.2f}", doubtful.empty() ? "" : ", ",
                              spine::label_name(result.vertebrae[i].label), facts[i].confidence);
  if (doubtful.empty()) return exit_done;
  console::fail(fmt::format("confidence below {:g}: {}", *a.fail_below, doubtful));
  return exit_low_confidence;
}

}  // namespace

int run_fit(fit_arguments a) {
  a.templates = template_files(a.templates);
  exit_on_stop_signals();
  const console out(a.level());
  stopwatch watch;
  std::vector<std::string> warnings;
  device_choice device = resolve_device(a.device, warnings);
  const spine::fit_options options = fit_options_of(a);
  if (a.mask_format == "dicom-seg") require_series(a.ct);
  owned_folder folder(a.output, "fit");
  if (!a.dry_run) folder.lock();
  std::optional<whole_ct> ct;
  if (a.searches()) {
    check_outputs(a, files_of(a, {}));  // before the search replaces its own files
    ct = find_centres(a, out, warnings);
  }
  fit_case scan = read_case(a);
  const fit_files files = files_of(a, scan.names());
  const bool resuming = check_outputs(a, files);
  fit_inputs in = with_templates(a, std::move(scan));
  add_to(in.warnings, warnings);
  out.detail("reading " + a.ct.string());
  read_ct(a, options, in, std::exchange(ct, {}));
  if (a.found.empty()) add_to(in.warnings, name_warnings(a, in));
  install_stop_signals();
  run_record record;
  record.ct = a.ct;
  record.centres = a.centres;
  record.templates = a.templates;
  record.preset = a.preset;
  record.threads = a.threads;
  record.labels = a.labels;
  record.hu_offset = in.hu_offset;
  record.seconds_reading = watch.lap();

  const auto fit = make_fit_engine(device, a.threads, in.ct, in.centres, in.templates, options, in.warnings);
  record.device = device.name;
  out.warn(in.warnings);
  record.warnings = in.warnings;
  record.planned_bytes = fit->planned_bytes();
  record.seconds_preparing = watch.lap();
  if (a.dry_run) {
    print_result(plan_text(a, in, options, files, device.name,
                           {.fit = fit->planned_bytes(), .search = a.search_bytes}));
    return exit_done;
  }
  if (a.preview) {
    folder.claim({files.preview});
    write_snapshot(files.preview, in.ct, fit->result().vertebrae, nullptr, case_name(a.ct) + ": start");
    print_result("picture " + one_line(files.preview.string()) + "\n");
    return exit_done;
  }
  folder.open();
  check_outputs(a, files);  // another run may have ended while this one had no folder to lock
  std::vector<std::filesystem::path> written = a.search_files;  // by this run
  written.push_back(files.checkpoint);
  folder.claim(written);
  const std::uint64_t run = fingerprint_of(in, options, device.name);
  if (resuming) {
    fit->restore(read_checkpoint(files.checkpoint, run));
    record.resumed_at = fit->iteration();
    out.note(fmt::format("continuing after iteration {}", fit->iteration()));
  } else if (a.resume) {
    out.note("no checkpoint found; starting from the beginning");
  }
  out.note(fmt::format("fitting {} vertebrae, {} iterations, {}", in.centres.size(), options.iterations,
                       device.name));
  if (!run_fit_loop(*fit, {files.checkpoint, run, options.iterations, a.checkpoint_every}, out))
    return exit_stopped;
  spine::fit_result result = fit->result(in.ct);
  record.seconds_fitting = watch.lap();

  const std::vector<std::string> notes = spine::flag_notes(result.flags);
  out.warn(notes);
  add_to(record.warnings, notes);
  if (a.overwrite || resuming)
    folder.replace(files.results(), written);
  else
    folder.claim(files.results());
  io::create_output_folder(files.mesh_folder);
  const auto facts = write_results(a, in, files, options, result, record);
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (facts[i].voxels == 0)
      out.warn(spine::label_name(result.vertebrae[i].label) + ": has no voxel in the mask" +
               std::string(io::no_result));
  std::error_code ignored;
  std::filesystem::remove(files.checkpoint, ignored);
  folder.settle();
  out.note(fmt::format("done in {}", duration_text(record.seconds_reading + record.seconds_preparing +
                                                   record.seconds_fitting + record.seconds_writing)));
  print_result(result_text(result, facts, files));
  return exit_code_of(facts, result, a);
}

}  // namespace diffam::program
