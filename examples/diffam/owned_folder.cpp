// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Locks folders, and keeps the record of the files in them.
#include "owned_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "diffam/io/atomic_file.hpp"
#include "json_text.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

constexpr index_t largest_record = index_t{16} << 20;

/// The record: {"fit": ["report.json", "meshes/L1.ply", ...], ...}. Empty where there is none.
json read_record(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return json::object();
  json all = parse_json(io::read_file_bounded(file, largest_record));
  const auto is_list = [](const json& list) {
    return list.is_array() &&
           std::all_of(list.begin(), list.end(), [](const json& f) { return f.is_string(); });
  };
  if (!all.is_object() || !std::all_of(all.begin(), all.end(), is_list))
    io::bad_data(file, "record", "lists of the files that diffam wrote",
                 "something else (remove it to go on)");
  return all;
}

/// A record can come from anyone: it never leads out of its folder.
bool stays_below(const fs::path& relative) {
  return !relative.empty() && relative.is_relative() &&
         std::none_of(relative.begin(), relative.end(),
                      [](const fs::path& p) { return p == ".." || p == "."; });
}

}  // namespace

owned_folder::owned_folder(fs::path folder, std::string job)
    : folder_(std::move(folder)), job_(std::move(job)) {}

owned_folder::~owned_folder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void owned_folder::lock() {
  if (descriptor_ >= 0) return;
  descriptor_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  throw error(
      folder_.string() + ": expected a folder for this run alone, found another run that writes to it",
      error_kind::cannot_create);
}

void owned_folder::open() {
  io::create_output_folder(folder_);
  lock();
}

std::vector<fs::path> owned_folder::earlier() const {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& name : read_record(record()).value(job_, json::array())) {
    const fs::path relative = name.get<std::string>();
    if (stays_below(relative) && fs::is_regular_file(fs::symlink_status(folder_ / relative, ignored)))
      files.push_back(folder_ / relative);
  }
  return files;
}

void owned_folder::write_record(const std::vector<fs::path>& files) const {
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.lexically_relative(folder_).generic_string());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  json all = read_record(record());
  all[job_] = names;
  io::write_file(record(), json_text(all, 1));
}

void owned_folder::settle() const noexcept {
  try {
    write_record(earlier());
  } catch (const std::exception&) {
  }
}

void owned_folder::claim(const std::vector<fs::path>& files) {
  open();
  std::vector<fs::path> all = earlier();
  all.insert(all.end(), files.begin(), files.end());
  write_record(all);
}

void owned_folder::replace(const std::vector<fs::path>& files, const std::vector<fs::path>& kept) {
  const std::vector<fs::path> old = earlier();
  std::vector<fs::path> own = files;
  own.insert(own.end(), kept.begin(), kept.end());
  claim(own);  // a run that is killed from here on leaves no file without an owner
  for (const auto& file : old) {
    std::error_code code;
    if (std::find(kept.begin(), kept.end(), file) == kept.end()) fs::remove(file, code);
    if (code)
      throw error(file.string() + ": cannot be removed: " + code.message(), error_kind::cannot_create);
  }
  write_record(own);
}

}  // namespace diffam::program
