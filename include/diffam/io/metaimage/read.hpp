// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the voxels of MetaImage files: `.mha`, and `.mhd` with a file of voxels; raw or zlib.
#pragma once

#include <memory>

#include "diffam/io/metaimage/header.hpp"
#include "diffam/io/nifti/write.hpp"

namespace diffam::io {

/// Reads the voxels of a MetaImage file in order. Throws `error`: missing_input, bad_data.
class metaimage_reader final : public voxel_stream {
 public:
  metaimage_reader(const path& file, warning_list& warnings)
      : file_(file), in_(std::make_unique<byte_source>(file)) {
    const auto h = detail::check_metaimage(detail::read_metaimage_keys(*in_), file, warnings);
    layout_ = h.layout;
    header_ = detail::header_for(h.geometry, file, layout_.type, layout_.slope, layout_.inter);
    if (detail::lower_case(h.data_file) != "local") {
      data_file_ = detail::data_file_of(file, h.data_file, "ElementDataFile");
      in_ = std::make_unique<byte_source>(data_file_, true);
    } else if (h.header_size != 0) {
      bad_data(file, "HeaderSize", "0 in a file with its header", detail::text(h.header_size));
    }
    const index_t bytes = header_.data_bytes();
    detail::require_room(*in_, bytes, h.compressed);
    const index_t skipped = h.header_size == -1 && !h.compressed ? in_->file_size() - bytes : h.header_size;
    if (skipped < 0)
      bad_data(file, "HeaderSize", "0 or more, or -1 with raw data", detail::text(h.header_size));
    in_->skip(skipped, "HeaderSize");
    if (h.compressed) in_->decompress_rest();
  }

  const path& name() const override { return file_; }
  std::string format() const override { return "MetaImage"; }
  const nifti_header& header() const override { return header_; }
  void read(std::span<double> to) override { detail::read_raw_voxels(*in_, layout_, to); }
  void finish(warning_list& warnings) override { in_->finish(warnings); }

 private:
  path file_, data_file_;
  std::unique_ptr<byte_source> in_;
  detail::raw_layout layout_;
  nifti_header header_;
};

}  // namespace diffam::io
