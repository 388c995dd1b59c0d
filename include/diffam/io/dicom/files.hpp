// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The DICOM files of a folder with its subfolders, of a zip archive, or beside a file of a series.
#pragma once

#include <memory>

#include "diffam/io/dicom/header.hpp"
#include "diffam/io/dicom/zip.hpp"
#include "diffam/io/voxels/file_kind.hpp"

namespace diffam::io::detail {

/// Whether a file may be DICOM from its first bytes: it states it, or it starts with an element of group 8.
inline bool may_be_dicom(std::string_view b) {
  b = b.substr(0, 512);
  if (kind_of_bytes(b, "").kind == file_kind::dicom) return true;
  return b.size() > 132 && b[0] == 8 && b[1] == 0 && b[2] >= 0 && b[2] < 0x20 && b[3] == 0;
}

/// All files that may be DICOM. Their numbers are the sources of slices.
class dicom_files {
 public:
  /// `where`: a folder, a zip archive, or a file. Throws `error`: missing_input, bad_data.
  explicit dicom_files(const path& where) {
    std::error_code code;
    if (std::filesystem::is_directory(where, code)) {
      add_folder(where);
      return;
    }
    if (kind_of(where).kind == file_kind::zip) {
      zip_ = std::make_unique<zip_archive>(where);
      for (const auto& e : zip_->entries()) names_.push_back(where / e.name);
      return;
    }
    const path folder = where.has_parent_path() ? where.parent_path() : path(".");
    one_file_ = folder / where.filename();  // as it is in the list
    add_folder(folder, false);
  }

  std::size_t count() const { return names_.size(); }
  const path& name(std::size_t source) const { return names_[source]; }
  /// The file that was named; empty for a folder or an archive.
  const path& one_file() const { return one_file_; }

  /// The bytes of a file, at most `most`. Empty where its first bytes are not those of DICOM.
  std::string read(std::size_t source, index_t most = std::numeric_limits<index_t>::max()) {
    std::string bytes;
    if (zip_) {
      bytes = zip_->read(zip_->entries()[source], most);
    } else {
      struct stat status {};
      if (::stat(names_[source].c_str(), &status) != 0 || status.st_size == 0) return {};
      input_file in(names_[source]);
      bytes.resize(static_cast<std::size_t>(std::min<index_t>(in.size(), 512)));
      bytes.resize(in.read(bytes.data(), bytes.size()));
      if (may_be_dicom(bytes) && in.size() > 512 && most > 512) {
        const std::size_t start = bytes.size();
        bytes.resize(static_cast<std::size_t>(std::min(in.size(), most)));
        bytes.resize(start + in.read(bytes.data() + start, bytes.size() - start));
      }
    }
    if (!may_be_dicom(bytes)) bytes.clear();
    return bytes;
  }

 private:
  void add_folder(const path& folder, bool with_subfolders = true) {
    namespace fs = std::filesystem;
    std::error_code code;
    const auto add = [&](const fs::directory_entry& e) {
      std::error_code ignored;
      if (e.is_regular_file(ignored)) names_.push_back(e.path());
      if (std::ssize(names_) > most_files)
        bad_data(folder, "folder", "at most " + text(most_files) + " files", "more");
    };
    if (with_subfolders)
      for (fs::recursive_directory_iterator i(folder, fs::directory_options::skip_permission_denied, code),
           end;
           !code && i != end; i.increment(code))
        add(*i);
    else
      for (fs::directory_iterator i(folder, code), end; !code && i != end; i.increment(code)) add(*i);
    if (code) throw error(about(folder, "cannot be read") + code.message(), error_kind::missing_input);
    std::sort(names_.begin(), names_.end());
  }

  std::vector<path> names_;
  path one_file_;
  std::unique_ptr<zip_archive> zip_;
};

/// What is in the files.
struct dicom_contents {
  std::vector<dicom_slice> slices;
  std::size_t damaged = 0;  // files that are DICOM and cannot be read
  std::string first_damaged;
  bool dicomdir = false;     // there is a DICOMDIR
  std::string no_image;      // the first file without an image: "RTSTRUCT" without an image
  std::string one_series;    // the series of the file that was named
  std::string one_instance;  // and its SOP instance
  std::string one_found = "none that can be read";  // what that file is, if it has no image
};

/// Reads all headers. Where a file was named, only slices of its series are kept.
inline dicom_contents read_headers(dicom_files& files) {
  dicom_contents out;
  for (std::size_t source = 0; source < files.count(); ++source) {
    // The header is in the first bytes, or else in the whole file.
    dicom_document document;
    parse_end end = parse_end::cut;
    bool is_dicom = true;
    constexpr index_t whole_file = std::numeric_limits<index_t>::max();
    for (const index_t most : {index_t{1} << 16, whole_file}) {
      if (end != parse_end::cut) break;
      document = {};
      document.bytes = files.read(source, most);
      is_dicom = !document.bytes.empty();
      if (!is_dicom) break;
      end = parse_document(document, true);
      // The first bytes may end between two elements.
      if (end == parse_end::whole && !document.at_pixels && most < whole_file) end = parse_end::cut;
    }
    const bool named = files.name(source) == files.one_file();
    if (!is_dicom) {
      if (named) out.one_found = "a compressed file: decompress it with \"gunzip\"";
      continue;
    }
    const std::string name = files.name(source).string();
    if (end != parse_end::whole) {
      if (out.damaged++ == 0) out.first_damaged = name;
      if (named) out.one_found = "a damaged file";
      continue;
    }
    if (document.meta.text(0x0002, 0x0002) == "1.2.840.10008.1.3.10") {
      out.dicomdir = true;
      if (named) out.one_found = "a DICOMDIR: give the folder of its images";
      continue;
    }
    std::vector<dicom_slice> slices = slices_of(document, name, source);
    if (slices.empty()) {
      const std::string what = in_quotes(document.data.text(0x0008, 0x0060)) + " without an image";
      if (out.no_image.empty()) out.no_image = what;
      if (named) out.one_found = what;
    } else if (named) {
      out.one_series = slices[0].series;
      out.one_instance = slices[0].sop_instance;
    }
    std::move(slices.begin(), slices.end(), std::back_inserter(out.slices));
  }
  if (!files.one_file().empty())
    std::erase_if(out.slices, [&](const dicom_slice& s) { return s.series != out.one_series; });
  return out;
}

}  // namespace diffam::io::detail
