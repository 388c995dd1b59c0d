// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Flags of an iteration. An iteration neither throws nor synchronises, so its kernels report problems by
// setting bits of a word in the policy's memory. Only a reader clears them. A solver reads them together with
// the loss.
//
//     diffam::iteration_flags<exec> flags;
//     scene_distance<...> d(stack, points, {.sign = {}, .flags = flags.word()});
//     ...
//     if (flags.take() & diffam::flag::overlap_exceeded) ...
#pragma once

#include "diffam/core/buffer.hpp"
#include "diffam/core/vec.hpp"

namespace diffam {

/// A set of flags.
using flag_word = std::uint32_t;

/// One bit for each problem. Results stay defined if a bit is set.
namespace flag {
inline constexpr flag_word overlap_exceeded = 1u << 0;  // a point lies in more than `overlap_limit` meshes
inline constexpr flag_word point_not_finite = 1u << 1;  // a sample point or a vertex is not finite
inline constexpr flag_word no_sample_inside = 1u << 2;  // all samples lie outside of the field of view
}  // namespace flag

/// Kernel with one index: sets bits[k] in the word if (*counts)[k] > 0.
template <class T, int Count>
struct raise_flags_kernel {
  const vec<T, Count>* counts;
  vec<flag_word, Count> bits;
  flag_word* word;
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    for (int k = 0; k < Count; ++k)
      if ((*counts)[k] > T(0)) *word |= bits[k];
  }
};

/// Owns a word of flags in the policy's memory. Components keep the pointer `word()`.
template <class Exec>  // execution policy
class iteration_flags {
 public:
  iteration_flags() : word_(1) {}

  flag_word* word() { return word_.data(); }
  /// The bits that are set. Synchronises.
  flag_word get() const {
    flag_word bits;
    word_.download(&bits);
    return bits;
  }
  /// Replaces the word by `bits`. Synchronises.
  void set(flag_word bits) { word_.upload(&bits); }
  /// Returns the bits and clears them. Synchronises.
  flag_word take() {
    const flag_word bits = get();
    set(0);
    return bits;
  }

 private:
  buffer<flag_word, typename Exec::memory> word_;
};

}  // namespace diffam
