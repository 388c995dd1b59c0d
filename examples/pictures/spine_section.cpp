// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Samples the CT on the curved section, and intersects the section with meshes.
#include "spine_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace diffam::program {

namespace {

constexpr colour nothing{14, 16, 24};  // colour outside the CT

/// Maps world positions to voxel indices, with the inverse computed once.
struct index_map {
  explicit index_map(const grid& g) : inverse_axes(inverse(g.axes)), origin(g.origin) {}
  vec3<double> operator()(const vec3<double>& p) const { return inverse_axes * (p - origin); }
  mat3<double> inverse_axes;
  vec3<double> origin;
};

/// Trilinear value at a voxel index; empty outside of the volume, or where a voxel is not kept.
std::optional<double> sample(const volume_view<float>& v, const vec3<double>& index) {
  std::array<index_t, 3> low{}, high{};
  std::array<double, 3> t{};
  for (int a = 0; a < 3; ++a) {
    const auto k = static_cast<std::size_t>(a);
    const double last = static_cast<double>(v.geometry.size[a] - 1);
    if (!(index[a] >= -0.5 && index[a] <= last + 0.5)) return std::nullopt;
    const double inside = std::clamp(index[a], 0.0, last);
    low[k] = static_cast<index_t>(inside);
    high[k] = std::min(low[k] + 1, v.geometry.size[a] - 1);
    t[k] = inside - static_cast<double>(low[k]);
  }
  double sum = 0;
  for (unsigned corner = 0; corner < 8; ++corner) {
    double weight = 1;
    std::array<index_t, 3> at{};
    for (std::size_t k = 0; k < 3; ++k) {
      const bool up = (corner >> k & 1u) != 0;
      at[k] = up ? high[k] : low[k];
      weight *= up ? t[k] : 1 - t[k];
    }
    if (weight <= 0) continue;
    if (!v.kept.has(at[0], at[1], at[2])) return std::nullopt;
    sum += weight * static_cast<double>(v.at(at[0], at[1], at[2]));
  }
  return sum;
}

int nearest_label(const volume_view<std::uint8_t>& v, const vec3<double>& index) {
  std::array<index_t, 3> at{};
  for (int a = 0; a < 3; ++a) {
    if (!(index[a] >= -0.5 && index[a] < static_cast<double>(v.geometry.size[a]) - 0.5)) return 0;
    at[static_cast<std::size_t>(a)] = static_cast<index_t>(std::lround(index[a]));
  }
  return v.kept.has(at[0], at[1], at[2]) ? v.at(at[0], at[1], at[2]) : 0;
}

}  // namespace

spine_section::spine_section(section_kind kind, const spine_curve& curve, const section_frame& frame,
                             double scale)
    : kind_(kind), curve_(curve), frame_(frame), scale_(scale) {}

index_t spine_section::pixel_width() const {
  return std::max<index_t>(1, std::lround(frame_.width() * scale_));
}

index_t spine_section::pixel_height() const {
  return std::max<index_t>(1, std::lround(frame_.height() * scale_));
}

vec3<double> spine_section::world(double x, double y) const {
  const double z = frame_.highest - (y + 0.5) / scale_;
  const double along = (x + 0.5) / scale_;
  vec3<double> p{0, 0, z};
  p[across()] = frame_.last_across - along;
  p[through()] = curve_.at(through(), z);
  return p;
}

vec<double, 2> spine_section::pixel(const vec3<double>& p) const {
  return {(frame_.last_across - p[across()]) * scale_ - 0.5, (frame_.highest - p[2]) * scale_ - 0.5};
}

canvas spine_section::picture(const volume_view<float>& ct, const intensity_window& window) const {
  canvas out(pixel_width(), pixel_height(), nothing);
  const index_map to_index(ct.geometry);
  for (index_t y = 0; y < out.height(); ++y)
    for (index_t x = 0; x < out.width(); ++x) {
      const auto hu = sample(ct, to_index(world(static_cast<double>(x), static_cast<double>(y))));
      if (!hu) continue;
      const double level = std::clamp((*hu - window.black) / (window.white - window.black), 0.0, 1.0);
      const auto g = static_cast<std::uint8_t>(std::lround(255 * level));
      out.mix(x, y, {g, g, g}, 1);
    }
  return out;
}

