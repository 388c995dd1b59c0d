// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Memory planning: one function is called twice. The first call measures how much memory it takes, the second
// call takes it.
//
//     arena measuring;                      // returns null views and counts bytes
//     plan(measuring);
//     buffer<std::byte> block(measuring.used());
//     arena memory(block.data(), block.size());
//     plan(memory);                         // the same calls return views of the block
#pragma once

#include <cstddef>

#include "diffam/core/view.hpp"

namespace diffam {

/// Hands out parts of one block of memory, in order. A default-constructed arena only measures.
class arena {
 public:
  static constexpr std::size_t alignment = 64;

  /// An arena that only measures.
  arena() = default;
  /// Hands out the `bytes` bytes at `memory`. The block must be aligned to `alignment` and must outlive every
  /// view.
  arena(std::byte* memory, index_t bytes) : memory_(memory), capacity_(static_cast<std::size_t>(bytes)) {}

  bool measuring() const { return memory_ == nullptr; }
  /// Bytes taken so far, with padding.
  index_t used() const { return static_cast<index_t>(used_); }

  /// A view of rows x cols elements, aligned to `alignment` and not initialised. Throws `error` if an extent
  /// is negative or if the block is used up. In the second case the plan differed from the measurement.
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
