// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The built-in templates, with which a fit needs no template file: one vertebra of the family
// (spine/anatomy/family.hpp) for each level, or one for all levels; and the parts and landmarks of each
// (spine/anatomy/template_anatomy.hpp).
#pragma once

#include "diffam/spine/anatomy/template_anatomy.hpp"
#include "diffam/spine/template/set.hpp"

namespace diffam::spine {

/// One mesh for each label; all have the same faces.
inline template_set builtin_templates(std::span<const int> labels, const family_params& p = {}) {
  return template_set(make_vertebrae(labels, p));
}

/// One mesh for all levels: the third lumbar vertebra, for centres 34.3 mm apart.
inline triangle_mesh<double> make_template(const family_params& p = {}) {
  const int l3 = label::l5 - 2;
  return make_vertebrae(std::span(&l3, 1), p).at(l3);
}

}  // namespace diffam::spine
