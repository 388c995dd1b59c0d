// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Streams for branches (exec/branches.hpp), beside the policy's own stream. In a recorded graph they become
// branches, so a kernel can use the part of the device that another kernel leaves free.
#pragma once

#include <vector>

#include "diffam/exec/branches.hpp"
#include "diffam/exec/cuda/memory.cuh"

namespace diffam::exec {

/// The streams and events. One host thread may use them at a time. Streams and events are reused in turn: if
/// one is still in use, later work waits longer than it must, but results do not change.
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

  /// Calls f(k, policy) for k < count. The last call runs on `e` itself. The others run on streams that begin
  /// after the work of e's stream so far. Then e's stream waits for all of them.
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

  /// Calls f(policy) on a stream that begins after the work of e's stream so far and after earlier calls of
  /// `later`.
  template <class E, class F>
  void later(const E& e, const F& f) const {
    wait(later_, record(e.stream));
    E own = e;
    own.stream = later_;
    f(own);
    pending_ = true;
  }
  /// Makes e's stream wait for the work of `later`.
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
