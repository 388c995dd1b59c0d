// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A mask as DICOM Segmentation (DICOM PS3.3, A.51, C.8.20): one bit a voxel, one frame for each vertebra and
// slice, at the positions of the slices of its series. Patient and study are copied from the series, as the
// standard asks.
#pragma once

#include <ctime>
#include <random>

#include "diffam/image/volume_part.hpp"
#include "diffam/io/dicom/encode.hpp"
#include "diffam/io/dicom/stream.hpp"
#include "diffam/io/segments/codes.hpp"
#include "diffam/version.hpp"

namespace diffam::io {
namespace detail {

/// A new UID: "2.25." and a random number of 122 bits (DICOM PS3.5, B.2).
inline std::string new_uid() {
  std::random_device random;
  unsigned __int128 n = 0;
  for (int k = 0; k < 4; ++k) n = n << 32 | static_cast<std::uint32_t>(random());
  n &= (static_cast<unsigned __int128>(1) << 122) - 1;
  std::string digits;
  for (; n > 0; n /= 10) digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(n % 10)));
  return "2.25." + (digits.empty() ? "0" : digits);
}

/// The item of a code sequence.
inline dicom_set code_item(std::string_view value, std::string_view scheme, std::string_view meaning) {
  dicom_set out;
  out.text(0x00080100, "SH", std::string(value))
      .text(0x00080102, "SH", std::string(scheme))
      .text(0x00080104, "LO", std::string(meaning));
  return out;
}

