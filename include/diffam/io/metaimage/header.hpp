// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The header of a MetaImage file (ITK's MetaIO, itk.org/Wiki/MetaIO/Documentation): lines "Key = value" up to
// ElementDataFile. Coordinates in the file are LPS, in mm.
#pragma once

#include <bit>
#include <map>

#include "diffam/io/nifti/geometry.hpp"
#include "diffam/io/orientation.hpp"
#include "diffam/io/text/header_text.hpp"
#include "diffam/io/voxels/raw_stream.hpp"

namespace diffam::io::detail {

/// A header as text; keys in lower case.
using metaimage_keys = std::map<std::string, std::string, std::less<>>;

inline metaimage_keys read_metaimage_keys(byte_source& in) {
  header_lines lines(in);
  metaimage_keys out;
  for (std::string line; lines.next(line);) {
    if (trimmed(line).empty()) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) bad_data(in.name(), "header", "a line \"Key = value\"", in_quotes(line));
    const std::string key = lower_case(trimmed(std::string_view(line).substr(0, equals)));
    if (!out.emplace(key, std::string(trimmed(std::string_view(line).substr(equals + 1)))).second)
      bad_data(in.name(), in_quotes(key), "this line once", "twice");
    if (key == "elementdatafile") return out;  // the last key; voxels may follow
  }
  bad_data(in.name(), "ElementDataFile", "this line", "none");
}

/// A checked header.
struct metaimage_header {
  grid geometry;  // world RAS+, mm
  raw_layout layout;
  bool compressed = false;
  std::string data_file;    // "LOCAL": the voxels follow the header
  index_t header_size = 0;  // bytes before the voxels; -1: the voxels are the last bytes
};

/// Access to the keys, with errors that name the file.
class metaimage_text {
 public:
  metaimage_text(const metaimage_keys& keys, const path& file) : keys_(keys), file_(file) {}

  /// The value of the first of these keys that is there; empty if none is.
  std::string_view get(std::initializer_list<std::string_view> names) const {
    for (const auto name : names)
      if (const auto at = keys_.find(name); at != keys_.end()) return at->second;
    return {};
  }
  template <class T>
  std::vector<T> numbers(std::initializer_list<std::string_view> names, std::size_t count) const {
    const std::string_view value = get(names);
    return value.empty() ? std::vector<T>() : numbers_of<T>(value, count, file_, *names.begin());
  }
  bool flag(std::initializer_list<std::string_view> names, bool otherwise) const {
    const std::string value = lower_case(get(names));
    if (value.empty()) return otherwise;
    if (value == "true" || value == "1" || value == "yes") return true;
    if (value != "false" && value != "0" && value != "no")
      bad_data(file_, *names.begin(), "True or False", in_quotes(value));
    return false;
  }

 private:
  const metaimage_keys& keys_;
  const path& file_;
};

inline stored_type metaimage_type(std::string_view name, const path& file) {
  constexpr std::pair<std::string_view, stored_type> types[] = {
      {"MET_CHAR", stored_type::int8},       {"MET_UCHAR", stored_type::uint8},
      {"MET_SHORT", stored_type::int16},     {"MET_USHORT", stored_type::uint16},
      {"MET_INT", stored_type::int32},       {"MET_UINT", stored_type::uint32},
      {"MET_LONG", stored_type::int32},      {"MET_ULONG", stored_type::uint32},
      {"MET_LONG_LONG", stored_type::int64}, {"MET_ULONG_LONG", stored_type::uint64},
      {"MET_FLOAT", stored_type::float32},   {"MET_DOUBLE", stored_type::float64}};
  for (const auto& [known, type] : types)
    if (known == name) return type;
  bad_data(file, "ElementType", "a scalar integer or float type", in_quotes(name));
}

/// The directions of the axes, LPS, as unit vectors: from TransformMatrix, whose rows are the axes, or from
/// the letters of AnatomicalOrientation, which name the sides where the axes begin ("RAI": from right to
/// left, from front to back, upwards).
inline mat3<double> metaimage_directions(const metaimage_text& h, std::size_t axes, const path& file,
                                         warning_list& warnings) {
  const auto m = h.numbers<double>({"transformmatrix", "rotation", "orientation"}, axes * axes);
  const std::string_view letters = h.get({"anatomicalorientation"});
  const auto codes = axis_codes_from(letters);
  mat3<double> out = mat3<double>::identity();
  if (!m.empty()) {
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t r = 0; r < 3; ++r) out(static_cast<int>(r), static_cast<int>(a)) = m[a * axes + r];
    return out;
  }
  if (!codes) {
    warnings.push_back(about(file, "TransformMatrix") +
                       "is missing: the file does not state which side is left; axes towards left, back and "
                       "head are assumed, and the image may be mirrored");
    return out;
  }
  for (int a = 0; a < 3; ++a)
    for (int r = 0; r < 3; ++r) {
      const int away = -codes->sign[a];                     // the letter is where the axis begins
      const int lps = codes->world[a] == 2 ? away : -away;  // R and A are negative in LPS
      out(r, a) = codes->world[a] == r ? lps : 0;
    }
  return out;
}

