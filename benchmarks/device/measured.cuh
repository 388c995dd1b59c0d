// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A policy like exec::cuda that records an event before and after every launch, by the name of the kernel. It
// is slower than exec::cuda, and the time of a launch includes the gap between two kernels. The kernels and
// their order are the same.
#pragma once

#include <cxxabi.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <typeinfo>

#include "timing.cuh"

namespace diffam::bench {

/// The name without namespaces and arguments: "mlp_tile_forward" for diffam::detail::mlp_tile_forward<float>.
inline std::string short_name(const std::type_info& type) {
  int status = 0;
  char* whole = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? whole : type.name();
  std::free(whole);
  name = name.substr(0, name.find('<'));
  const std::size_t colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

class launch_log {
 public:
  struct entry {
    int launches = 0;
    double us = 0;
  };

  template <class Launch>
  void around(const exec::cuda& e, const std::string& name, const Launch& launch) {
    if (!on) return launch();
    laps_.emplace_back(name);
    laps_.back().begin.record(e);
    launch();
    laps_.back().end.record(e);
  }
  /// The sums by name of all launches since the last call.
  std::map<std::string, entry> collect(const exec::cuda& e) {
    e.wait();
    std::map<std::string, entry> sums;
    for (const lap& l : laps_) {
      ++sums[l.name].launches;
      sums[l.name].us += l.end.since(l.begin);
    }
    laps_.clear();
    return sums;
  }

  bool on = false;

 private:
  struct lap {
    explicit lap(const std::string& n) : name(n) {}
    std::string name;
    cuda_event begin, end;
  };
  std::deque<lap> laps_;  // a deque, because events cannot move
};

struct measured : exec::cuda {
  launch_log* log;

  measured(cudaStream_t s, launch_log& l) : exec::cuda{s}, log(&l) {}
  const exec::cuda& plain() const { return *this; }

  /// Runs branches one after the other. Else the time of one launch would contain other launches.
  template <class F>
  void branch(int count, const F& f) const {
    for (int k = 0; k < count; ++k) f(k, *this);
  }
  template <class F>
  void later(const F& f) const {
    f(*this);
  }
  template <class F>
  void for_each_index(index_t n, const F& f, index_t grain = 1) const {
    log->around(plain(), short_name(typeid(F)), [&] { plain().for_each_index(n, f, grain); });
  }
  template <exec::block_kernel K>
  void for_each_block(index_t count, const K& kernel) const {
    log->around(plain(), short_name(typeid(K)), [&] { plain().for_each_block(count, kernel); });
  }
  template <class T>
  void fill(view<T> x, std::type_identity_t<T> value) const {
    log->around(plain(), "fill", [&] { plain().fill(x, value); });
  }
  template <class T>
  void copy(view<const T> from, view<std::type_identity_t<T>> to) const {
    log->around(plain(), "copy", [&] { plain().copy(from, to); });
  }
  template <class F, class T>
  void reduce(index_t n, const F& f, T* out, view<T> scratch) const {
    log->around(plain(), "sum of " + short_name(typeid(F)), [&] { plain().reduce(n, f, out, scratch); });
  }
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows, view<std::type_identity_t<T>> out,
                   view<std::byte> scratch, bool same_keys = false) const {
    log->around(plain(), same_keys ? "scatter_add, keys sorted" : "scatter_add",
                [&] { plain().scatter_add(keys, rows, out, scratch, same_keys); });
  }
  void sort_pairs(const exec::pair_sort& s, int bits) const {
    log->around(plain(), "sort_pairs", [&] { plain().sort_pairs(s, bits); });
  }
  template <class Count = std::uint32_t>
  void exclusive_sum(view<Count> x, view<std::byte> scratch) const {
    log->around(plain(), "exclusive_sum", [&] { plain().exclusive_sum(x, scratch); });
  }
  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    log->around(plain(), "gemm", [&] { plain().gemm(a, b, c); });
  }
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    log->around(plain(), "gemm_transposed", [&] { plain().gemm_transposed(a, b, c); });
  }
};

static_assert(exec::policy<measured> && exec::has_blocks<measured>);

}  // namespace diffam::bench
