// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Owned memory in a memory space. Set-up code allocates buffers; an iteration uses only views.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <new>
#include <utility>

#include "diffam/core/view.hpp"

namespace diffam {

/// The memory that a buffer allocates from. A device backend defines its own. All members may throw and
/// synchronise.
template <class M>
concept memory_space = requires(void* p, const void* q, std::size_t bytes) {
  { M::allocate(bytes) } -> std::same_as<void*>;
  M::deallocate(p, bytes);
  M::zero(p, bytes);
  M::copy_from_host(p, q, bytes);
  M::copy_to_host(p, q, bytes);
};

/// Host memory, aligned to 64 bytes (a cache line, a 512-bit vector register).
struct host_memory {
  static constexpr std::size_t alignment = 64;

  static void* allocate(std::size_t bytes) { return ::operator new (bytes, std::align_val_t{alignment}); }
  // Not inlined: otherwise gcc 12 gives a false warning about the origin of the pointer.
  DIFFAM_NOINLINE static void deallocate(void* p, std::size_t) noexcept {
    ::operator delete (p, std::align_val_t{alignment});
  }
  static void zero(void* p, std::size_t bytes) {
    std::fill_n(static_cast<std::byte*>(p), bytes, std::byte{0});
  }
  static void copy_from_host(void* to, const void* from, std::size_t bytes) {
    std::copy_n(static_cast<const std::byte*>(from), bytes, static_cast<std::byte*>(to));
  }
  static void copy_to_host(void* to, const void* from, std::size_t bytes) { copy_from_host(to, from, bytes); }
};

/// A block of `rows x cols` elements of a trivially copyable type, set to zero at construction. Move-only.
/// Throws `error` if an extent is negative.
template <class T,                            // element type
          memory_space Memory = host_memory>  // memory space
class DIFFAM_OWNER(T) buffer {
  static_assert(std::is_trivially_copyable_v<T>, "diffam::buffer holds trivially copyable elements only");

 public:
  buffer() = default;
  explicit buffer(index_t rows, index_t cols = 1) : rows_(rows), cols_(cols) {
    if (rows < 0 || cols < 0) throw error("buffer: negative extent " + to_string(extent{rows, cols}));
    if (size() == 0) return;
    data_ = static_cast<T*>(Memory::allocate(bytes()));
    Memory::zero(data_, bytes());
  }
  buffer(buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        rows_(std::exchange(other.rows_, 0)),
        cols_(std::exchange(other.cols_, 1)) {}
  buffer& operator=(buffer&& other) noexcept {
    buffer moved(std::move(other));
    std::swap(data_, moved.data_);
    std::swap(rows_, moved.rows_);
    std::swap(cols_, moved.cols_);
    return *this;
  }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  ~buffer() {
    if (data_ != nullptr) Memory::deallocate(data_, bytes());
  }

  index_t size() const { return rows_ * cols_; }
  std::size_t bytes() const { return static_cast<std::size_t>(size()) * sizeof(T); }
  T* data() DIFFAM_LIFETIMEBOUND { return data_; }
  const T* data() const DIFFAM_LIFETIMEBOUND { return data_; }
  /// A view of the elements. It must not outlive the buffer.
  view<T> get() DIFFAM_LIFETIMEBOUND { return {data_, rows_, cols_}; }
  view<const T> get() const DIFFAM_LIFETIMEBOUND { return {data_, rows_, cols_}; }

  /// Copies `size()` elements from or to host memory. Synchronises: for set-up code only.
  void upload(const T* from) { Memory::copy_from_host(data_, from, bytes()); }
  void download(T* to) const { Memory::copy_to_host(to, data_, bytes()); }

 private:
  T* data_ = nullptr;
  index_t rows_ = 0;
  index_t cols_ = 1;
};

/// A buffer with a copy of a view of host memory.
template <memory_space Memory = host_memory, class T>
buffer<std::remove_const_t<T>, Memory> make_buffer(view<T> from) {
  buffer<std::remove_const_t<T>, Memory> b(from.rows, from.cols);
  if (b.size() > 0) b.upload(from.data);
  return b;
}

}  // namespace diffam
