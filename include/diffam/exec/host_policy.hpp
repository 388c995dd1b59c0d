// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The host policy for set-up code whose iterations may run on a device.
#pragma once

#include "diffam/exec/threads.hpp"

namespace diffam::exec {

/// `e` itself if it uses host memory, else `threads` with all cores.
template <policy E>
auto host_policy(const E& e) {
  if constexpr (std::is_same_v<typename E::memory, host_memory>)
    return e;
  else
    return threads();
}

}  // namespace diffam::exec
