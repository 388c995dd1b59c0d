// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a fit reads: the CT, the centres, the templates. Everything is read and checked before work begins.
#pragma once

#include "diffam/image/volume_part.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/template.hpp"
#include "fit/arguments.hpp"

namespace diffam::program {

/// What a fit is of.
struct fit_case {
  io::nifti_header header;
  spine::centroid_list centres;  // from head to foot
  std::vector<std::string> warnings;

  std::vector<std::string> names() const;  // "L1", ...
};

struct fit_inputs : fit_case {
  spine::template_set templates;
  volume_part<float> ct;  // HU, the voxels that are looked at; none until read_ct
};

/// The CT's header and the centres: no time. Throws `error`.
fit_case read_case(const fit_arguments& a);

/// The templates, read or made: some tenths of a second. Throws `error`.
fit_inputs with_templates(const fit_arguments& a, fit_case c);

/// The voxels that the fit looks at and the pictures show: a long scan is mostly others. Throws `error`, also
/// for what `spine::plan_fit` refuses.
void read_ct(const fit_arguments& a, const spine::fit_options& options, fit_inputs& in);

/// The number of a vertebra in the mask; nothing where the numbering has none for it.
std::optional<int> mask_value(int label, io::label_numbering numbering);

}  // namespace diffam::program
