// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The voxels of a DICOM series as a stream, with one or two slices in memory.
#pragma once

#include "diffam/io/dicom/choice.hpp"
#include "diffam/io/dicom/pixels.hpp"
#include "diffam/io/nifti/write.hpp"

namespace diffam::io {

/// Reads a series. Throws `error`: missing_input, bad_data, usage (a choice is to be made).
class dicom_reader final : public voxel_stream {
 public:
  dicom_reader(const path& where, warning_list& warnings, const volume_options& options)
      : where_(where), files_(where), pixels_(files_) {
    detail::dicom_contents c = detail::read_headers(files_);
    const bool one_file = !files_.one_file().empty();
    if (c.slices.empty())
      throw error(detail::about(where, "contents") + "expected " +
                      (one_file ? "a DICOM image, found " + c.one_found
                                : "DICOM images in this folder or archive, found " + what_else(c)),
                  one_file ? error_kind::bad_data : error_kind::missing_input);
    if (c.damaged > 0)
      warnings.push_back(detail::about(c.first_damaged, "file") + "is damaged, and left out" +
                         (c.damaged > 1 ? ", as are " + detail::text(c.damaged - 1) + " others" : ""));
    auto all = detail::all_series(std::move(c.slices));
    dicom_options choice = options.dicom;
    if (one_file && choice.series.empty() && all.size() > 1)
      for (std::size_t k = 0; k < all.size(); ++k)
        for (const auto& s : all[k].slices)
          if (s.sop_instance == c.one_instance) choice.series = detail::text(k + 1);
    series_ = std::move(all[detail::choose_series(all, choice, where, warnings)]);
    for (const auto& s : series_.slices)
      if (!s.fault.empty())
        throw error(detail::printable(s.name, 1000) + ": " + s.fault, error_kind::bad_data);
    stack_ = stack_slices(series_, options.dicom.fill_gaps,
                          [this](const dicom_slice& a, const dicom_slice& b) { return same_voxels(a, b); });
    say(warnings);
    const dicom_slice& f = series_.first();
    const stored_type type = f.bits_allocated == 8 ? (f.is_signed ? stored_type::int8 : stored_type::uint8)
                             : f.bits_allocated == 16
                                 ? (f.is_signed ? stored_type::int16 : stored_type::uint16)
                                 : (f.is_signed ? stored_type::int32 : stored_type::uint32);
    header_ = detail::header_for(stack_.geometry, where, type, f.slope, f.intercept);
  }

  const path& name() const override { return where_; }
  std::string format() const override { return "DICOM"; }
  const nifti_header& header() const override { return header_; }
  const dicom_series& series() const { return series_; }
  const dicom_stack& stack() const { return stack_; }
  /// Calls use(dicom_data) with the header of the first slice's file.
  template <class Use>
  void with_header(Use&& use) {
    detail::dicom_document file;
    file.bytes = files_.read(series_.first().source);
    if (detail::parse_document(file, true) != detail::parse_end::whole)
      bad_data(series_.first().name, "file", "the file that was read before", "another");
    use(file.data);
  }
  std::vector<std::pair<std::string, std::string>> details() const override {
    std::vector<std::pair<std::string, std::string>> out{{"series", series_text(series_)},
                                                         {"", series_.first().series}};
    if (stack_.tilt_degrees > 0.05)
      out.emplace_back("tilt", detail::text(std::round(100 * stack_.tilt_degrees) / 100) +
                                   " degrees between slices and stack");
    return out;
  }

  void read(std::span<double> to) override {
    const index_t nx = header_.geometry.size[0], ny = header_.geometry.size[1];
    for (index_t done = 0, count = std::ssize(to); done < count;) {
      const index_t k = at_ / (nx * ny), j = at_ / nx % ny, i = at_ % nx, n = std::min(count - done, nx - i);
      if (k != loaded_) load(k);
      const double* row = slice_.data() + (ny - 1 - j) * nx;  // the volume has the last row first
      std::copy_n(row + i, n, to.data() + done);
      at_ += n;
      done += n;
    }
  }
  void finish(warning_list& warnings) override {
    if (padded_ > 0)
      warnings.push_back(detail::about(where_, "PixelPaddingValue") + detail::text(padded_) +
                         " voxels are padding");
  }

 private:
  /// What a folder without images has.
  static std::string what_else(const detail::dicom_contents& c) {
    if (c.dicomdir) return "a DICOMDIR alone: its images are missing";
    if (!c.no_image.empty()) return c.no_image;
    return c.damaged > 0 ? "damaged files alone" : "none";
  }
  bool same_voxels(const dicom_slice& a, const dicom_slice& b) {
    std::vector<double> x, y;
    pixels_.read(a, x);
    pixels_.read(b, y);
    return std::equal(x.begin(), x.end(), y.begin(),
                      [](double v, double w) { return v == w || (v != v && w != w); });
  }
  void load(index_t k) {
    const stacked_slice& s = stack_.slices[static_cast<std::size_t>(k)];
    pixels_.read(series_.slices[s.a], slice_);
    if (s.part > 0) {
      pixels_.read(series_.slices[s.b], other_);
      for (std::size_t i = 0; i < slice_.size(); ++i) slice_[i] += s.part * (other_[i] - slice_[i]);
    }
    padded_ += std::count_if(slice_.begin(), slice_.end(), [](double v) { return v != v; });
    loaded_ = k;
  }
  void say(warning_list& warnings) const {
    const auto add = [&](const char* field, const std::string& what) {
      warnings.push_back(detail::about(where_, field) + what);
    };
    const auto number = [](double x) { return detail::text(std::round(1000 * x) / 1000); };
    if (stack_.filled > 0) add("slices", detail::text(stack_.filled) + " are interpolated: --fill-gaps");
    if (stack_.doubled > 0) add("slices", detail::text(stack_.doubled) + " files repeat others; left out");
    if (stack_.spread_mm > 0.05)
      add("ImagePositionPatient", "slices are up to " + number(stack_.spread_mm) + " mm off even distances");
    if (stack_.tilt_degrees > 0.05)
      add("gantry tilt", number(stack_.tilt_degrees) + " degrees, from the positions; the affine is sheared");
    if (!series_.first().scaled) add("RescaleSlope", "is missing; stored values are taken as HU");
    for (const auto& s : series_.slices)
      if (s.slope == 0) bad_data(s.name, "RescaleSlope", "a number other than 0", "0");
  }

  path where_;
  detail::dicom_files files_;
  detail::dicom_pixels pixels_;
  dicom_series series_;
  dicom_stack stack_;
  nifti_header header_;
  std::vector<double> slice_, other_;
  index_t at_ = 0, loaded_ = -1, padded_ = 0;
};

}  // namespace diffam::io
