// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The voxels of DICOM slices in HU. Raw voxels are taken as they are; compressed ones are decoded by GDCM.
#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include "diffam/io/dicom/encode.hpp"
#include "diffam/io/dicom/files.hpp"
#include "diffam/io/dicom/gdcm_decoder.hpp"

namespace diffam::io::detail {

/// Reads slices. The file of the last slice stays in memory, for its other frames.
class dicom_pixels {
 public:
  explicit dicom_pixels(dicom_files& files) : files_(files) {}

  /// The voxels of a slice, row by row: HU, or NaN where a voxel is padding. `to` takes the size of the slice
  /// once its bytes are there, since a header can state any size. Throws `error` (bad_data).
  void read(const dicom_slice& s, std::vector<double>& to) {
    if (!loaded_ || source_ != s.source) load(s);
    const auto count = static_cast<std::size_t>(s.rows * s.columns),
               width = static_cast<std::size_t>(bits_allocated_) / 8;
    const std::size_t begin = static_cast<std::size_t>(s.frame) * count * width;
    if (pixels_.size() < begin + count * width)
      bad_data(s.name, "PixelData", text(begin + count * width) + " bytes", text(pixels_.size()));
    to.resize(count);
    const char* from = pixels_.data() + begin;
    if (width == 1) unpack<std::uint8_t>(s, from, to);
    if (width == 2) unpack<std::uint16_t>(s, from, to);
    if (width == 4) unpack<std::uint32_t>(s, from, to);
  }

 private:
  void allocate(const dicom_slice& s, int bits) {
    if (bits != 8 && bits != 16 && bits != 32) bad_data(s.name, "BitsAllocated", "8, 16 or 32", text(bits));
    bits_allocated_ = bits;
  }

  void load(const dicom_slice& s) {
    loaded_ = false;
    decoded_.clear();
    file_ = {};
    file_.bytes = files_.read(s.source);
    allocate(s, s.bits_allocated);
    if (s.bits_stored < 1 || s.bits_stored > bits_allocated_ || s.high_bit < s.bits_stored - 1 ||
        s.high_bit >= bits_allocated_)
      bad_data(s.name, "BitsStored, HighBit", "bits within those allocated",
               text(s.bits_stored) + ", " + text(s.high_bit));
    const parse_end end = parse_document(file_, false);
    const dicom_data::element* pixels = file_.data.find(0x7fe0, 0x0010);
    if (pixels == nullptr)
      bad_data(s.name, "PixelData", "a whole file",
               end == parse_end::cut ? "one that is cut off" : "a damaged one");
    shift_ = s.high_bit + 1 - s.bits_stored;
    pixels_ = pixels->value;
    if (pixels->undefined_length) decode(s, pixels->value);
    source_ = s.source;
    loaded_ = true;
  }

  /// Decodes compressed pixels. GDCM gets a file with nothing but the description of the pixels.
  void decode(const dicom_slice& s, std::string_view fragments) {
    dicom_set d;
    d.us(0x00280002, {s.samples})
        .text(0x00280004, "CS", s.photometric)
        .text(0x00280008, "IS", text(s.frames));
    d.us(0x00280010, {static_cast<int>(s.rows)}).us(0x00280011, {static_cast<int>(s.columns)});
    d.us(0x00280100, {s.bits_allocated})
        .us(0x00280101, {s.bits_stored})
        .us(0x00280102, {s.high_bit})
        .us(0x00280103, {s.is_signed ? 1 : 0});
    d.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2")
        .text(0x00080018, "UI", "1.2.3")
        .text(0x00080060, "CS", "CT");
    d.encapsulated(dicom_data::pixel_data, fragments);
    const auto voxels = static_cast<std::size_t>(s.rows * s.columns * s.frames);
    const auto layout = decoder_.decode(
        dicom_file_bytes(d, "1.2.840.10008.5.1.4.1.1.2", "1.2.3", "DIFFAM", s.transfer_syntax), voxels * 4,
        decoded_);
    if (layout.bytes == 0)
      bad_data(s.name, "PixelData", "voxels that GDCM decodes",
               "damaged ones, or transfer syntax " + in_quotes(s.transfer_syntax));
    if (layout.bytes != voxels * static_cast<std::size_t>(layout.bits_allocated) / 8)
      bad_data(s.name, "PixelData", text(voxels) + " voxels", text(layout.bytes) + " bytes");
    allocate(s, layout.bits_allocated);
    shift_ = std::clamp(layout.high_bit + 1 - layout.bits_stored, 0, layout.bits_allocated - 1);
    pixels_ = {decoded_.data(), decoded_.size()};
  }

  template <class T>
  void unpack(const dicom_slice& s, const char* from, std::span<double> to) const {
    const double low = s.padding ? std::min(*s.padding, s.padding_end.value_or(*s.padding)) : 1,
                 high = s.padding ? std::max(*s.padding, s.padding_end.value_or(*s.padding)) : 0;
    const std::int64_t range = std::int64_t{1} << s.bits_stored, top = range / 2;
    const bool swapped = file_.encoding.big && decoded_.empty();
    for (double& v : to) {
      char bytes[sizeof(T)];
      std::copy_n(from, sizeof(T), bytes);
      if (swapped) std::reverse(bytes, bytes + sizeof(T));
      T stored = 0;
      for (std::size_t k = 0; k < sizeof(T); ++k)
        stored = static_cast<T>(
            stored | static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[k])) << (8 * k)));
      from += sizeof(T);
      std::int64_t x = (static_cast<std::int64_t>(stored) >> shift_) & (range - 1);
      if (s.is_signed && x >= top) x -= range;
      const auto value = static_cast<double>(x);
      v = value >= low && value <= high ? std::numeric_limits<double>::quiet_NaN()
                                        : s.slope * value + s.intercept;
    }
  }

  dicom_files& files_;
  gdcm_decoder decoder_;
  dicom_document file_;
  std::vector<char> decoded_;
  std::string_view pixels_;
  std::size_t source_ = 0;
  int bits_allocated_ = 0, shift_ = 0;
  bool loaded_ = false;
};

}  // namespace diffam::io::detail
