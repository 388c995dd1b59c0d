// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// one_of finds the workspace of the chosen component by its type, so the types must differ.
// expect: diffam::one_of: the components need different workspace types
#include "diffam/component/one_of.hpp"
#include "identity.hpp"

struct second : identity<float> {
#ifdef DIFFAM_RIGHT
  struct workspace {};
  workspace plan(diffam::arena&, diffam::extent) const {
    return {};
  }
  void forward(const exec& e, diffam::view<const float> x, diffam::view<float> y, workspace&) const {
    e.copy(x, y);
  }
  void backward(const exec&, diffam::view<const float>, diffam::view<const float>, diffam::view<float>,
                workspace&) const {}
#endif
};
diffam::one_of<identity<float>, second> model{second{}};