/// sRGB as CIELab in the 16-bit numbers of DICOM (PS3.3, C.10.7.1.1).
inline std::array<int, 3> dicom_lab(const std::array<std::uint8_t, 3>& colour) {
  double rgb[3], f[3];
  for (std::size_t k = 0; k < 3; ++k) {
    const double c = colour[k] / 255.0;
    rgb[k] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  constexpr double m[3][3] = {{0.4360747, 0.3850649, 0.1430804},
                              {0.2225045, 0.7168786, 0.0606169},
                              {0.0139322, 0.0971045, 0.7141733}};
  constexpr double white[3] = {0.96422, 1, 0.82521};  // D50
  for (int k = 0; k < 3; ++k) {
    const double t = (m[k][0] * rgb[0] + m[k][1] * rgb[1] + m[k][2] * rgb[2]) / white[k];
    f[k] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }
  const auto word = [](double v, double low, double range) {
    return static_cast<int>(std::lround(std::clamp((v - low) / range, 0.0, 1.0) * 65535));
  };
  return {word(116 * f[1] - 16, 0, 100), word(500 * (f[0] - f[1]), -128, 255),
          word(200 * (f[1] - f[2]), -128, 255)};
}

/// Patient and study of a series.
inline void copy_patient(const dicom_data& from, dicom_set& to) {
  constexpr std::pair<std::uint32_t, std::string_view> copied[] = {
      {0x00080005, "CS"}, {0x00080020, "DA"}, {0x00080030, "TM"}, {0x00080050, "SH"}, {0x00080090, "PN"},
      {0x00081030, "LO"}, {0x00100010, "PN"}, {0x00100020, "LO"}, {0x00100030, "DA"}, {0x00100040, "CS"},
      {0x00101010, "AS"}, {0x0020000d, "UI"}, {0x00200010, "SH"}, {0x00200052, "UI"}};
  for (const auto& [tag, vr] : copied) {
    const auto group = static_cast<std::uint16_t>(tag >> 16),
               element = static_cast<std::uint16_t>(tag & 0xffff);
    const bool optional = tag == 0x00080005 || tag == 0x00081030 || tag == 0x00101010;
    if (!optional || from.has(group, element)) to.text(tag, vr, std::string(from.bytes(group, element)));
  }
}

/// The segment sequence: name, code, colour and algorithm of each vertebra.
inline std::vector<dicom_set> segment_items(const std::vector<mask_segment>& segments) {
  std::vector<dicom_set> out;
  for (const mask_segment& s : segments) {
    const snomed_code code = snomed_of(s.label);
    const auto lab = dicom_lab(s.colour);
    dicom_set algorithm, item;
    algorithm.sequence(0x0066002f, {code_item("123111", "DCM", "Deformable Models")})
        .text(0x00660036, "LO", "diffam")
        .text(0x00660031, "LO", DIFFAM_VERSION);
    item.us(0x00620004, {static_cast<int>(out.size()) + 1})
        .text(0x00620005, "LO", spine::label_name(s.label))
        .text(0x00620008, "CS", "AUTOMATIC")
        .text(0x00620009, "LO", "diffam " DIFFAM_VERSION)
        .sequence(0x00620007, {algorithm})
        .us(0x0062000d, {lab[0], lab[1], lab[2]})
        .sequence(0x00620003, {code_item(snomed_anatomical_structure, "SCT", "Anatomical Structure")})
        .sequence(0x0062000f, {code_item(code.value, "SCT", code.meaning)});
    out.push_back(std::move(item));
  }
  return out;
}

/// Bits of all frames one after another, the lowest bit of a byte first.
class bit_frames {
 public:
  void add(bool bit) {
    if (count_ % 8 == 0) bytes_ += '\0';
    if (bit)
      bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | 1u << (count_ % 8));
    ++count_;
  }
  std::string bytes() && {
    if (bytes_.size() % 2 != 0) bytes_ += '\0';
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  index_t count_ = 0;
};

inline std::vector<double> numbers(const vec3<double>& x) {
  return {x[0], x[1], x[2]};
}

/// LPS position of the first voxel of slice k, as the series states it.
inline vec3<double> position_of(const dicom_reader& ct, index_t k) {
  const stacked_slice& s = ct.stack().slices[static_cast<std::size_t>(k)];
  if (s.part == 0) return ct.series().slices[s.a].position;
  const vec3<double> x = ct.stack().geometry.to_world(
      {0, static_cast<double>(ct.geometry().size[1] - 1), static_cast<double>(k)});
  return {-x[0], -x[1], x[2]};
}

/// The functional groups of the frame of a segment (number from 1) and of slice k.
inline dicom_set frame_groups(const dicom_reader& ct, int segment, index_t k) {
  dicom_set place, content, identity, out;
  place.ds(0x00200032, numbers(position_of(ct, k)));
  content.ul(0x00209157, {segment, k + 1});
  identity.us(0x0062000b, {segment});
  const stacked_slice& s = ct.stack().slices[static_cast<std::size_t>(k)];
  const dicom_slice& from = ct.series().slices[s.a];
  if (s.part == 0) {
    dicom_set image, derivation;
    image.text(0x00081150, "UI", from.sop_class).text(0x00081155, "UI", from.sop_instance);
    image.sequence(0x0040a170, {code_item("121322", "DCM", "Source image for image processing operation")});
    if (from.frames > 1) image.text(0x00081160, "IS", text(from.frame + 1));
    derivation.sequence(0x00089215, {code_item("113076", "DCM", "Segmentation")})
        .sequence(0x00082112, {image});
    out.sequence(0x00089124, {derivation});
  }
  return out.sequence(0x00209113, {place}).sequence(0x00209111, {content}).sequence(0x0062000a, {identity});
}

}  // namespace detail

