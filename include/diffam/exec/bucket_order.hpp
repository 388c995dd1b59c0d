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
  view<std::uint32_t> counts;        // B
  view<std::uint32_t> block_sums;    // scratch: sums over groups of buckets
  view<std::uint32_t> begin;         // B + 1
  view<std::uint32_t> arrival_rank;  // N: number of indices counted earlier in the same bucket
  view<stored_index> by_arrival;     // N: indices by bucket and arrival
  view<stored_index> order;          // N: indices by bucket, ascending

  index_t buckets() const { return counts.rows; }
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
    if (key < 0 || key >= to.counts.rows) return;
    const auto number = static_cast<stored_index>(i);
    if (now == step::count) {
      to.arrival_rank[i] = count_one(to.counts[key]);
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

/// Exclusive prefix sum of the counts: the begin of each bucket. A block handles `buckets` of them. The first
/// launch computes the sum of each block; in the second launch a block adds the sums of all blocks before it.
struct bucket_prefix_sum_block {
  static constexpr int threads = 256, each = 4, buckets = threads * each;

  view<const std::uint32_t> counts;
  view<std::uint32_t> block_sums;  // one per block
  view<std::uint32_t> begin;       // B + 1; empty in the first launch

  index_t blocks() const { return chunk_count(counts.rows, buckets); }
  index_t shared_bytes() const { return 2 * threads * static_cast<index_t>(sizeof(std::uint32_t)); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    auto* const here = reinterpret_cast<std::uint32_t*>(block.memory());
    const index_t first_bucket = block.index() * buckets;
    typename Block::template each<vec<std::uint32_t, each>> own;
    block.phase([&](int t) {
      std::uint32_t sum = 0;
      DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < each; ++k) {
        const index_t b = first_bucket + t * each + k;
        own[t][k] = sum;
        sum += b < counts.rows ? counts[b] : 0u;
      }
      here[t] = sum;
      std::uint32_t before = 0;  // sum of the blocks before
      if (!begin.empty())
        for (index_t k = t; k < block.index(); k += threads) before += block_sums[k];
      here[threads + t] = before;
    });
    for (int distance = threads / 2; distance > 0; distance /= 2)
      block.phase([&](int t) {
        if (t < distance) here[threads + t] += here[threads + t + distance];
      });
    typename Block::template each<std::uint32_t> sum;
    for (int distance = 1; distance < threads; distance *= 2) {  // prefix sum over threads
      block.phase([&](int t) { sum[t] = t >= distance ? here[t - distance] : 0u; });
      block.phase([&](int t) { here[t] += sum[t]; });
    }
    block.phase([&](int t) {
      if (begin.empty()) {
        if (t == threads - 1) block_sums[block.index()] = here[t];
        return;
      }
      const std::uint32_t at = here[threads] + (t > 0 ? here[t - 1] : 0u);
      DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < each; ++k) {
        const index_t b = first_bucket + t * each + k;
        if (b < counts.rows) begin[b] = at + own[t][k];
      }
      if (t == threads - 1 && first_bucket + buckets >= counts.rows)
        begin[counts.rows] = here[threads] + here[t];
    });
  }
};

/// Takes the memory for n indices.
inline bucket_order plan_bucket_order(arena& a, index_t n, index_t buckets) {
  return {a.take<std::uint32_t>(buckets),
          a.take<std::uint32_t>(chunk_count(buckets, bucket_prefix_sum_block::buckets)),
          a.take<std::uint32_t>(buckets + 1),
          a.take<std::uint32_t>(n),
          a.take<stored_index>(n),
          a.take<stored_index>(n)};
}

/// Fills `to` with the indices 0 ... n - 1 by their keys. An index is left out if its key is not a bucket.
template <class E, class Key>
void order_by_bucket(const E& e, const Key* keys, index_t n, const bucket_order& to) {
  using kernel = bucket_kernel<Key>;
  e.fill(to.counts, 0u);
  e.for_each_index(n, kernel{kernel::step::count, keys, to});
  bucket_prefix_sum_block prefix_sum{to.counts, to.block_sums, {}};
  e.for_each_block(prefix_sum.blocks(), prefix_sum);
  prefix_sum.begin = to.begin;
  e.for_each_block(prefix_sum.blocks(), prefix_sum);
  e.for_each_index(n, kernel{kernel::step::place, keys, to});
  e.for_each_index(n, kernel{kernel::step::rank, keys, to});
}

}  // namespace diffam::exec::detail
