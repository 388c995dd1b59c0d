// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Streams beside a policy's own, for branches (exec/branches.hpp). Recorded in a graph, they are its
// branches: a kernel that does not fill the device leaves room for another's.
#pragma once

#include <vector>

#include "diffam/exec/branches.hpp"
#include "diffam/exec/cuda/memory.cuh"

namespace diffam::exec {

/// Serves one thread at a time. Streams and events are taken in turns: one that is taken again while it is
/// still in use makes work wait that need not, and nothing else.
class cuda_side_streams {
 public:
  explicit cuda_side_streams(int streams = 8) {
    for (int k = 0; k < streams; ++k) streams_.push_back(make_stream());
    later_ = make_stream();
    for (int k = 0; k < 4 * branch_limit; ++k) {
      cudaEvent_t event = nullptr;
      detail::check_cuda(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "create an event");
      events_.push_back(event);
    }
  }
  ~cuda_side_streams() {
    for (cudaEvent_t event : events_) (void)cudaEventDestroy(event);
    for (cudaStream_t s : streams_) (void)cudaStreamDestroy(s);
    (void)cudaStreamDestroy(later_);
  }
  cuda_side_streams(const cuda_side_streams&) = delete;
  cuda_side_streams& operator=(const cuda_side_streams&) = delete;

  /// Calls f(k, policy) for k < count: the last on `e` itself, the others on streams that begin where e's
  /// stream is; then e's stream waits for all.
  template <class E, class F>
  void branch(const E& e, int count, const F& f) const {
    cudaEvent_t ends[branch_limit];
    const cudaEvent_t begin = record(e.stream);
    for (int k = 0; k + 1 < count; ++k) {
      E own = e;
      own.stream = streams_[next_stream_++ % streams_.size()];
      wait(own.stream, begin);
      f(k, own);
      ends[k] = record(own.stream);
    }
    f(count - 1, e);
    for (int k = 0; k + 1 < count; ++k) wait(e.stream, ends[k]);
  }

  /// Calls f(policy) on a stream that begins where e's stream is, after all that came here before.
  template <class E, class F>
  void later(const E& e, const F& f) const {
    wait(later_, record(e.stream));
    E own = e;
    own.stream = later_;
    f(own);
    pending_ = true;
  }
  /// e's stream waits for that.
  template <class E>
  void finish(const E& e) const {
    if (pending_) wait(e.stream, record(later_));
    pending_ = false;
  }

 private:
  static cudaStream_t make_stream() {
    cudaStream_t s = nullptr;
    detail::check_cuda(cudaStreamCreate(&s), "create a stream");
    return s;
  }
  cudaEvent_t record(cudaStream_t s) const {
    const cudaEvent_t event = events_[next_event_++ % events_.size()];
    detail::check_cuda(cudaEventRecord(event, s), "record an event");
    return event;
  }
  static void wait(cudaStream_t s, cudaEvent_t event) {
    detail::check_cuda(cudaStreamWaitEvent(s, event, 0), "wait for an event");
  }

  std::vector<cudaStream_t> streams_;
  cudaStream_t later_ = nullptr;
  std::vector<cudaEvent_t> events_;
  mutable std::size_t next_stream_ = 0, next_event_ = 0;
  mutable bool pending_ = false;
};

}  // namespace diffam::exec
