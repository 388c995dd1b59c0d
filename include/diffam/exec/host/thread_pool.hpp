// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A persistent pool of worker threads. A launch takes a few microseconds and allocates nothing. OpenMP is not
// used: it forces a compiler flag on every user, and gcc's runtime gives false reports under TSan.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "diffam/core/config.hpp"

namespace diffam::exec::detail {

/// A pause in a busy wait.
inline void pause_briefly() {
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

/// The thread pool of the process.
class thread_pool {
 public:
  /// The only pool. Workers start when a policy that needs them is constructed, and stop at exit.
  static thread_pool& instance() {
    static thread_pool pool;
    return pool;
  }

  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  ~thread_pool() {
    stopping_.store(true);
    for (auto& w : workers_) w->wake();
    for (auto& w : workers_) w->thread.join();
  }

  /// Starts workers until there are `count` beside the calling thread. For set-up: allocates, and throws if
  /// the system cannot start a thread.
  void reserve(int count) {
    const std::lock_guard lock(launch_);
    while (static_cast<int>(workers_.size()) < count) {
      workers_.reserve(workers_.size() + 1);
      auto w = std::make_unique<worker>();
      w->thread = std::thread([this, p = w.get()] { work(*p); });
      workers_.push_back(std::move(w));
    }
  }

  /// Runs f(chunk) for all chunk < count on the calling thread and at most `helpers` workers. A nested launch
  /// runs on the thread that calls it. Launches from several threads run one after the other.
  template <class F>
  void run(index_t count, int helpers, const F& f) {
    if (inside_ || helpers <= 0 || count <= 1) {
      for (index_t chunk = 0; chunk < count; ++chunk) f(chunk);
      return;
    }
    const std::lock_guard lock(launch_);
    task_ = {&f, [](const void* g, index_t chunk) { (*static_cast<const F*>(g))(chunk); }, count};
    next_.store(0, std::memory_order_relaxed);
    const int used = static_cast<int>(count - 1 < helpers ? count - 1 : helpers);
    pending_.store(used, std::memory_order_relaxed);
    for (int i = 0; i < used; ++i) workers_[static_cast<std::size_t>(i)]->wake();
    inside_ = true;
    drain();
    inside_ = false;
    wait_for_helpers();
  }

 private:
  struct task {
    const void* functor = nullptr;
    void (*call)(const void*, index_t) = nullptr;
    index_t count = 0;
  };

  struct alignas(64) worker {
    std::atomic<std::uint32_t> launches{0};  // 32 bits: a futex of its own; 64 bits share one with others
    std::thread thread;

    void wake() {
      launches.fetch_add(1, std::memory_order_release);
      launches.notify_one();
    }
  };

  thread_pool() = default;

  /// noexcept: a kernel that throws ends the program. Otherwise helpers would continue with a destroyed
  /// functor.
  void drain() noexcept {
    for (index_t chunk = next_.fetch_add(1, std::memory_order_relaxed); chunk < task_.count;
         chunk = next_.fetch_add(1, std::memory_order_relaxed))
      task_.call(task_.functor, chunk);
  }

  void work(worker& w) {
    inside_ = true;
    std::uint32_t seen = 0;
    for (;;) {
      for (int spin = 0; spin < spins_ && w.launches.load(std::memory_order_acquire) == seen; ++spin)
        pause_briefly();
      w.launches.wait(seen, std::memory_order_acquire);
      seen = w.launches.load(std::memory_order_acquire);
      if (stopping_.load()) return;
      drain();
      if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
    }
  }

  void wait_for_helpers() {
    for (int spin = 0; spin < spins_ && pending_.load(std::memory_order_acquire) != 0; ++spin)
      pause_briefly();
    for (int left = pending_.load(std::memory_order_acquire); left != 0;
         left = pending_.load(std::memory_order_acquire))
      pending_.wait(left, std::memory_order_acquire);
  }

  /// Iterations of a busy wait before a thread sleeps: faster between the short kernels of an iteration.
  static constexpr int spins_ = 400;
  static inline thread_local bool inside_ = false;

  std::mutex launch_;
  std::vector<std::unique_ptr<worker>> workers_;
  task task_;
  std::atomic<index_t> next_{0};
  std::atomic<int> pending_{0};
  std::atomic<bool> stopping_{false};
};

}  // namespace diffam::exec::detail
