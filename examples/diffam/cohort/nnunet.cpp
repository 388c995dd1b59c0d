// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes images, labels and dataset.json for nnU-Net v2.
#include "cohort/nnunet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cohort/record.hpp"
#include "diffam/io/atomic_file.hpp"
#include "diffam/io/volume_file.hpp"
#include "diffam/spine/labels.hpp"
#include "diffam/version.hpp"
#include "exit_codes.hpp"
#include "fit/earlier_fit.hpp"
#include "fit/fingerprint.hpp"
#include "hounsfield.hpp"
#include "json_text.hpp"
#include "output_files.hpp"
#include "scan.hpp"
#include "synth/variation.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

struct exported_scan {
  scan_files scan;
  double hu_offset = 0;
  std::vector<exported_vertebra> vertebrae;
};

exported_scan read_scan(const cohort_arguments& a, const scan_files& scan) {
  exported_scan s{scan, 0, {}};
  read_result_object(a.data / scan.folder() / "report.json", [&](const json& report) {
    s.hu_offset = report.at("hu_offset").get<double>();
    for (const json& v : report.at("vertebrae")) {
      const json& confidence = v.at("confidence");
      s.vertebrae.push_back({spine::label_from_name(v.at("name").get<std::string>()).value_or(0),
                             v.at("label").get<std::uint8_t>(), v.at("centre_mm").at(2).get<double>(),
                             confidence.is_number() && confidence.get<double>() >= a.accept});
    }
  });
  return s;
}

/// The numbers of the levels that are accepted anywhere, from 1, head to foot.
std::map<int, std::uint8_t> numbers_of(const std::vector<exported_scan>& scans) {
  std::vector<int> labels;
  for (const auto& s : scans)
    for (const auto& v : s.vertebrae)
      if (v.accepted) labels.push_back(v.label);
  spine::sort_anatomically(labels);
  std::map<int, std::uint8_t> numbers;
  for (const int label : labels) numbers.try_emplace(label, static_cast<std::uint8_t>(numbers.size() + 1));
  return numbers;
}

/// Changes the numbers of a mask to those of the data set.
void relabel(volume<std::uint8_t>& mask, const exported_scan& scan,
             const std::map<int, std::uint8_t>& numbers) {
  const auto ignore = static_cast<std::uint8_t>(numbers.size() + 1);
  std::array<std::uint8_t, 256> becomes;
  becomes.fill(ignore);
  for (const auto& v : scan.vertebrae)
    if (v.accepted) becomes[v.value] = numbers.at(v.label);
  const std::vector<known_heights> known = known_background(scan.vertebrae);
  const grid& g = mask.geometry;
  std::size_t at = 0;
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i, ++at) {
        std::uint8_t& voxel = mask.voxels[at];
        if (voxel != 0) {
          voxel = becomes[voxel];
          continue;
        }
        const double z =
            g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})[2];
        const auto covers = [z](const known_heights& r) { return r.low <= z && z <= r.high; };
        voxel = std::any_of(known.begin(), known.end(), covers) ? std::uint8_t{0} : ignore;
      }
}

/// The CT in HU; what is no number counts as air.
volume<float> read_image(const exported_scan& scan) {
  std::vector<std::string> warnings;
  volume<float> ct = io::read_volume(scan.scan.ct, warnings, ct_options());
  for (float& hu : ct.voxels) hu = std::isfinite(hu) ? hu - static_cast<float>(scan.hu_offset) : -1000;
  return ct;
}

/// The names of a scan's cases: its own, and those of the images made from its fit.
std::vector<std::string> case_names(const cohort_arguments& a, const exported_scan& scan) {
  std::vector<std::string> names{scan.scan.name()};
  for (int n = 1; n <= a.synthesize; ++n)
    names.push_back(fmt::format("{}_desc-synth{}", scan.scan.name(), n));
  return names;
}

fs::path image_file(const cohort_arguments& a, const std::string& name) {
  return a.output / "imagesTr" / (name + "_0000.nii.gz");
}

fs::path label_file(const cohort_arguments& a, const std::string& name) {
  return a.output / "labelsTr" / (name + ".nii.gz");
}

/// nnU-Net takes every file in the folders for a case. Throws `error` where one is of another data set.
void require_no_other_cases(const cohort_arguments& a, const std::vector<exported_scan>& scans) {
  std::set<fs::path> own;
  for (const auto& s : scans)
    for (const auto& name : case_names(a, s)) own.insert({image_file(a, name), label_file(a, name)});
  std::error_code ignored;
  for (const char* folder : {"imagesTr", "labelsTr"})
    for (const auto& entry : fs::directory_iterator(a.output / folder, ignored))
      if (!own.contains(entry.path()))
        throw error(entry.path().string() + ": expected no case of another data set, remove it",
                    error_kind::cannot_create);
}

