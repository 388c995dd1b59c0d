// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The reference policy: a loop in the calling thread.
#pragma once

#include "diffam/exec/host/verbs.hpp"

namespace diffam::exec {

/// Runs all work on the calling thread.
struct serial : detail::host_verbs<serial> {
  static constexpr int concurrency() { return 1; }

  template <class F>
  void run_chunks(index_t count, const F& f) const {
    for (index_t chunk = 0; chunk < count; ++chunk) f(chunk);
  }
};

}  // namespace diffam::exec
