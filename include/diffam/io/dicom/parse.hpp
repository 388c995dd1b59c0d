// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Parses DICOM data sets (DICOM PS3.5, 7): explicit and implicit, little and big endian, nested sequences.
// Our own, since GDCM's parser ends the process on damaged files. Values are views of the bytes, which must
// live longer.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>

#include "diffam/io/text/scan.hpp"

namespace diffam::io::detail {

struct dicom_encoding {
  bool is_explicit = true, big = false;
};

enum class parse_end { whole, cut, damaged };  // cut: the bytes end within an element

/// A data set.
class dicom_data {
 public:
  struct element {
    std::string_view vr, value;  // vr: empty where it is implicit
    bool undefined_length = false;
  };
  static constexpr std::uint32_t pixel_data = 0x7fe00010;

  dicom_data(dicom_encoding encoding = {}) : encoding_(encoding) {}

  /// Reads elements from the start of `rest` and removes them from it: to its end, or to the end of an item
  /// of undefined length (`in_item`), or to the pixels (`to_pixels`), or to the end of group 2 (`meta`).
  parse_end parse(std::string_view& rest, bool in_item = false, bool to_pixels = false, bool meta = false,
                  int depth = 0) {
    while (!rest.empty()) {
      if (rest.size() < 8) return parse_end::cut;
      const std::uint32_t tag = tag_at(rest);
      if (meta && tag >> 16 != 2) return parse_end::whole;
      if (to_pixels && tag >= pixel_data) return parse_end::whole;
      if (tag == 0xfffee00d) {
        rest.remove_prefix(8);
        return in_item ? parse_end::whole : parse_end::damaged;
      }
      if (tag >> 16 == 0xfffe) return parse_end::damaged;
      element e;
      std::size_t head = 8;
      std::uint64_t length = 0;
      bool cut = false;
      if (encoding_.is_explicit) {
        e.vr = rest.substr(4, 2);
        if (e.vr[0] < 'A' || e.vr[0] > 'Z' || e.vr[1] < 'A' || e.vr[1] > 'Z') return parse_end::damaged;
        if (is_long(e.vr)) {
          if (rest.size() < 12) return parse_end::cut;
          head = 12;
          length = number_at(rest.substr(8), 4);
        } else {
          length = number_at(rest.substr(6), 2);
        }
      } else {
        length = number_at(rest.substr(4), 4);
      }
      rest.remove_prefix(head);
      e.undefined_length = length == 0xffffffff;
      if (e.undefined_length) {
        std::string_view after = rest;
        const bool fragments = tag == pixel_data, implicit = e.vr == "UN" && !fragments;
        const parse_end end = dicom_data(implicit ? dicom_encoding{false, false} : encoding_)
                                  .skip_items(after, fragments, depth + 1);
        if (end != parse_end::whole) return end;
        length = rest.size() - after.size() - 8;  // without the delimiter
        e.value = rest.substr(0, length);
        rest = after;
      } else {
        e.value = rest.substr(0, length);
        cut = e.value.size() < length;
        if (cut && tag != pixel_data) return parse_end::cut;
        rest.remove_prefix(e.value.size());
      }
      elements_.emplace(tag, e);
      if (cut) return parse_end::cut;  // with the pixels that there are
    }
    return in_item ? parse_end::cut : parse_end::whole;
  }

