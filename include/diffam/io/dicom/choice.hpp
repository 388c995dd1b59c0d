// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The series of a DICOM folder that can be read, their list, and the choice of one.
#pragma once

#include "diffam/io/dicom/stack.hpp"
#include "diffam/io/text/scan.hpp"
#include "diffam/io/voxels/options.hpp"

namespace diffam::io {

/// "CT "Thorax" B31f, 133 slices of 512 x 512, 0.7 x 0.7 x 2.5 mm".
inline std::string series_text(const dicom_series& s) {
  const dicom_slice& f = s.first();
  const auto rounded = [](double x) { return detail::text(std::round(1000 * x) / 1000); };
  std::string out = f.modality.empty() ? "?" : detail::printable(f.modality, 16);
  out += ' ';
  out += detail::in_quotes(f.description);
  if (!f.kernel.empty()) out += " " + detail::printable(f.kernel, 32);
  out += ", " + detail::text(s.slices.size()) + (s.slices.size() == 1 ? " slice of " : " slices of ") +
         detail::text(f.columns) + " x " + detail::text(f.rows);
  if (!s.left_out.empty()) return out + ": " + s.left_out;
  if (s.slices.size() == 1) return out + ": no volume";
  const double apart = s.length() / static_cast<double>(s.slices.size() - 1);
  return out + ", " + rounded(f.column_spacing) + " x " + rounded(f.row_spacing) + " x " + rounded(apart) +
         " mm";
}

namespace detail {

/// Whether the places of the slices are a sound stack, without a look at their voxels.
inline bool stacks(const dicom_series& s) {
  try {
    stack_slices(s, false, [](const dicom_slice&, const dicom_slice&) { return false; });
    return true;
  } catch (const error&) {
    return false;
  }
}

/// Splits a series that is no sound stack by its acquisitions, or by other marks, if each part then is one.
inline void split_passes(dicom_series s, std::vector<dicom_series>& out) {
  if (s.left_out.empty() && !stacks(s)) {
    constexpr std::string dicom_slice::*marks[] = {&dicom_slice::acquisition, &dicom_slice::image_type,
                                                   &dicom_slice::kernel};
    for (const auto mark : marks) {
      std::map<std::string, dicom_series> parts;
      for (const auto& slice : s.slices) parts[slice.*mark].slices.push_back(slice);
      bool sound = parts.size() > 1;
      for (const auto& [value, part] : parts) sound = sound && part.slices.size() > 2 && stacks(part);
      if (!sound) continue;
      for (auto& [value, part] : parts) out.push_back(std::move(part));
      return;
    }
  }
  out.push_back(std::move(s));
}

/// Volume covered by the slices, mm^3.
inline double covered(const dicom_series& s) {
  const dicom_slice& f = s.first();
  return s.length() * static_cast<double>(f.rows * f.columns) * f.row_spacing * f.column_spacing;
}

/// All series, numbered: first those that may be volumes.
inline std::vector<dicom_series> all_series(std::vector<dicom_slice> slices) {
  std::vector<dicom_series> out;
  for (auto& s : sort_into_series(std::move(slices))) split_passes(std::move(s), out);
  std::stable_partition(out.begin(), out.end(), [](const dicom_series& s) { return s.left_out.empty(); });
  return out;
}

inline std::string list_text(const std::vector<dicom_series>& all) {
  std::string out;
  for (std::size_t k = 0; k < all.size() && k < 50; ++k) {
    if (k > 0) out += "; ";
    out += text(k + 1);
    out += ": ";
    out += series_text(all[k]);
  }
  return out;
}

/// The number of the series to be read. Throws `error`: usage where there is a choice, bad_data where there
/// is none.
inline std::size_t choose_series(const std::vector<dicom_series>& all, const dicom_options& options,
                                 const path& where, warning_list& warnings) {
  std::vector<std::size_t> found;
  const auto may_be_volume = [&](std::size_t k) {
    return all[k].left_out.empty() && all[k].slices.size() > 1;
  };
  const auto number = parse_number<std::size_t>(options.series);
  if (number && *number >= 1 && *number <= all.size() && options.series.size() < 6)
    found.push_back(*number - 1);
  if (found.empty() && !options.series.empty())
    for (std::size_t k = 0; k < all.size(); ++k)
      if (all[k].first().series == options.series) found.push_back(k);
  if (found.empty() && !options.series.empty())
    throw error(about(where, "--series") + "expected a number or the UID of one of these, found " +
                in_quotes(options.series) + ": " + list_text(all));
  if (options.series.empty()) {
    double most = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (!may_be_volume(k) || (all[k].first().modality != "CT" && !options.force_modality)) continue;
      found.push_back(k);
      most = std::max(most, covered(all[k]));
    }
    if (found.size() > 1) std::erase_if(found, [&](std::size_t k) { return covered(all[k]) < most / 8; });
  }
  if (found.empty()) {
    bool other = false;
    for (std::size_t k = 0; k < all.size(); ++k) other = other || may_be_volume(k);
    bad_data(where, "series", "a CT series",
             list_text(all) + (other ? "; --force-modality reads what is no CT" : ""));
  }
  if (found.size() > 1)
    throw error(about(where, "series") + "expected one CT, found " + text(found.size()) +
                "; choose with --series: " + list_text(all));
  const dicom_series& chosen = all[found[0]];
  if (!chosen.left_out.empty()) bad_data(where, "series", "a CT series", series_text(chosen));
  if (chosen.first().modality != "CT") {
    if (!options.force_modality)
      bad_data(where, "Modality", "CT",
               in_quotes(chosen.first().modality) + "; --force-modality reads it all the same");
    warnings.push_back(about(where, "Modality") + "is " + in_quotes(chosen.first().modality) + ", not CT");
  }
  if (all.size() > 1)
    warnings.push_back(about(where, "series") + text(all.size()) + " are there; number " +
                       text(found[0] + 1) + " is read: " + series_text(chosen));
  return found[0];
}

}  // namespace detail

}  // namespace diffam::io
