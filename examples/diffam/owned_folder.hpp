// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A folder of results and the record of what diffam wrote into it (.diffam_files.json). With --overwrite the
// files of the earlier run go as a whole, so that results of two runs never mix; all other files stay. The
// folder is locked while a run writes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace diffam::program {

/// Holds the lock of a folder until it is destroyed, also if the process dies.
class owned_folder {
 public:
  /// `job` names the kind of files in the record, as "fit". Does nothing yet.
  owned_folder(std::filesystem::path folder, std::string job);
  owned_folder(const owned_folder&) = delete;
  owned_folder& operator=(const owned_folder&) = delete;
  ~owned_folder();

  /// Locks the folder if it exists and is not locked by this object. Throws `error` (cannot_create) where
  /// another process has it. A file system without locks gives none.
  void lock();

  /// Creates and locks the folder. Checks made before, without the lock, have to be made again. Throws
  /// `error`.
  void open();

  /// The files of the record that still exist.
  std::vector<std::filesystem::path> earlier() const;

  /// Opens the folder, and adds files to the record before they are written. Throws `error`.
  void claim(const std::vector<std::filesystem::path>& files);

  /// The same, and removes all earlier files of the record but `kept`, those that this run has written
  /// already.
  void replace(const std::vector<std::filesystem::path>& files,
               const std::vector<std::filesystem::path>& kept = {});

  /// Takes files that no longer exist out of the record. Where that fails, the record names a file too many.
  void settle() const noexcept;

 private:
  std::filesystem::path record() const { return folder_ / ".diffam_files.json"; }
  void write_record(const std::vector<std::filesystem::path>& files) const;

  std::filesystem::path folder_;
  std::string job_;
  int descriptor_ = -1;
};

}  // namespace diffam::program
