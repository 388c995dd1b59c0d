// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A view of a buffer that is gone at the end of the statement.
// expect: will be destroyed at the end of the full-expression
#include "diffam/core/buffer.hpp"

float first_element(diffam::index_t n) {
#ifdef DIFFAM_RIGHT
  const diffam::buffer<float> kept(n);
  const diffam::view<const float> x = kept.get();
#else
  const diffam::view<const float> x = diffam::buffer<float>(n).get();
#endif
  return x[0];
}
