// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A policy that imitates a device on the host. Its memory can be accessed only inside a verb, as device
// memory. Any other access ends in SIGSEGV, which Catch2 reports. A verb refuses a kernel or a view that has
// a pointer to host memory. Components take their code paths for devices.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "diffam/exec/serial.hpp"

#if defined(__has_builtin) && !defined(__CUDACC__)
#define DIFFAM_TEST_CLEARS_PADDING __has_builtin(__builtin_clear_padding)
#else
#define DIFFAM_TEST_CLEARS_PADDING 0
#endif

namespace diffam::test {

/// Pages of one reserved address range. No page is handed out twice. They are accessible while a
/// `guarded_memory::opened` exists.
class guarded_memory {
 public:
  static constexpr std::size_t reserved = std::size_t{1} << 36;

  static void* allocate(std::size_t bytes) {
    pages& all = instance();
    const std::size_t begin = all.used;
    all.used += whole_pages(bytes);
    require(all.used <= reserved, "guarded_memory: the reserved range is used up");
    return all.base + begin;
  }
  static void deallocate(void* p, std::size_t bytes) noexcept {
    (void)madvise(p, whole_pages(bytes), MADV_DONTNEED);
  }
  static void zero(void* p, std::size_t bytes) {
    const opened open;
    std::memset(p, 0, bytes);
  }
  static void copy_from_host(void* to, const void* from, std::size_t bytes) {
    const opened open;
    std::memcpy(to, from, bytes);
  }
  static void copy_to_host(void* to, const void* from, std::size_t bytes) {
    const opened open;
    std::memcpy(to, from, bytes);
  }

  /// Makes the pages readable and writable during its lifetime.
  class opened {
   public:
    opened() {
      if (instance().opened++ == 0) protect(PROT_READ | PROT_WRITE);
    }
    ~opened() {
      if (--instance().opened == 0) protect(PROT_NONE);
    }
    opened(const opened&) = delete;
    opened& operator=(const opened&) = delete;
  };

  static bool contains(std::uintptr_t address) {
    const auto base = reinterpret_cast<std::uintptr_t>(instance().base);
    return address >= base && address < base + reserved;
  }

 private:
  struct pages {
    std::byte* base;
    std::size_t used = 0;
    int opened = 0;
    pages() {
      void* const at = mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      require(at != MAP_FAILED, "guarded_memory: cannot reserve addresses");
      base = static_cast<std::byte*>(at);
    }
  };
  static pages& instance() {
    static pages all;
    return all;
  }
  static std::size_t whole_pages(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
  }
  static void protect(int how) {
    pages& all = instance();
    if (all.used > 0) require(mprotect(all.base, all.used, how) == 0, "guarded_memory: mprotect failed");
  }
};

/// Whether the address is aligned to 4 bytes and mapped in this process, outside of the guarded range.
inline bool is_ordinary_memory(std::uintptr_t address) {
  if (address < 0x10000 || address >> 47 != 0 || address % 4 != 0 || guarded_memory::contains(address))
    return false;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  return msync(reinterpret_cast<void*>(address / page * page), page, MS_ASYNC) == 0;
}

/// Throws if a word of the object is a pointer to host memory. A launch copies these bytes to a device. Needs
/// a compiler that can clear padding (gcc), because padding may contain old pointers.
template <class F>
void require_no_ordinary_pointer([[maybe_unused]] const F& original) {
#if DIFFAM_TEST_CLEARS_PADDING
  F f = original;
  __builtin_clear_padding(&f);
  for (std::size_t at = 0; at + sizeof(std::uintptr_t) <= sizeof f; at += sizeof(std::uintptr_t)) {
    std::uintptr_t word;
    std::memcpy(&word, reinterpret_cast<const std::byte*>(&f) + at, sizeof word);
    if (is_ordinary_memory(word))
      throw error(std::string("guarded: a pointer to ordinary memory at byte ") + std::to_string(at) +
                  " of what a kernel takes along, in " + __PRETTY_FUNCTION__);
  }
#endif
}

/// The policy: `serial` on guarded memory, with the pointer check.
struct guarded {
  using memory = guarded_memory;

  template <class F>
  void for_each_index(index_t n, const F& f, index_t grain = exec::chunk_size) const {
    if (n == 0) return;
    require_no_ordinary_pointer(f);
    const guarded_memory::opened open;
    exec::serial{}.for_each_index(n, f, grain);
  }
  template <class T>
  void fill(view<T> x, std::type_identity_t<T> value) const {
    require_no_ordinary_pointer(x);
    const guarded_memory::opened open;
    exec::serial{}.fill(x, value);
  }
  template <class T>
  void copy(view<const T> from, view<std::type_identity_t<T>> to) const {
    require_no_ordinary_pointer(from), require_no_ordinary_pointer(to);
    const guarded_memory::opened open;
    exec::serial{}.copy(from, to);
  }
  static constexpr index_t reduce_scratch(index_t n) { return exec::serial::reduce_scratch(n); }
  template <class F, class T>
  void reduce(index_t n, const F& f, T* out, view<T> scratch) const {
    require_no_ordinary_pointer(f), require_no_ordinary_pointer(out), require_no_ordinary_pointer(scratch);
    const guarded_memory::opened open;
    exec::serial{}.reduce(n, f, out, scratch);
  }
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows, view<std::type_identity_t<T>> out,
                   view<std::byte> scratch, bool same_keys = false) const {
    require_no_ordinary_pointer(keys), require_no_ordinary_pointer(rows), require_no_ordinary_pointer(out);
    const guarded_memory::opened open;
    exec::serial{}.scatter_add(keys, rows, out, scratch, same_keys);
  }
  static constexpr index_t scatter_scratch(index_t n, index_t rows) {
    return exec::serial::scatter_scratch(n, rows);
  }
  static constexpr index_t sort_scratch(index_t n) { return exec::serial::sort_scratch(n); }
  void sort_pairs(const exec::pair_sort& s, int bits) const {
    require_no_ordinary_pointer(s);
    const guarded_memory::opened open;
    exec::serial{}.sort_pairs(s, bits);
  }
  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    require_no_ordinary_pointer(a), require_no_ordinary_pointer(b), require_no_ordinary_pointer(c);
    const guarded_memory::opened open;
    exec::serial{}.gemm(a, b, c);
  }
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    require_no_ordinary_pointer(a), require_no_ordinary_pointer(b), require_no_ordinary_pointer(c);
    const guarded_memory::opened open;
    exec::serial{}.gemm_transposed(a, b, c);
  }
};

static_assert(exec::policy<guarded>);

}  // namespace diffam::test
