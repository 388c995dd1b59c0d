// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A type without backward is not a component.
// expect: has_backward
#include "identity.hpp"

struct forgetful : identity<float> {
#ifndef DIFFAM_RIGHT
 private:
  using identity<float>::backward;
#endif
};
auto model = diffam::pipeline(identity<float>{}, forgetful{});
