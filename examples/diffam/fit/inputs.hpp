// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The inputs of a fit: CT, centres, templates. All are read and checked before the fit begins.
#pragma once

#include "diffam/image/volume_part.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/template.hpp"
#include "fit/arguments.hpp"
#include "whole_ct.hpp"

namespace diffam::program {

/// The vertebrae of a fit, and the header of their CT.
struct fit_case {
  io::nifti_header header;
  spine::centroid_list centres;  // from head to foot
  std::vector<std::string> warnings;

  std::vector<std::string> names() const;  // "L1", ...
};

/// All inputs of a fit.
struct fit_inputs : fit_case {
  spine::template_set templates;
  volume_part<float> ct;  // HU, the voxels that are needed; empty until read_ct
};

/// Reads the header of the CT and the centres; takes almost no time. Throws `error`.
fit_case read_case(const fit_arguments& a);

/// Adds the templates, read or built in; takes some tenths of a second. Throws `error`.
fit_inputs with_templates(const fit_arguments& a, fit_case c);

/// Reads the voxels that the fit or the pictures need, or takes them from the `whole` CT where a search has
/// read it; in a long scan these are a small part. Throws `error`, also where `spine::plan_fit` does.
void read_ct(const fit_arguments& a, const spine::fit_options& options, fit_inputs& in,
             const std::optional<whole_ct>& whole);

/// The number of a vertebra in the mask; nothing where the numbering has no number for it.
std::optional<int> mask_value(int label, io::label_numbering numbering);

}  // namespace diffam::program