  const element* find(std::uint16_t group, std::uint16_t number) const {
    const auto at = elements_.find(static_cast<std::uint32_t>(group) << 16 | number);
    return at == elements_.end() ? nullptr : &at->second;
  }
  bool has(std::uint16_t group, std::uint16_t number) const { return find(group, number) != nullptr; }
  /// The bytes of an element; empty if it is missing.
  std::string_view bytes(std::uint16_t group, std::uint16_t number) const {
    const element* e = find(group, number);
    return e == nullptr ? std::string_view() : e->value;
  }
  /// Without the padding of its end.
  std::string text(std::uint16_t group, std::uint16_t number) const {
    std::string_view s = bytes(group, number);
    while (!s.empty() && s.back() == '\0') s.remove_suffix(1);
    return printable(trimmed(s), 1000);
  }
  /// Decimal numbers with "\" between them; none where one is no finite number.
  std::vector<double> decimals(std::uint16_t group, std::uint16_t number) const {
    std::vector<double> out;
    const std::string all = text(group, number);
    for (std::string_view rest = all; !all.empty();) {
      const std::size_t end = rest.find('\\');
      const auto value = parse_number<double>(trimmed(rest.substr(0, end)));
      if (!value || !std::isfinite(*value)) return {};
      out.push_back(*value);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
    return out;
  }
  /// A 16-bit number (US or SS), or `otherwise`.
  int number(std::uint16_t group, std::uint16_t element_number, int otherwise = 0) const {
    const std::string_view b = bytes(group, element_number);
    return b.size() < 2 ? otherwise : static_cast<int>(number_at(b, 2));
  }
  /// The items of a sequence; those before the first damaged one.
  std::vector<dicom_data> items(std::uint16_t group, std::uint16_t number, int depth = 0) const {
    std::vector<dicom_data> out;
    const element* e = find(group, number);
    if (e == nullptr) return out;
    std::string_view rest = e->value;
    const dicom_encoding inner = e->vr == "UN" ? dicom_encoding{false, false} : encoding_;
    while (rest.size() >= 8 && dicom_data(inner).tag_at(rest) == 0xfffee000) {
      const std::uint64_t length = dicom_data(inner).number_at(rest.substr(4), 4);
      rest.remove_prefix(8);
      const bool undefined = length == 0xffffffff;
      if (!undefined && length > rest.size()) break;
      std::string_view body = undefined ? rest : rest.substr(0, length);
      dicom_data item(inner);
      if (item.parse(body, undefined, false, false, depth + 1) != parse_end::whole) break;
      out.push_back(std::move(item));
      rest = undefined ? body : rest.substr(length);
    }
    return out;
  }

 private:
  static bool is_long(std::string_view vr) {
    constexpr std::string_view all = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";
    const std::size_t at = all.find(vr);
    return at != std::string_view::npos && at % 3 == 0;
  }
  std::uint64_t number_at(std::string_view b, int width) const {
    std::uint64_t value = 0;
    for (int k = 0; k < width; ++k) {
      const int shift = 8 * (encoding_.big ? width - 1 - k : k);
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(b[static_cast<std::size_t>(k)]))
               << shift;
    }
    return value;
  }
  std::uint32_t tag_at(std::string_view b) const {
    return static_cast<std::uint32_t>(number_at(b, 2) << 16 | number_at(b.substr(2), 2));
  }
  /// Removes the items of a sequence of undefined length and the delimiter behind them. The items of
  /// compressed pixels are `fragments`: they are no data sets, and each has a length.
  parse_end skip_items(std::string_view& rest, bool fragments, int depth) const {
    if (depth > 16) return parse_end::damaged;
    while (rest.size() >= 8) {
      const std::uint32_t tag = tag_at(rest);
      const std::uint64_t length = number_at(rest.substr(4), 4);
      rest.remove_prefix(8);
      if (tag == 0xfffee0dd) return parse_end::whole;
      if (tag != 0xfffee000) return parse_end::damaged;
      if (length == 0xffffffff && !fragments) {
        if (const parse_end end = dicom_data(encoding_).parse(rest, true, false, false, depth);
            end != parse_end::whole)
          return end;
      } else {
        if (length > rest.size()) return parse_end::cut;
        rest.remove_prefix(length);
      }
    }
    return parse_end::cut;
  }

  dicom_encoding encoding_;
  std::map<std::uint32_t, element> elements_;
};

}  // namespace diffam::io::detail
