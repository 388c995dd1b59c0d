// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Definitions that every header needs: index types, function markers for host and device, prefetch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

#if defined(__CUDACC__)
#define DIFFAM_HOST_DEVICE __host__ __device__
#else
#define DIFFAM_HOST_DEVICE
#endif

// For clang, which then warns of a view whose memory is gone (-Wdangling, on by default):
// DIFFAM_LIFETIMEBOUND: the result refers to this object or parameter. DIFFAM_OWNER(T), DIFFAM_POINTER(T):
// the class owns elements T, or refers to them.
#if defined(__clang__) && !defined(__CUDACC__)
#define DIFFAM_LIFETIMEBOUND [[clang::lifetimebound]]
#define DIFFAM_OWNER(T) [[gsl::Owner(T)]]
#define DIFFAM_POINTER(T) [[gsl::Pointer(T)]]
#else
#define DIFFAM_LIFETIMEBOUND
#define DIFFAM_OWNER(T)
#define DIFFAM_POINTER(T)
#endif

// DIFFAM_ASSERT(condition): ends the program with the condition, file and line where it is false. On in Debug
// (without NDEBUG), or with DIFFAM_ASSERTIONS. Indices and extents are asserted; what a caller may get wrong
// throws instead.
#if !defined(NDEBUG) || defined(DIFFAM_ASSERTIONS)
#define DIFFAM_ASSERT(condition) \
  ((condition) ? void(0) : ::diffam::detail::assertion_failed(#condition, __FILE__, __LINE__))
#else
#define DIFFAM_ASSERT(condition) void(0)
#endif

// DIFFAM_SANITIZED: defined if the code is compiled with a sanitizer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DIFFAM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DIFFAM_SANITIZED 1
#endif
#endif

// DIFFAM_NOINLINE: the function is compiled once and rounds alike for every caller.
// DIFFAM_INLINE: a short function of kernels. Without the attribute, gcc leaves calls to some of them inside
// loops. With a sanitizer the attribute is left out: the compiler would take minutes for the large functions.
#define DIFFAM_NOINLINE [[gnu::noinline]]
#if defined(__GNUC__) && !defined(__CUDACC__) && !defined(DIFFAM_SANITIZED)
#define DIFFAM_INLINE __attribute__((always_inline)) inline
#else
#define DIFFAM_INLINE DIFFAM_HOST_DEVICE inline
#endif

namespace diffam {

namespace detail {
DIFFAM_HOST_DEVICE inline void assertion_failed(const char* condition, const char* file, int line) {
  printf("%s:%d: expected %s\n", file, line, condition);
#if defined(__CUDA_ARCH__)
  __trap();
#else
  std::fflush(stdout);
  std::abort();
#endif
}
}  // namespace detail

/// Prefetches the cache line at `p`. Does nothing on a device, where other warps run during a load.
DIFFAM_INLINE void prefetch([[maybe_unused]] const void* p) {
#if defined(__GNUC__) && !defined(__CUDACC__)
  __builtin_prefetch(p);
#endif
}

/// Prefetches all cache lines of an object.
template <class X>
DIFFAM_INLINE void prefetch_all(const X* x) {
  for (std::size_t at = 0; at < sizeof(X); at += 64) prefetch(reinterpret_cast<const char*>(x) + at);
}

/// Counts, extents and loop indices.
using index_t = std::int64_t;

/// Indices in large arrays (faces, nearest faces, keys), with half the memory of `index_t`.
using stored_index = std::int32_t;

/// Threads per block of a CUDA kernel. Arrays in shared memory depend on it.
inline constexpr int cuda_block = 128;

/// The floating types that diffam is built and tested for.
template <class T>
concept real = std::is_same_v<T, float> || std::is_same_v<T, double>;

}  // namespace diffam
