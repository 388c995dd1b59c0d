// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The smallest component, for the cases of this folder.
#pragma once

#include "diffam/component/pipeline.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"

template <diffam::real T, diffam::exec::policy Exec = diffam::exec::serial>
struct identity {
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  diffam::extent output_extent(diffam::extent in) const { return in; }
  workspace plan(diffam::arena&, diffam::extent) const { return {}; }
  void forward(const Exec& e, diffam::view<const T> x, diffam::view<T> y, workspace&) const { e.copy(x, y); }
  void backward(const Exec&, diffam::view<const T>, diffam::view<const T>, diffam::view<T>,
                workspace&) const {}
};
