// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The geometry of a NIfTI file from its sform, its qform or its voxel sizes.
#include "hostile_nifti.hpp"

using namespace diffam;
using test::accept;
using test::nan_f;
using test::raw_nifti;
using test::refuse;
using test::require_error;

TEST_CASE("invalid quaternions are refused", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti q;
  q.set<std::int16_t>(raw_nifti::sform_code, 0).set<std::int16_t>(raw_nifti::qform_code, 1);
  CHECK(accept(folder, q.bytes()).image.geometry.axes(0, 0) == 1);
  q.set(raw_nifti::quatern, 1.0001f);
  refuse(folder, q.bytes(), "qform: expected a rotation");
  q.set(raw_nifti::quatern, nan_f);
  refuse(folder, q.bytes(), "qform");
  // With a valid sform, an invalid qform gives only a warning.
  q.set<std::int16_t>(raw_nifti::sform_code, 1);
  accept(folder, q.bytes(), "qform: is not valid");
}

TEST_CASE("a header without sform and qform gives a warning", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti none;
  none.set<std::int16_t>(raw_nifti::sform_code, 0).set(raw_nifti::pixdim + 8, 2.5f);
  const grid g = accept(folder, none.bytes(), "are both 0").image.geometry;
  CHECK(g.to_world({1, 1, 1}) == vec3<double>{1, 2.5, 1});
}

TEST_CASE("a warning names the used form where sform and qform disagree", "[io][nifti]") {
  const test::scratch_folder folder;
  raw_nifti both;
  both.set<std::int16_t>(raw_nifti::qform_code, 1);
  CHECK(accept(folder, both.bytes(), "the sform is used").image.geometry.axes(0, 0) == -2);
  const io::path file = folder.put("in.nii", both.bytes());
  io::warning_list warnings;
  CHECK(io::read_nifti(file, warnings, {.form = io::nifti_form::qform}).image.geometry.axes(0, 0) == 1);
  CHECK(test::has_warning(warnings, "the qform is used"));
  CHECK(io::read_nifti(file, warnings, {.form = io::nifti_form::sform}).image.geometry.axes(0, 0) == -2);
  both.set<std::int16_t>(raw_nifti::qform_code, 0);
  folder.put("in.nii", both.bytes());
  require_error(error_kind::bad_data, "qform_code: expected the qform that was asked for",
                [&] { io::read_nifti_header(file, warnings, io::nifti_form::qform); });
}
