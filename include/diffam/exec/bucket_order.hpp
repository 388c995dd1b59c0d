// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A stable bucket sort of indices by small keys, for policies with many threads and few keys, where the
// passes of a radix sort cost more. It counts with integer atomics. The last step restores ascending order
// within each bucket, so every run gives the same result.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/core/vec.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::exec::detail {

/// Largest number of indices for the bucket sort; a radix sort takes more. The time for one index grows with
/// the size of its bucket.
inline constexpr index_t bucket_order_limit = index_t{1} << 18;

/// The indices 0 ... N - 1 in B buckets. The indices of bucket b are order[begin[b]] ... order[begin[b + 1] -
/// 1].
struct bucket_order {
  view<std::uint32_t> begin;         // B + 1; at first the number of indices of each bucket
  view<std::byte> scratch;           // of the prefix sum
  view<std::uint32_t> arrival_rank;  // N: number of indices counted earlier in the same bucket
  view<stored_index> by_arrival;     // N: indices by bucket and arrival
  view<stored_index> order;          // N: indices by bucket, ascending
};

/// Adds 1 to x, atomically on a device, and returns the old value.
DIFFAM_HOST_DEVICE inline std::uint32_t count_one(std::uint32_t& x) {
#if defined(__CUDA_ARCH__)
  return atomicAdd(&x, 1u);
#else
  return x++;  // host policies with several threads do not use this sort
#endif
}

/// Handles index i if its key is a bucket. Runs in three launches: count the indices of each bucket, place
/// each index by order of arrival, then place it by its rank in the bucket.
template <class Key>
struct bucket_kernel {
  enum class step { count, place, rank };

  step now;
  const Key* keys;
  bucket_order to;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const auto key = static_cast<index_t>(keys[i]);
    if (key < 0 || key >= to.begin.rows - 1) return;
    const auto number = static_cast<stored_index>(i);
    if (now == step::count) {
      to.arrival_rank[i] = count_one(to.begin[key]);
    } else if (now == step::place) {
      to.by_arrival[to.begin[key] + to.arrival_rank[i]] = number;
    } else {
      const std::uint32_t begin = to.begin[key], end = to.begin[key + 1];
      std::uint32_t before = 0;
      for (std::uint32_t k = begin; k < end; ++k) before += to.by_arrival[k] < number ? 1 : 0;
      to.order[begin + before] = number;
    }
  }
};

/// Takes the memory for n indices.
template <class E>
bucket_order plan_bucket_order(arena& a, index_t n, index_t buckets) {
  return {a.take<std::uint32_t>(buckets + 1), a.take<std::byte>(E::exclusive_sum_scratch(buckets + 1)),
          a.take<std::uint32_t>(n), a.take<stored_index>(n), a.take<stored_index>(n)};
}

/// Fills `to` with the indices 0 ... n - 1 by their keys. An index is left out if its key is not a bucket.
template <class E, class Key>
void order_by_bucket(const E& e, const Key* keys, index_t n, const bucket_order& to) {
  using kernel = bucket_kernel<Key>;
  e.fill(to.begin, 0u);
  e.for_each_index(n, kernel{kernel::step::count, keys, to});
  e.exclusive_sum(to.begin, to.scratch);
  e.for_each_index(n, kernel{kernel::step::place, keys, to});
  e.for_each_index(n, kernel{kernel::step::rank, keys, to});
}

}  // namespace diffam::exec::detail
