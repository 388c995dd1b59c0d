// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the voxels of NRRD files: `.nrrd`, and `.nhdr` with a file of voxels; raw or gzip.
#pragma once

#include <bit>
#include <memory>

#include "diffam/io/nifti/write.hpp"
#include "diffam/io/nrrd/geometry.hpp"
#include "diffam/io/nrrd/segments.hpp"
#include "diffam/io/voxels/part.hpp"
#include "diffam/io/voxels/raw_stream.hpp"

namespace diffam::io {

/// Reads the voxels of an NRRD file in order. A segmentation gives the labels of its segments. Throws
/// `error`: missing_input, bad_data.
class nrrd_reader final : public voxel_stream {
 public:
  nrrd_reader(const path& file, warning_list& warnings, const volume_options& options = {})
      : file_(file), in_(std::make_unique<byte_source>(file)), fields_(detail::read_nrrd_fields(*in_)) {
    const auto [g, layers] = detail::read_nrrd_geometry(fields_, file, warnings);
    layers_ = layers;
    layout_.type = detail::nrrd_type(fields_.required(file, "type"), file);
    segments_ = detail::nrrd_segments(fields_, layers, file);
    if (segments_.empty() && layers > 1)
      bad_data(file, "sizes", "one value at each voxel", detail::text(layers) + " of them");
    if (!segments_.empty() && options.intensities)
      bad_data(file, "contents", "a CT",
               "a segmentation with the segment " + detail::in_quotes(segments_[0].name));
    labels_ = {segments_, options.label_number, file};
    header_ = detail::header_for(g, file, layout_.type, 1, 0);
    open_data();
  }

  const path& name() const override { return file_; }
  std::string format() const override {
    return segments_.empty() ? "NRRD" : "NRRD, segmentation of 3D Slicer";
  }
  const nifti_header& header() const override { return header_; }
  std::vector<std::pair<std::string, std::string>> details() const override {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& s : segments_)
      out.emplace_back("segment", detail::printable(s.name) + " (layer " + detail::text(s.layer) +
                                      ", value " + detail::text(s.value) + ")");
    return out;
  }

  void read(std::span<double> to) override {
    if (segments_.empty()) return detail::read_raw_voxels(*in_, layout_, to);
    values_.resize(to.size() * static_cast<std::size_t>(layers_));
    detail::read_raw_voxels(*in_, layout_, values_);
    const double* next = values_.data();
    for (double& v : to) {
      v = labels_(next, layers_);
      next += layers_;
    }
  }
  void finish(warning_list& warnings) override {
    in_->finish(warnings);
    if (labels_.overlaps() > 0)
      warnings.push_back(detail::about(file_, "segments") + "overlap in " + detail::text(labels_.overlaps()) +
                         " voxels; the segment of the last layer has them");
  }

 private:
  /// Goes to the first voxel.
  void open_data() {
    const std::string encoding = detail::lower_case(fields_.required(file_, "encoding"));
    const bool gzip = encoding == "gzip" || encoding == "gz";
    if (encoding == "bzip2" || encoding == "bz2")
      bad_data(file_, "encoding", "raw or gzip", encoding + ": save the file again, with gzip");
    if (!gzip && encoding != "raw") bad_data(file_, "encoding", "raw or gzip", detail::in_quotes(encoding));
    if (size_of(layout_.type) > 1) {
      const std::string endian = detail::lower_case(fields_.required(file_, "endian"));
      if (endian != "little" && endian != "big")
        bad_data(file_, "endian", "little or big", detail::in_quotes(endian));
      layout_.swapped = (endian == "little") != (std::endian::native == std::endian::little);
    }
    const std::string_view data_file = fields_.get("data file", "datafile");
    if (!data_file.empty()) {
      file_of_data_ = detail::data_file_of(file_, data_file, "data file");
      in_ = std::make_unique<byte_source>(file_of_data_, true);
    }
    const index_t bytes = header_.data_bytes() * layers_;
    index_t lines = number_of("line skip", "lineskip"), skipped = number_of("byte skip", "byteskip");
    if (lines < 0 || skipped < -1 || (skipped == -1 && (gzip || in_->file_size() < bytes)))
      bad_data(file_, "line skip, byte skip", "0 or more; byte skip -1 with raw data", detail::text(skipped));
    detail::require_room(*in_, bytes, gzip);
    std::string line;
    detail::header_lines text(*in_);
    for (; lines > 0; --lines)
      if (!text.next(line)) bad_data(in_->name(), "line skip", "that many lines", "fewer");
    if (gzip) in_->decompress_rest();
    if (skipped == -1) {  // the voxels are the last bytes of the file
      if (data_file.empty()) bad_data(file_, "byte skip", "0 or more in a file with its header", "-1");
      skipped = in_->file_size() - bytes;
    }
    in_->skip(skipped, "byte skip");
  }
  index_t number_of(std::string_view name, std::string_view other) const {
    const std::string_view value = fields_.get(name, other);
    return value.empty() ? 0 : detail::numbers_of<index_t>(value, 1, file_, name)[0];
  }

  path file_, file_of_data_;
  std::unique_ptr<byte_source> in_;
  detail::nrrd_fields fields_;
  detail::raw_layout layout_;
  std::vector<detail::nrrd_segment> segments_;
  detail::nrrd_label_map labels_;
  nifti_header header_;
  index_t layers_ = 1;
  std::vector<double> values_;
};

}  // namespace diffam::io
