// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Numbers of a test where a policy's kernels can read them. Whatever a component keeps a view of goes through
// here, so that the same test runs on a device:
//
//     test::placed at;
//     ... fixed_points<double>{at(e, points.get())} ...
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "diffam/core/buffer.hpp"

namespace diffam::test {

/// Keeps the copies that it makes.
class placed {
 public:
  /// The view itself where the policy works in ordinary memory, else a copy in the policy's.
  template <class Exec, class T>
  view<const std::remove_const_t<T>> operator()(const Exec&, view<T> from) {
    if constexpr (std::is_same_v<typename Exec::memory, host_memory>) {
      return from;
    } else {
      using copy = buffer<std::remove_const_t<T>, typename Exec::memory>;
      return std::as_const(make<copy>(make_buffer<typename Exec::memory>(from))).get();
    }
  }

  /// Anything else that has to live as long as the component.
  template <class Kept, class... Arguments>
  Kept& make(Arguments&&... arguments) {
    auto kept = std::make_shared<Kept>(std::forward<Arguments>(arguments)...);
    kept_.push_back(kept);
    return *kept;
  }

 private:
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace diffam::test