void spine_section::tint(canvas& to, const volume_view<std::uint8_t>& labels, double opacity) const {
  const index_map to_index(labels.geometry);
  for (index_t y = 0; y < to.height(); ++y)
    for (index_t x = 0; x < to.width(); ++x) {
      const int label =
          nearest_label(labels, to_index(world(static_cast<double>(x), static_cast<double>(y))));
      if (label > 0) to.mix(x, y, label_colour(label), opacity);
    }
}

void spine_section::contour(canvas& to, const triangle_mesh<double>& mesh, double thickness, colour c) const {
  std::vector<double> side;  // mm from the section, for each vertex
  side.reserve(mesh.vertices.size());
  for (const auto& v : mesh.vertices) side.push_back(v[through()] - curve_.at(through(), v[2]));
  for (const auto& f : mesh.faces) {
    std::array<vec<double, 2>, 3> cut{};
    std::size_t cuts = 0;
    for (int k = 0; k < 3; ++k) {
      const auto a = static_cast<std::size_t>(f[k]), b = static_cast<std::size_t>(f[(k + 1) % 3]);
      if ((side[a] < 0) == (side[b] < 0)) continue;
      const double t = side[a] / (side[a] - side[b]);
      cut[cuts++] = pixel(mesh.vertices[a] + t * (mesh.vertices[b] - mesh.vertices[a]));
    }
    if (cuts == 2) to.line(cut[0][0], cut[0][1], cut[1][0], cut[1][1], thickness, c);
  }
}

void draw_scale_bar(canvas& to, double scale) {
  const double length = static_cast<double>(to.height()) > 80 * scale ? 50 : 10;  // mm
  const double x = static_cast<double>(to.width()) - 14, y = static_cast<double>(to.height()) - 14;
  to.line(x - length * scale, y, x, y, 5, black, 0.7);
  to.line(x - length * scale, y, x, y, 3, white);
  const std::string text = std::to_string(static_cast<int>(length)) + " mm";
  to.outlined_text(x - text_width(text, 2), y - 22, text, 2, white);
}

section_frame frame_around(section_kind kind, const spine_curve& curve, const grid& ct) {
  const int across = kind == section_kind::sagittal ? 1 : 0;
  vec3<double> least{1e30, 1e30, 1e30}, most{-1e30, -1e30, -1e30};
  for (unsigned corner = 0; corner < 8; ++corner) {
    vec3<double> index{};
    for (int a = 0; a < 3; ++a)
      index[a] = (corner >> a & 1u) != 0 ? static_cast<double>(ct.size[a]) - 0.5 : -0.5;
    const vec3<double> p = ct.to_world(index);
    for (int a = 0; a < 3; ++a) {
      least[a] = std::min(least[a], p[a]);
      most[a] = std::max(most[a], p[a]);
    }
  }
  section_frame f;
  f.lowest = std::max(least[2], curve.lowest() - 60);
  f.highest = std::min(most[2], curve.highest() + 60);
  double low = 1e30, high = -1e30;
  for (double z = curve.lowest(); z <= curve.highest(); z += 1) {
    low = std::min(low, curve.at(across, z));
    high = std::max(high, curve.at(across, z));
  }
  const double before = kind == section_kind::sagittal ? 85 : 70;  // posterior; left
  const double after = kind == section_kind::sagittal ? 55 : 70;   // anterior; right
  f.first_across = std::max(least[across], low - before);
  f.last_across = std::min(most[across], high + after);
  return f;
}

world_box bounds_of(section_kind kind, const spine_curve& curve, const section_frame& frame) {
  const int across = kind == section_kind::sagittal ? 1 : 0, through = 1 - across;
  world_box out;
  const auto steps = static_cast<index_t>(std::ceil(std::max(frame.height(), 0.0)));
  for (index_t n = 0; n <= steps; ++n) {
    vec3<double> p{0, 0, std::min(frame.lowest + static_cast<double>(n), frame.highest)};
    p[through] = curve.at(through, p[2]);
    for (const double x : {frame.first_across, frame.last_across}) {
      p[across] = x;
      out.add(p);
    }
  }
  return out;
}

}  // namespace diffam::program
