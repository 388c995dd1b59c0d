// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds the scans of a data set: walks its folders, and puts together the files whose names begin alike.
#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "cohort/derivatives.hpp"
#include "cohort/scans.hpp"
#include "diffam/core/error.hpp"
#include "output_files.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

bool ends_with_any(const std::string& name, std::initializer_list<const char*> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const char* e) { return name.ends_with(e); });
}

bool is_volume(const fs::path& file) {
  return ends_with_any(file.filename().string(),
                       {".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".zip"});
}

/// The name of a file without the ending of its format: "p_ct", "p_seg-vert_msk".
std::string bare_name(const fs::path& file) {
  std::string name = file.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return fs::path(name).stem().string();
}

bool is_mask(const fs::path& file) {
  return is_volume(file) && ends_with_any(bare_name(file), {"_msk", "_mask", "_seg", ".seg", "_truth"});
}

/// All files below a folder by name, without hidden folders and results of diffam.
std::vector<fs::path> files_below(const fs::path& data, const fs::path& output) {
  std::vector<fs::path> files;
  std::error_code code;
  fs::recursive_directory_iterator at(data, fs::directory_options::skip_permission_denied, code), end;
  for (; !code && at != end; at.increment(code)) {
    std::error_code ignored;
    const bool hidden = at->path().filename().string().starts_with('.');
    if (at->is_directory(ignored)) {
      if (hidden || fs::equivalent(at->path(), output, ignored) || is_ours(at->path()))
        at.disable_recursion_pending();
    } else if (!hidden && at->is_regular_file(ignored)) {
      files.push_back(at->path());
    }
  }
  if (code) throw error(data.string() + ": cannot be read: " + code.message(), error_kind::missing_input);
  std::sort(files.begin(), files.end());
  return files;
}

/// Whether a folder of this name is on the way from `data` to the file.
bool is_below(const fs::path& file, const fs::path& data, const char* folder) {
  const fs::path folders = file.lexically_relative(data).parent_path();
  return std::find(folders.begin(), folders.end(), fs::path(folder)) != folders.end();
}

/// The CTs: the volumes whose names end in _ct, and without such a name all that are not masks. Where there
/// is a folder rawdata, those in it.
std::vector<fs::path> cts_of(const std::vector<fs::path>& files, const fs::path& data) {
  std::vector<fs::path> raw, marked, other;
  for (const fs::path& f : files) {
    if (!is_volume(f) || is_below(f, data, "derivatives") || is_below(f, data, "sourcedata")) continue;
    const bool is_marked = bare_name(f).ends_with("_ct");
    if (is_marked && is_below(f, data, "rawdata")) raw.push_back(f);
    if (is_marked) marked.push_back(f);
    if (!is_mask(f)) other.push_back(f);
  }
  return !raw.empty() ? raw : !marked.empty() ? marked : other;
}

/// How well a file serves as centres, from 1, the best; 0: not at all.
int rank_of_centres(const std::string& name) {
  int rank = 0;
  for (const char* ending : {"_ctd.json", "_poi.json", ".mrk.json", ".fcsv", "_ctd.csv", "_ctd.tsv"})
    if (++rank; name.ends_with(ending)) return rank;
  return 0;
}

int rank_of_truth(const fs::path& file) {
  if (!is_mask(file)) return 0;
  int rank = 0;
  const std::string name = bare_name(file);
  if (name.find("seg-subreg") != name.npos) return 0;
  for (const char* ending : {"_seg-vert_msk", "_truth", "_seg", "_msk"})
    if (++rank; name.ends_with(ending)) return rank;
  return 0;
}

/// Gives each file to the scan with the longest name that begins the file's name; of scans with one name, to
/// that in its folder.
void add_partners(std::vector<scan_files>& scans, const std::vector<fs::path>& files) {
  std::multimap<std::string, scan_files*> by_name;
  for (auto& s : scans) by_name.emplace(case_name(s.ct), &s);
  const auto owner = [&](const fs::path& file) -> scan_files* {
    const std::string name = file.filename().string();
    for (std::size_t end = name.find_last_of("_."); end != name.npos && end > 0;
         end = name.find_last_of("_.", end - 1)) {
      const auto [first, last] = by_name.equal_range(name.substr(0, end));
      if (first == last) continue;
      if (std::next(first) == last) return first->second;
      for (auto at = first; at != last; ++at)
        if (at->second->ct.parent_path() == file.parent_path()) return at->second;
      return nullptr;
    }
    return nullptr;
  };
  const auto better = [](int rank, int present) { return rank > 0 && (present == 0 || rank < present); };
  for (const fs::path& f : files) {
    const int centres = rank_of_centres(f.filename().string()), truth = rank_of_truth(f);
    if (centres == 0 && truth == 0) continue;
    scan_files* s = owner(f);
    if (s == nullptr || s->ct == f) continue;
    if (better(centres, rank_of_centres(s->centres.filename().string()))) s->centres = f;
    if (better(truth, rank_of_truth(s->truth))) s->truth = f;
  }
}

/// The scans of volumes. Where two have one name, their folders are part of it.
std::vector<scan_files> scans_of_volumes(const std::vector<fs::path>& cts, const fs::path& data) {
  std::map<std::string, int> count;
  for (const fs::path& ct : cts) ++count[case_name(ct)];
  std::vector<scan_files> scans;
  for (const fs::path& ct : cts) {
    scan_files s;
    s.ct = ct;
    const std::string stem = case_name(ct);
    name_by(s, count[stem] == 1 ? stem : ct.lexically_relative(data).parent_path().string() + stem);
    scans.push_back(s);
  }
  return scans;
}

bool is_dicom(const fs::path& file) {
  char start[132] = {};
  std::ifstream(file, std::ios::binary).read(start, sizeof start);
  return std::string_view(start + 128, 4) == "DICM";
}

/// Each folder in `data` with DICOM files in or below it; `data` itself where it has such files.
std::vector<scan_files> scans_of_dicom(const std::vector<fs::path>& files, const fs::path& data) {
  std::vector<scan_files> scans;
  for (const fs::path& f : files) {
    const fs::path below = f.lexically_relative(data);
    const fs::path folder = below.has_parent_path() ? data / *below.begin() : data;
    if ((!scans.empty() && scans.back().ct == folder) || !is_dicom(f)) continue;
    scan_files s;
    s.ct = folder;
    name_by(s, case_name(folder));
    scans.push_back(s);
  }
  return scans;
}

void require_different_names(std::vector<scan_files>& scans) {
  const auto by_name = [](const scan_files& a, const scan_files& b) { return a.name() < b.name(); };
  std::stable_sort(scans.begin(), scans.end(), by_name);
  for (std::size_t i = 1; i < scans.size(); ++i)
    if (scans[i].name() == scans[i - 1].name())
      throw error(
          fmt::format("{}: expected another name than that of {}, found {} for both (a table of paths "
                      "can name them)",
                      scans[i].ct.string(), scans[i - 1].ct.string(), scans[i].name()),
          error_kind::bad_data);
}

}  // namespace

scan_list find_scans(const fs::path& given, const fs::path& output) {
  std::error_code ignored;
  const fs::path data = given.has_filename() ? given : given.parent_path();
  scan_list found;
  if (fs::is_directory(data, ignored)) {
    const std::vector<fs::path> files = files_below(data, output);
    found.scans = scans_of_volumes(cts_of(files, data), data);
    add_partners(found.scans, files);
    const bool verse = std::any_of(found.scans.begin(), found.scans.end(),
                                   [&](const scan_files& s) { return is_below(s.ct, data, "rawdata"); });
    const bool bids = fs::exists(data / "dataset_description.json", ignored);
    found.layout = verse ? "VerSe" : bids ? "BIDS" : "folder";
    if (found.scans.empty()) {
      found.scans = scans_of_dicom(files, data);
      found.layout = "DICOM";
    }
  } else {
    if (fs::exists(data, ignored) && !ends_with_any(data.filename().string(), {".csv", ".tsv"}))
      throw error(data.string() + ": expected a folder or a table of paths (.csv, .tsv), found another file",
                  error_kind::bad_data);
    found.scans = scans_of_table(data);
    found.layout = "table";
  }
  if (found.scans.empty())
    throw error(
        data.string() + ": expected CTs (NAME_ct.nii.gz, other volumes, folders of DICOM), found none",
        error_kind::bad_data);
  require_different_names(found.scans);
  return found;
}

}  // namespace diffam::program