/// Checks a header. Throws `error` (bad_data).
inline metaimage_header check_metaimage(const metaimage_keys& keys, const path& file,
                                        warning_list& warnings) {
  const metaimage_text h(keys, file);
  metaimage_header out;
  if (const auto kind = h.get({"objecttype"}); !kind.empty() && lower_case(kind) != "image")
    bad_data(file, "ObjectType", "Image", in_quotes(kind));
  const auto axes = h.numbers<index_t>({"ndims"}, 1);
  if (axes.empty() || axes[0] < 3 || axes[0] > 10)
    bad_data(file, "NDims", "3 axes", axes.empty() ? "none" : text(axes[0]));
  const auto n = static_cast<std::size_t>(axes[0]);
  const auto size = h.numbers<index_t>({"dimsize"}, n);
  if (size.empty()) bad_data(file, "DimSize", text(n) + " lengths", "none");
  for (std::size_t a = 3; a < n; ++a)
    if (size[a] != 1)
      bad_data(file, "DimSize", "one volume", text(size[a]) + " of them (more than 3 dimensions)");
  out.geometry.size = checked_size({size[0], size[1], size[2]}, file, "DimSize");
  if (const auto c = h.numbers<index_t>({"elementnumberofchannels"}, 1); !c.empty() && c[0] != 1)
    bad_data(file, "ElementNumberOfChannels", "1", text(c[0]));
  out.layout.type = metaimage_type(h.get({"elementtype"}), file);
  if (!h.flag({"binarydata"}, true)) bad_data(file, "BinaryData", "True", "False (voxels as text)");
  const bool big = h.flag({"binarydatabyteordermsb", "elementbyteordermsb"}, false);
  out.layout.swapped = big != (std::endian::native == std::endian::big);
  out.compressed = h.flag({"compresseddata"}, false);
  out.data_file = h.get({"elementdatafile"});
  if (const auto skip = h.numbers<index_t>({"headersize"}, 1); !skip.empty()) out.header_size = skip[0];
  if (const auto s = h.numbers<double>({"elementtointensityfunctionslope"}, 1); !s.empty())
    out.layout.slope = s[0];
  if (const auto b = h.numbers<double>({"elementtointensityfunctionoffset"}, 1); !b.empty())
    out.layout.inter = b[0];
  if (!std::isfinite(out.layout.slope) || !std::isfinite(out.layout.inter) || out.layout.slope == 0)
    bad_data(file, "ElementToIntensityFunctionSlope", "a finite number other than 0", text(out.layout.slope));

  auto spacing = h.numbers<double>({"elementspacing", "elementsize"}, n);
  if (spacing.empty()) {
    spacing.assign(n, 1.0);
    warnings.push_back(about(file, "ElementSpacing") + "is missing; 1 mm is assumed");
  }
  const auto origin = h.numbers<double>({"offset", "position", "origin"}, n);
  if (origin.empty()) warnings.push_back(about(file, "Offset") + "is missing; 0 is assumed");
  nifti_affine map{metaimage_directions(h, n, file, warnings), {}};
  constexpr double ras[3] = {-1, -1, 1};
  for (int r = 0; r < 3; ++r) {
    const auto at = static_cast<std::size_t>(r);
    if (!origin.empty()) map.origin[r] = ras[r] * origin[at];
    for (int a = 0; a < 3; ++a) map.axes(r, a) *= ras[r] * spacing[static_cast<std::size_t>(a)];
  }
  for (std::size_t a = 0; a < 3; ++a)
    if (!(spacing[a] > 0)) bad_data(file, "ElementSpacing", "positive voxel sizes", text(spacing[a]));
  if (const auto fault = affine_fault(map)) bad_data(file, "TransformMatrix", "an invertible map", *fault);
  out.geometry.axes = map.axes;
  out.geometry.origin = map.origin;
  return out;
}

}  // namespace diffam::io::detail
