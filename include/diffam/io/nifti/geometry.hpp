// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The geometry of a volume from its NIfTI header. The sform is used if its code is positive, otherwise the
// qform if its code is positive, otherwise only the voxel sizes (nifti1.h, "3D image orientation and location
// in space").
#pragma once

#include <cmath>
#include <optional>

#include "diffam/image/grid.hpp"
#include "diffam/io/message.hpp"
#include "diffam/io/nifti/fields.hpp"
#include "diffam/io/nifti/form.hpp"

namespace diffam::io {

namespace detail {

/// Limits of a voxel size in mm. A size outside of them means that the header is damaged.
inline constexpr double least_spacing = 1e-4, largest_spacing = 1e3;
/// Sform and qform disagree if they put a corner of the volume farther apart than this (mm).
inline constexpr double form_disagreement = 0.01;

/// Maps voxel indices to world mm: axes * index + origin.
struct nifti_affine {
  mat3<double> axes;
  vec3<double> origin;
};

/// mm per unit of the header's coordinates.
inline double unit_length(const nifti_bytes& h, const path& file, warning_list& warnings) {
  const auto code = h.integer(h.layout->units) & 7;
  if (code != 1 && code != 3) return 1;  // mm, unknown, or an undefined code
  warnings.push_back(about(file, "xyzt_units") + "lengths are in " + (code == 1 ? "metres" : "micrometres") +
                     "; converted to mm");
  return code == 1 ? 1e3 : 1e-3;
}

/// The voxel sizes of pixdim in mm. The qform and a volume without forms need them; a volume with an sform
/// (`needed` is false) is read without them, with a warning and no result.
inline std::optional<vec3<double>> voxel_sizes(const nifti_bytes& h, double unit, bool needed,
                                               const path& file, warning_list& warnings) {
  vec3<double> size{};
  bool sound = true;
  for (int a = 0; a < 3; ++a) {
    const double p = h.number(h.layout->pixdim, a + 1);
    size[a] = std::abs(p) * unit;
    const std::string field = "pixdim[" + text(a + 1) + "]";
    if (!(size[a] >= least_spacing && size[a] <= largest_spacing)) {
      if (needed) bad_data(file, field, "a voxel size of 0.0001 to 1000 mm", text(p));
      warnings.push_back(about(file, field) + "is " + text(p) + ", no voxel size; the sform is used");
      sound = false;
    } else if (p < 0) {
      warnings.push_back(about(file, field) + "is negative; its magnitude is used");
    }
  }
  return sound ? std::optional(size) : std::nullopt;
}

/// The sform in mm.
inline nifti_affine sform(const nifti_bytes& h, double unit) {
  nifti_affine f{};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) f.axes(r, c) = unit * h.number(h.layout->srow, 4 * r + c);
    f.origin[r] = unit * h.number(h.layout->srow, 4 * r + 3);
  }
  return f;
}

/// Why an affine map cannot be used; nothing if it can.
inline std::optional<std::string> affine_fault(const nifti_affine& f) {
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c)
      if (!std::isfinite(f.axes(r, c)) || !std::isfinite(f.origin[r])) return "a number that is not finite";
  const mat3<double> t = transpose(f.axes);
  double volume = 1;
  for (int a = 0; a < 3; ++a) {
    const double length = norm(t.row[a]);
    if (!(length >= least_spacing && length <= largest_spacing))
      return "a voxel size of " + text(length) + " mm along axis " + text(a + 1);
    volume *= length;
  }
  if (!(std::abs(determinant(f.axes)) > 1e-6 * volume)) return "a singular one";
  return {};
}

