// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Puts the data of a test where a policy's kernels can read it. Tests pass all data that a component keeps a
// view of through `placed`, so that they also run on a device:
//
//     test::placed at;
//     ... fixed_points<double>{at(e, points.get())} ...
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "diffam/core/buffer.hpp"

namespace diffam::test {

/// Owns the copies that it makes.
class placed {
 public:
  /// The view itself if the policy uses host memory, else a view of a copy in the policy's memory.
  template <class Exec, class T>
  view<const std::remove_const_t<T>> operator()(const Exec&, view<T> from) {
    if constexpr (std::is_same_v<typename Exec::memory, host_memory>) {
      return from;
    } else {
      using copy = buffer<std::remove_const_t<T>, typename Exec::memory>;
      return std::as_const(make<copy>(make_buffer<typename Exec::memory>(from))).get();
    }
  }

  /// Constructs another object that must live as long as the component.
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
