// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Encodes DICOM data sets: explicit VR little endian, sequences and items of defined length (DICOM
// PS3.5, 7.1.2 and 7.5).
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diffam/core/config.hpp"
#include "diffam/io/message.hpp"

namespace diffam::io::detail {

/// A data set: elements by their tags (group << 16 | element), and their bytes in order.
class dicom_set {
 public:
  /// A text value; `vr` like "LO". Odd lengths are padded.
  dicom_set& text(std::uint32_t tag, std::string_view vr, std::string value) {
    if (value.size() % 2 != 0) value += vr == "UI" ? '\0' : ' ';
    return put(tag, vr, std::move(value));
  }
  dicom_set& us(std::uint32_t tag, std::initializer_list<int> values) {
    std::string bytes;
    for (const int v : values) bytes += little(static_cast<std::uint64_t>(v), 2);
    return put(tag, "US", bytes);
  }
  dicom_set& ul(std::uint32_t tag, std::initializer_list<index_t> values) {
    std::string bytes;
    for (const index_t v : values) bytes += little(static_cast<std::uint64_t>(v), 4);
    return put(tag, "UL", bytes);
  }
  /// Tags as values.
  dicom_set& at(std::uint32_t tag, std::uint32_t value) {
    return put(tag, "AT", little(value >> 16, 2) + little(value & 0xffff, 2));
  }
  /// Decimal numbers of at most 16 characters each.
  dicom_set& ds(std::uint32_t tag, const std::vector<double>& values) {
    std::string all;
    for (const double v : values) {
      if (!all.empty()) all += '\\';
      all += decimal(v);
    }
    return text(tag, "DS", all);
  }
  dicom_set& sequence(std::uint32_t tag, const std::vector<dicom_set>& items) {
    std::string bytes;
    for (const auto& item : items) {
      const std::string body = item.bytes();
      bytes += little(0xfffe, 2) + little(0xe000, 2) + little(body.size(), 4);
      bytes += body;
    }
    return put(tag, "SQ", std::move(bytes));
  }
  dicom_set& put(std::uint32_t tag, std::string_view vr, std::string bytes) {
    elements_[tag] = {std::string(vr), std::move(bytes)};
    return *this;
  }

  /// Compressed pixels: their fragments, as they are in a file.
  dicom_set& encapsulated(std::uint32_t tag, std::string_view fragments) {
    std::string all = little(tag >> 16, 2) + little(tag & 0xffff, 2) + "OB" + std::string(2, '\0');
    all += little(0xffffffff, 4);
    all += fragments;
    all += little(0xfffe, 2) + little(0xe0dd, 2) + little(0, 4);
    return put(tag, "", std::move(all));
  }

  std::string bytes() const {
    std::string out;
    for (const auto& [tag, element] : elements_) {
      const auto& [vr, value] = element;
      if (vr.empty()) {  // with its head already
        out += value;
        continue;
      }
      out += little(tag >> 16, 2) + little(tag & 0xffff, 2) + vr;
      const bool is_long = vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UN" || vr == "UT";
      out += is_long ? std::string(2, '\0') + little(value.size(), 4) : little(value.size(), 2);
      out += value;
    }
    return out;
  }

  /// A number with at most 16 characters, as DS asks.
  static std::string decimal(double v) {
    char buffer[40];
    for (int digits = 16; digits > 0; --digits) {
      const auto end =
          std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::general, digits).ptr;
      if (end - buffer <= 16) return {buffer, end};
    }
    return "0";
  }
  static std::string little(std::uint64_t value, int width) {
    std::string out;
    for (int k = 0; k < width; ++k) out += static_cast<char>(value >> (8 * k) & 0xff);
    return out;
  }

 private:
  std::map<std::uint32_t, std::pair<std::string, std::string>> elements_;
};

/// A file with its preamble and meta information.
inline std::string dicom_file_bytes(const dicom_set& data, const std::string& sop_class,
                                    const std::string& instance, const std::string& implementation,
                                    const std::string& transfer_syntax = "1.2.840.10008.1.2.1") {
  dicom_set meta;
  meta.put(0x00020001, "OB", std::string("\0\1", 2))
      .text(0x00020002, "UI", sop_class)
      .text(0x00020003, "UI", instance)
      .text(0x00020010, "UI", transfer_syntax)
      .text(0x00020012, "UI", "2.25.278230347520411906253391062421586473957")
      .text(0x00020013, "SH", implementation);
  const std::string rest = meta.bytes();
  dicom_set length;
  length.ul(0x00020000, {static_cast<index_t>(rest.size())});
  return std::string(128, '\0') + "DICM" + length.bytes() + rest + data.bytes();
}

}  // namespace diffam::io::detail
