// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Definitions that every header needs: index types, function markers for host and device, prefetch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__CUDACC__)
#define DIFFAM_HOST_DEVICE __host__ __device__
#else
#define DIFFAM_HOST_DEVICE
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