/// Writes a mask of the series `ct`. Throws `error`: usage (another size), cannot_create, write_failed,
/// bad_data where the series cannot be read again.
inline void write_dicom_seg(const path& file, const volume_part<std::uint8_t>& labels,
                            const std::vector<mask_segment>& segments, dicom_reader& ct) {
  using detail::dicom_set;
  const grid& g = ct.geometry();
  if (!(labels.geometry.size == g.size))
    throw error("write_dicom_seg: expected a mask of the size of the series");
  const dicom_slice& first = ct.series().first();
  dicom_set d;
  ct.with_header([&](const detail::dicom_data& header) { detail::copy_patient(header, d); });
  if (first.frame_of_reference.empty()) d.text(0x00200052, "UI", detail::new_uid());

  detail::bit_frames bits;
  std::vector<dicom_set> frames;
  const volume_view<std::uint8_t> mask(labels);
  for (std::size_t n = 0; n < segments.size(); ++n)
    for (index_t k = 0; k < g.size[2]; ++k) {
      const std::uint8_t value = segments[n].value;
      bool any = false;
      for (index_t j = mask.kept.first[1];
           mask.kept.has(2, k) && !any && j < mask.kept.first[1] + mask.kept.size[1]; ++j)
        any = std::find(&mask.at(mask.kept.first[0], j, k),
                        &mask.at(mask.kept.first[0], j, k) + mask.kept.size[0],
                        value) != &mask.at(mask.kept.first[0], j, k) + mask.kept.size[0];
      if (!any) continue;
      frames.push_back(detail::frame_groups(ct, static_cast<int>(n) + 1, k));
      for (index_t j = g.size[1] - 1; j >= 0; --j)  // the first row of a slice is the last one of the volume
        for (index_t i = 0; i < g.size[0]; ++i) bits.add(mask.kept.has(i, j, k) && mask.at(i, j, k) == value);
    }
  if (frames.empty())
    throw error(detail::about(file, "mask") + "expected a vertebra, found none", error_kind::bad_data);

  char date[16], time[16];
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::strftime(date, sizeof date, "%Y%m%d", &local);
  std::strftime(time, sizeof time, "%H%M%S", &local);
  const std::string sop_class = "1.2.840.10008.5.1.4.1.1.66.4", instance = detail::new_uid(),
                    organisation = detail::new_uid();
  dicom_set measures, directions, shared, by_segment, by_place, dimension, source;
  const double thickness = norm(ct.stack().geometry.to_world({0, 0, 1}) - ct.stack().geometry.origin) *
                           std::cos(ct.stack().tilt_degrees * 3.14159265358979323846 / 180);
  measures.ds(0x00280030, {first.row_spacing, first.column_spacing})
      .ds(0x00180050, {thickness})
      .ds(0x00180088, {thickness});
  auto cosines = detail::numbers(first.along_row);
  for (const double x : detail::numbers(first.along_column)) cosines.push_back(x);
  directions.ds(0x00200037, cosines);
  shared.sequence(0x00289110, {measures}).sequence(0x00209116, {directions});
  dimension.text(0x00209164, "UI", organisation);
  by_segment.text(0x00209164, "UI", organisation).at(0x00209165, 0x0062000b).at(0x00209167, 0x0062000a);
  by_place.text(0x00209164, "UI", organisation).at(0x00209165, 0x00200032).at(0x00209167, 0x00209113);
  std::vector<dicom_set> instances;
  std::string last;
  for (const dicom_slice& s : ct.series().slices) {
    if (std::exchange(last, s.sop_instance) == s.sop_instance) continue;
    instances.emplace_back().text(0x00081150, "UI", s.sop_class).text(0x00081155, "UI", s.sop_instance);
  }
  source.text(0x0020000e, "UI", first.series).sequence(0x0008114a, instances);

  d.text(0x00080008, "CS", "DERIVED\\PRIMARY")
      .text(0x00080016, "UI", sop_class)
      .text(0x00080018, "UI", instance);
  d.text(0x00080023, "DA", date).text(0x00080033, "TM", time).text(0x00080060, "CS", "SEG");
  d.text(0x00080070, "LO", "diffam").text(0x00081090, "LO", "diffam").text(0x00181000, "LO", "diffam");
  d.text(0x00181020, "LO", DIFFAM_VERSION).text(0x0008103e, "LO", "Vertebrae").sequence(0x00081115, {source});
  d.text(0x0020000e, "UI", detail::new_uid()).text(0x00200011, "IS", "9001").text(0x00200013, "IS", "1");
  d.text(0x00201040, "LO", "").sequence(0x00209221, {dimension}).sequence(0x00209222, {by_segment, by_place});
  d.us(0x00280002, {1})
      .text(0x00280004, "CS", "MONOCHROME2")
      .text(0x00280008, "IS", detail::text(frames.size()));
  d.us(0x00280010, {static_cast<int>(first.rows)}).us(0x00280011, {static_cast<int>(first.columns)});
  d.us(0x00280100, {1})
      .us(0x00280101, {1})
      .us(0x00280102, {0})
      .us(0x00280103, {0})
      .text(0x00282110, "CS", "00");
  d.text(0x00620001, "CS", "BINARY").sequence(0x00620002, detail::segment_items(segments));
  d.text(0x00700080, "CS", "VERTEBRAE").text(0x00700081, "LO", "").text(0x00700084, "PN", "");
  d.sequence(0x52009229, {shared})
      .sequence(0x52009230, frames)
      .put(0x7fe00010, "OB", std::move(bits).bytes());
  write_file(file, detail::dicom_file_bytes(d, sop_class, instance, "DIFFAM"));
}

}  // namespace diffam::io