/// The qform: the rotation of a unit quaternion (nifti1.h, method 2) with scaled columns, the third one
/// reflected where the header says so. Returns nothing and sets `fault` where the quaternion or the result is
/// not valid.
inline std::optional<nifti_affine> qform(const nifti_bytes& h, const vec3<double>& size, double unit,
                                         std::string& fault) {
  const double b = h.number(h.layout->quatern, 0), c = h.number(h.layout->quatern, 1),
               d = h.number(h.layout->quatern, 2), qfac = h.number(h.layout->pixdim, 0);
  const double square = b * b + c * c + d * d;
  if (!(square <= 1 + 1e-5)) {  // rounding to float can lift a half turn slightly above 1
    fault = "b^2 + c^2 + d^2 = " + text(square);
    return {};
  }
  const bool half_turn = 1 - square < 1e-7;  // as in nifti1_io: what is left of w is the rounding of b, c, d
  const double s = half_turn ? 1 / std::sqrt(square) : 1, x = s * b, y = s * c, z = s * d;
  const double w = half_turn ? 0 : std::sqrt(1 - square);
  nifti_affine f{{{{w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)},
                   {2 * (x * y + w * z), w * w + y * y - x * x - z * z, 2 * (y * z - w * x)},
                   {2 * (x * z - w * y), 2 * (y * z + w * x), w * w + z * z - x * x - y * y}}},
                 {}};
  for (int r = 0; r < 3; ++r) {
    f.axes(r, 0) *= size[0];
    f.axes(r, 1) *= size[1];
    f.axes(r, 2) *= qfac < 0 ? -size[2] : size[2];
    f.origin[r] = unit * h.number(h.layout->qoffset, r);
  }
  if (const auto affine = affine_fault(f)) {
    fault = *affine;
    return {};
  }
  return f;
}

/// The largest distance in mm between the places of a corner of the volume in two maps.
inline double corner_distance(const nifti_affine& a, const nifti_affine& b, const vec<index_t, 3>& n) {
  double worst = 0;
  for (int corner = 0; corner < 8; ++corner) {
    vec3<double> x{};
    for (int k = 0; k < 3; ++k) x[k] = (corner >> k & 1) != 0 ? static_cast<double>(n[k] - 1) : 0.0;
    worst = std::max(worst, norm((a.axes * x + a.origin) - (b.axes * x + b.origin)));
  }
  return worst;
}

/// The grid of a volume of size `n`, in RAS mm. Adds problems of the forms to `warnings`. Throws `error`
/// (bad_data) where the form to be used is not valid or, if one was asked for, not set.
inline grid nifti_grid(const nifti_bytes& h, const vec<index_t, 3>& n, nifti_form wanted, const path& file,
                       warning_list& warnings) {
  const double unit = unit_length(h, file, warnings);
  const bool has_s = h.integer(h.layout->sform_code) > 0, has_q = h.integer(h.layout->qform_code) > 0;
  const bool use_s = has_s && wanted != nifti_form::qform;
  const char* name = wanted == nifti_form::sform ? "sform" : "qform";
  if (wanted != nifti_form::standard && !(wanted == nifti_form::sform ? has_s : has_q))
    bad_data(file, std::string(name) + "_code", std::string("the ") + name + " that was asked for",
             "0: it is not set");
  const auto size = voxel_sizes(h, unit, !use_s, file, warnings);
  std::string fault = "its voxel sizes";
  const auto q = has_q && size ? qform(h, *size, unit, fault) : std::nullopt;
  const nifti_affine s = sform(h, unit);
  const auto s_fault = has_s ? affine_fault(s) : std::nullopt;
  const char* other = use_s ? "qform" : "sform";
  const std::string used = std::string("; the ") + (use_s ? "sform" : "qform") + " is used";
  if (use_s && s_fault) bad_data(file, "sform", "an invertible map", *s_fault);
  if (!use_s && has_q && !q) bad_data(file, "qform", "a rotation", fault);
  if (has_s && has_q) {
    if (use_s ? !q : s_fault.has_value())
      warnings.push_back(about(file, other) + "is not valid (" + (use_s ? fault : *s_fault) + ")" + used);
    else if (const double apart = corner_distance(s, *q, n); apart > form_disagreement)
      warnings.push_back(about(file, "sform and qform") + "differ by " + text(std::round(apart * 100) / 100) +
                         " mm at a corner" + used);
  }
  if (use_s) return {n, s.axes, s.origin};
  if (has_q) return {n, q->axes, q->origin};
  warnings.push_back(
      about(file, "sform_code and qform_code") +
      "are both 0: the file does not state which side is left; only the voxel sizes are used, and "
      "the image may be mirrored");
  return {n, {{{(*size)[0], 0, 0}, {0, (*size)[1], 0}, {0, 0, (*size)[2]}}}, {}};
}

}  // namespace detail
}  // namespace diffam::io
