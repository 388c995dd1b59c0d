// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tells the kind of a file from its first bytes, so that a message can say what a file is and what to do.
#pragma once

#include <string>
#include <string_view>

#include "diffam/io/bytes/source.hpp"
#include "diffam/io/text/scan.hpp"

namespace diffam::io::detail {

enum class file_kind { nifti, nrrd, metaimage, dicom, zip, other };

struct told_kind {
  file_kind kind = file_kind::other;
  std::string what;  // of another kind: what it is and what to do; empty: not known
};

/// The kind of a file from its first bytes, decompressed if it is a gzip file, and from its name.
inline told_kind kind_of_bytes(std::string_view b, std::string_view lower_name) {
  using namespace std::string_view_literals;
  const auto at = [&](std::size_t k, std::string_view bytes) {
    return b.substr(std::min(k, b.size())).starts_with(bytes);
  };
  const auto other = [](const char* what) { return told_kind{file_kind::other, what}; };
  const bool sized_1 = at(0, "\x5c\x01\0\0"sv) || at(0, "\0\0\x01\x5c"sv);
  const bool sized_2 = at(0, "\x1c\x02\0\0"sv) || at(0, "\0\0\x02\x1c"sv);
  if (sized_1 && b.size() >= 348 && at(344, "\0\0\0\0"sv))
    return other(
        "an Analyze 7.5 header, which does not state which side is left: convert the original scan again");
  if (sized_1 || sized_2) return {file_kind::nifti, {}};
  if (at(0, "NRRD")) return {file_kind::nrrd, {}};
  if (at(128, "DICM") || at(0, "\x08\0\0\0\4\0\0\0"sv) || at(0, "\x08\0\5\0"sv) || at(0, "\x08\0\x16\0"sv))
    return {file_kind::dicom, {}};
  if (at(0, "PK\3\4") || at(0, "PK\5\6")) return {file_kind::zip, {}};
  std::string_view text = trimmed(b);
  if (text.starts_with("\xef\xbb\xbf")) text = trimmed(text.substr(3));
  const std::string start = lower_case(text.substr(0, 64));
  if (start.starts_with("objecttype") || start.starts_with("ndims")) return {file_kind::metaimage, {}};
  if (start.starts_with("<!doctype html") || start.starts_with("<html"))
    return other("an HTML page: the download failed; download the file again");
  if (start.starts_with("version https://git-lfs"))
    return other("a Git LFS pointer, not the file itself: fetch it with \"git lfs pull\"");
  if (start.starts_with("<?xml")) return other("an XML text");
  if (start.starts_with("{") || start.starts_with("[")) return other("a JSON text, not a volume");
  if (start.starts_with("ply") || start.starts_with("off") || start.starts_with("solid "))
    return other("a mesh, not a volume");
  if (at(0, "BZh")) return other("a bzip2 file: decompress it with \"bunzip2\"");
  if (at(0, "7z\xbc\xaf\x27\x1c")) return other("a 7-Zip archive: unpack it first");
  if (at(0, "Rar!")) return other("a RAR archive: unpack it first");
  if (at(0,
         "\xfd"
         "7zXZ"))
    return other("an xz file: decompress it with \"unxz\"");
  if (at(0, "\x28\xb5\x2f\xfd")) return other("a Zstandard file: decompress it with \"unzstd\"");
  if (at(257, "ustar")) return other("a tar archive: unpack it first");
  if (at(0, "\x89HDF\r\n\x1a\n"))
    return lower_name.ends_with(".mnc") ? other("a MINC file: convert it with \"mnc2nii\"")
                                        : other("an HDF5 file (MINC or other): convert it to NIfTI");
  if (at(0, "CDF\1") || at(0, "CDF\2")) return other("a MINC file: convert it with \"mnc2nii\"");
  if (at(0, "\x89PNG") || at(0, "\xff\xd8\xff") || at(0, "II*\0"sv) || at(0, "MM\0*"sv))
    return other("a picture, not a volume: export the scan as DICOM");
  if (at(0, "%PDF")) return other("a PDF document");
  if (at(0, "\0\0\0\1"sv) && (lower_name.ends_with(".mgh") || lower_name.ends_with(".mgz")))
    return other("a FreeSurfer volume: convert it with \"mri_convert\"");
  return {};
}

/// The kind of a file. Throws `error`: missing_input where it cannot be read, bad_data where it is empty or a
/// damaged gzip file.
inline told_kind kind_of(const path& file) {
  byte_source in(file);
  std::string first(512, '\0');
  first.resize(in.read(first.data(), first.size()));
  return kind_of_bytes(first, lower_case(file.filename().string()));
}

}  // namespace diffam::io::detail
