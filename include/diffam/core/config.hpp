// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What every header needs: the index types and the host-device marker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__CUDACC__)
#define DIFFAM_HOST_DEVICE __host__ __device__
#else
#define DIFFAM_HOST_DEVICE
#endif

// DIFFAM_SANITIZED: whether a sanitizer writes its checks into the code.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DIFFAM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DIFFAM_SANITIZED 1
#endif
#endif

// DIFFAM_NOINLINE: compiled once, so that it rounds alike wherever it is called from.
// DIFFAM_INLINE: short functions of kernels. Left to itself, gcc calls some of them in the middle of loops.
// Not with a sanitizer's checks in it: the compiler takes minutes for so much code in one function.
#define DIFFAM_NOINLINE [[gnu::noinline]]
#if defined(__GNUC__) && !defined(__CUDACC__) && !defined(DIFFAM_SANITIZED)
#define DIFFAM_INLINE __attribute__((always_inline)) inline
#else
#define DIFFAM_INLINE DIFFAM_HOST_DEVICE inline
#endif

namespace diffam {

/// Starts to fetch what will be read soon. On a device other threads run meanwhile.
DIFFAM_INLINE void prefetch([[maybe_unused]] const void* p) {
#if defined(__GNUC__) && !defined(__CUDACC__)
  __builtin_prefetch(p);
#endif
}

/// Starts to fetch all of an object.
template <class X>
DIFFAM_INLINE void prefetch_all(const X* x) {
  for (std::size_t at = 0; at < sizeof(X); at += 64) prefetch(reinterpret_cast<const char*>(x) + at);
}

/// Counts, extents and loop indices.
using index_t = std::int64_t;

/// Indices that are stored in bulk (faces, nearest faces, keys): half the memory of `index_t`.
using stored_index = std::int32_t;

/// Threads of a block of a CUDA kernel; the size of arrays in shared memory follows from it.
inline constexpr int cuda_block = 128;

/// The floating types that diffam is built and tested for.
template <class T>
concept real = std::is_same_v<T, float> || std::is_same_v<T, double>;

}  // namespace diffam
