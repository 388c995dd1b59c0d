// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What lacks backward is no component.
// expect: has_backward
#include "identity.hpp"

struct forgetful : identity<float> {
#ifndef DIFFAM_RIGHT
 private:
  using identity<float>::backward;
#endif
};
auto model = diffam::pipeline(identity<float>{}, forgetful{});
