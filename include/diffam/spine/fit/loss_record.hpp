// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Records the losses of every iteration in the policy's memory. A kernel of the iteration writes them, so the
// host waits only when it reads them.
#pragma once

#include <algorithm>
#include <vector>

#include "diffam/core/clock.hpp"
#include "diffam/core/flags.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/spine/fit_result.hpp"

namespace diffam::spine {

/// Order of the terms in a row of the record.
inline constexpr double loss_values::*loss_terms[] = {
    &loss_values::total,   &loss_values::image,    &loss_values::edge,        &loss_values::normal,
    &loss_values::overlap, &loss_values::variance, &loss_values::centre_wall, &loss_values::end_wall};
inline constexpr index_t loss_term_count = 8;

/// Where an iteration leaves its terms, in the order of `loss_terms`, and the weight of its samples.
template <class T>
struct loss_sources {
  const T* term[loss_term_count];
  const T* inside[2];  // sums of the sample weights of the image loss and of the normal loss; null: not run
};

/// Kernel with one index. It runs after the clock has advanced and writes the row of the iteration before.
template <class T>
struct record_losses_kernel {
  loss_sources<T> from;
  const clock_state* clock;
  view<T> rows;  // iterations x loss_term_count
  flag_word* flags;
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    T* row = rows.row(static_cast<index_t>(clock->iteration) - 1);
    for (index_t k = 0; k < loss_term_count; ++k) row[k] = *from.term[k];
    for (const T* inside : from.inside)
      if (inside != nullptr && !(*inside > T(0))) *flags |= flag::no_sample_inside;
  }
};

/// The rows of all iterations, in the policy's memory.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class loss_record {
 public:
  explicit loss_record(std::uint64_t iterations) : rows_(static_cast<index_t>(iterations), loss_term_count) {}

  /// Records the iteration that was launched last; `clock` is the clock that this iteration advanced.
  void launch(const Exec& e, const loss_sources<T>& from, const clock_state* clock, flag_word* flags) {
    e.for_each_index(1, record_losses_kernel<T>{from, clock, rows_.get(), flags});
  }

  /// The losses of the first `count` iterations. Synchronises.
  std::vector<loss_values> values(std::uint64_t count) const {
    std::vector<T> host(static_cast<std::size_t>(rows_.size()));
    if (!host.empty()) rows_.download(host.data());
    std::vector<loss_values> out;
    for (std::uint64_t i = 0; i < count; ++i) out.push_back(in_words(host.data() + i * loss_term_count));
    return out;
  }
  /// The losses of one iteration. Synchronises.
  loss_values at(std::uint64_t iteration) const {
    T row[loss_term_count];
    Exec::memory::copy_to_host(row, rows_.get().row(static_cast<index_t>(iteration)), sizeof row);
    return in_words(row);
  }

  /// Takes over the history of an earlier run.
  void restore(const std::vector<loss_values>& history) {
    buffer<T> host(rows_.get().rows, loss_term_count);
    const std::size_t n = std::min(history.size(), static_cast<std::size_t>(host.get().rows));
    for (std::size_t i = 0; i < n; ++i)
      for (index_t k = 0; k < loss_term_count; ++k)
        host.get()(static_cast<index_t>(i), k) = static_cast<T>(history[i].*loss_terms[k]);
    rows_.upload(host.data());
  }

 private:
  static loss_values in_words(const T* row) {
    loss_values v;
    for (index_t k = 0; k < loss_term_count; ++k) v.*loss_terms[k] = static_cast<double>(row[k]);
    return v;
  }

  buffer<T, typename Exec::memory> rows_;
};

}  // namespace diffam::spine
