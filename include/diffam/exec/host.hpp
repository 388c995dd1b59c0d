// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Where set-up code runs when the iterations may run on a device.
#pragma once

#include "diffam/exec/threads.hpp"

namespace diffam::exec {

/// `e` itself where it works in ordinary memory, else all cores.
template <policy E>
auto host_policy(const E& e) {
  if constexpr (std::is_same_v<typename E::memory, host_memory>)
    return e;
  else
    return threads();
}

}  // namespace diffam::exec
