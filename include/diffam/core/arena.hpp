// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Planned memory: the same code first measures what it takes, then takes it.
//
//     arena measuring;                      // hands out null views, counts bytes
//     plan(measuring);
//     buffer<std::byte> block(measuring.used());
//     arena memory(block.data(), block.size());
//     plan(memory);                         // the same calls, now with memory behind them
#pragma once

#include <cstddef>

#include "diffam/core/view.hpp"

namespace diffam {

class arena {
 public:
  static constexpr std::size_t alignment = 64;

  /// A measuring arena.
  arena() = default;
  /// Hands out `bytes` bytes at `memory`, which is aligned to `alignment` and outlives every view taken.
  arena(std::byte* memory, index_t bytes) : memory_(memory), capacity_(static_cast<std::size_t>(bytes)) {}

  bool measuring() const { return memory_ == nullptr; }
  index_t used() const { return static_cast<index_t>(used_); }

  /// rows x cols elements, each block aligned. Throws `error` where a handing-out arena is exhausted, which
  /// means that the plan differed from the measurement.
  template <class T>
  view<T> take(index_t rows, index_t cols = 1) {
    if (rows < 0 || cols < 0) throw error("arena: negative extent " + to_string(extent{rows, cols}));
    const std::size_t bytes = static_cast<std::size_t>(rows * cols) * sizeof(T);
    const std::size_t begin = used_;
    used_ += (bytes + alignment - 1) / alignment * alignment;
    if (measuring()) return {nullptr, rows, cols};
    if (used_ > capacity_)
      throw error(
          "arena: planned " + std::to_string(capacity_) + " bytes, asked for " + std::to_string(used_),
          error_kind::internal);
    return {reinterpret_cast<T*>(memory_ + begin), rows, cols};
  }

 private:
  std::byte* memory_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace diffam
