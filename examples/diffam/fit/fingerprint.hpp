// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A number that identifies a run: a 64-bit FNV-1a hash (Fowler, Noll, Vo 1991) of settings and inputs. It
// detects mistakes, but does not protect against attacks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace diffam::program {

class fingerprint {
 public:
  fingerprint& add(std::span<const std::byte> bytes) {
    for (const std::byte b : bytes) hash_ = (hash_ ^ static_cast<std::uint64_t>(b)) * 0x100000001b3u;
    return *this;
  }
  /// Requires elements without padding bytes.
  template <class T>
  fingerprint& add(const std::vector<T>& values) {
    return add(std::as_bytes(std::span(values)));
  }
  fingerprint& add(const std::string& text) {
    return add(std::as_bytes(std::span(text.data(), text.size())));
  }

  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace diffam::program
