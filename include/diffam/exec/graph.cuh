// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// CUDA graphs: a sequence of launches is recorded once and replayed with one call. Kernels must read values
// that change between replays from device memory (core/clock.hpp).
#pragma once

#include <utility>

#include "diffam/exec/cuda.cuh"

namespace diffam::exec {

/// A recorded sequence of launches. Move-only.
class graph {
 public:
  /// Records what `work` launches on `e`, without running it. Throws `error` if `e` uses the default stream
  /// or if `work` waits, allocates or copies to host memory.
  template <class Work>
  graph(const cuda& e, Work&& work) : exec_(e) {
    require(e.stream != nullptr, "graph: expected a stream of the caller's own, got the default stream");
    detail::check_cuda(cudaStreamBeginCapture(e.stream, cudaStreamCaptureModeThreadLocal), "begin a graph");
    cudaGraph_t recorded = nullptr;
    try {
      work();
      finish(e);
    } catch (...) {  // the stream must not stay in capture
      (void)cudaStreamEndCapture(e.stream, &recorded);
      if (recorded != nullptr) (void)cudaGraphDestroy(recorded);
      (void)cudaGetLastError();
      throw;
    }
    detail::check_cuda(cudaStreamEndCapture(e.stream, &recorded), "record a graph");
    const cudaError_t made = cudaGraphInstantiate(&graph_, recorded, 0);
    (void)cudaGraphDestroy(recorded);
    detail::check_cuda(made, "instantiate a graph");
  }
  graph(graph&& other) noexcept : exec_(other.exec_), graph_(std::exchange(other.graph_, nullptr)) {}
  graph& operator=(graph&& other) noexcept {
    std::swap(exec_, other.exec_);
    std::swap(graph_, other.graph_);
    return *this;
  }
  graph(const graph&) = delete;
  graph& operator=(const graph&) = delete;
  ~graph() {
    if (graph_ != nullptr) (void)cudaGraphExecDestroy(graph_);
  }

  /// Launches the recorded work on the stream of the recording. Throws `error` if the launch fails.
  void launch() const { detail::check_cuda(cudaGraphLaunch(graph_, exec_.stream), "launch a graph"); }

 private:
  cuda exec_;
  cudaGraphExec_t graph_ = nullptr;
};

}  // namespace diffam::exec