void write_scan(const cohort_arguments& a, const exported_scan& scan,
                const std::map<int, std::uint8_t>& numbers) {
  std::vector<std::string> warnings;
  const fs::path file = a.data / scan.scan.result("_seg-vert_msk.nii.gz"),
                 folder = a.data / scan.scan.folder();
  const io::nifti_header header = io::read_volume_header(file, warnings);
  const volume<float> ct = read_image(scan);
  const auto write = [&](const std::string& name, const volume<float>& image, volume<std::uint8_t> mask) {
    relabel(mask, scan, numbers);
    io::write_nifti(image_file(a, name), in_whole_hu(image), header);
    io::write_nifti(label_file(a, name), mask, header);
  };
  const std::vector<std::string> names = case_names(a, scan);
  write(names[0], ct, io::read_label_volume<std::uint8_t>(file, warnings));
  if (a.synthesize == 0) return;
  const earlier_fit fit = read_earlier_fit(folder, warnings);
  const distance_curve appearance = appearance_of(fit, folder);
  std::vector<int> values;
  for (const auto& v : scan.vertebrae) values.push_back(v.value);
  for (std::size_t n = 1; n < names.size(); ++n) {
    const variation v = draw_variation(fingerprint().add(names[n]).value());
    synthetic_scan made = make_scan(v, fit.meshes, values, appearance, ct);
    write(names[n], made.ct, std::move(made.mask));
  }
}

std::string dataset_text(const std::string& name, std::size_t count,
                         const std::map<int, std::uint8_t>& numbers) {
  json labels{{"background", 0}};
  std::vector<int> order(numbers.size());
  for (const auto& [label, number] : numbers) order[number - std::size_t{1}] = label;
  for (const int label : order) labels[spine::label_name(label)] = numbers.at(label);
  labels["ignore"] = numbers.size() + 1;
  const json all{
      {"channel_names", {{"0", "CT"}}},
      {"labels", labels},
      {"numTraining", count},
      {"file_ending", ".nii.gz"},
      {"name", name},
      {"description", "Vertebrae of fits by diffam " DIFFAM_VERSION " that their confidence accepts"}};
  return json_text(all);
}

}  // namespace

std::vector<known_heights> known_background(const std::vector<exported_vertebra>& vertebrae) {
  constexpr double far = std::numeric_limits<double>::infinity();
  std::vector<known_heights> all;
  for (std::size_t first = 0; first < vertebrae.size(); ++first) {
    if (!vertebrae[first].accepted) continue;
    std::size_t last = first;
    while (last + 1 < vertebrae.size() && vertebrae[last + 1].accepted &&
           spine::are_neighbours(vertebrae[last].label, vertebrae[last + 1].label))
      ++last;
    const bool ends = last + 1 == vertebrae.size() && (vertebrae[last].label == spine::label::l5 ||
                                                       vertebrae[last].label == spine::label::l6);
    const double high = vertebrae[first].label == spine::label::c1 ? far
                        : first < last                             ? vertebrae[first + 1].centre_z
                                                                   : -far;
    all.push_back({ends ? -far : vertebrae[last].centre_z, high});
    first = last;
  }
  return all;
}

int run_export(const cohort_arguments& a) {
  const console out(a.level_of_messages());
  const std::string name = fs::absolute(a.output / ".").lexically_normal().parent_path().filename().string();
  if (name.find_first_not_of("0123456789", 7) != 10 || !name.starts_with("Dataset") || name[10] != '_' ||
      name.size() == 11)
    out.warn(a.output.string() + ": nnU-Net expects a name like Dataset101_Vertebrae");
  require_free({a.output / "dataset.json"}, {}, a.overwrite);
  std::vector<exported_scan> scans;
  for (const scan_files& s : chosen_scans(recorded_scans(a.data), a)) {
    if (!is_finished(a.data, s)) continue;
    exported_scan e = read_scan(a, s);
    const auto accepted = [](const exported_vertebra& v) { return v.accepted; };
    if (std::any_of(e.vertebrae.begin(), e.vertebrae.end(), accepted))
      scans.push_back(std::move(e));
    else
      out.note(s.name() + ": left out: no vertebra is accepted");
  }
  if (scans.empty())
    throw error(fmt::format("{}: expected a vertebra with a confidence of at least {:g}, found none",
                            a.data.string(), a.accept),
                error_kind::bad_data);
  require_no_other_cases(a, scans);
  const auto numbers = numbers_of(scans);
  for (const char* folder : {"imagesTr", "labelsTr"}) io::create_output_folder(a.output / folder);
  for (const exported_scan& s : scans) {
    write_scan(a, s, numbers);
    out.note(s.scan.name() + ": written");
  }
  const std::size_t cases = scans.size() * case_names(a, scans[0]).size();
  io::write_file(a.output / "dataset.json", dataset_text(name, cases, numbers));
  print_result(fmt::format("data set {}: {} scans, {} cases, {} levels\n", one_line(a.output.string()),
                           scans.size(), cases, numbers.size()));
  return exit_done;
}

}  // namespace diffam::program
