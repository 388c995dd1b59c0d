// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Golden values: values and gradients of an independent implementation, read from the shared folder. If the
// folder is missing, a test that needs them says so and skips the comparison.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "diffam/core/buffer.hpp"
#include "support/catch.hpp"

namespace diffam::test {

inline std::filesystem::path shared_dir() {
  return DIFFAM_SHARED_DIR;
}

/// Whether the file exists. If not, the running test warns "SKIPPED" with the name of the file.
inline bool shared_file_present(const std::string& name) {
  if (std::filesystem::exists(shared_dir() / name)) return true;
  WARN("SKIPPED: no " << name << " in the shared folder");
  return false;
}

/// Numbers and nested lists of numbers, by name. golden.cpp reads the JSON, so that few files compile the
/// JSON library.
class golden {
 public:
  explicit golden(const std::string& component);
  static bool present(const std::string& component) {
    return shared_file_present("golden/" + component + ".json");
  }

  double number(const std::string& key) const { return numbers(key).at(0); }

  /// All numbers of a nested list, in order.
  std::vector<double> numbers(const std::string& key) const { return lists_.at(key).all; }
  /// The same as a buffer. The innermost lists are its rows; a flat list is one column.
  template <class T = double>
  buffer<T> matrix(const std::string& key) const {
    const list& from = lists_.at(key);
    buffer<T> b(static_cast<index_t>(from.all.size()) / from.cols, from.cols);
    for (index_t i = 0; i < b.size(); ++i)
      b.data()[i] = static_cast<T>(from.all[static_cast<std::size_t>(i)]);
    return b;
  }
  std::vector<face> faces(const std::string& key) const {
    const std::vector<double> all = numbers(key);
    std::vector<face> f(all.size() / 3);
    for (std::size_t i = 0; i < f.size(); ++i)
      for (int k = 0; k < 3; ++k)
        f[i][k] = static_cast<stored_index>(all[3 * i + static_cast<std::size_t>(k)]);
    return f;
  }

 private:
  struct list {
    std::vector<double> all;
    index_t cols = 1;  // length of the innermost lists; 1 for a flat list
  };
  std::map<std::string, list> lists_;
};

/// The renderer's parameters or their gradients as one flat block, in the order of the layout. `prefix` is
/// part of the keys, such as "p0_".
inline std::vector<double> renderer_block(const golden& g, const std::string& prefix) {
  std::vector<double> flat;
  for (const char* name : {"lin_0_weight", "lin_0_bias", "ln_0_weight", "ln_0_bias", "lin_1_weight",
                           "lin_1_bias", "ln_1_weight", "ln_1_bias", "lin_2_weight", "lin_2_bias"}) {
    const auto part = g.numbers(prefix + name);
    flat.insert(flat.end(), part.begin(), part.end());
  }
  return flat;
}

/// Largest |a - b| over all elements, divided by the largest |b|.
template <class T, class U>
double relative_difference(view<T> a, view<U> b) {
  REQUIRE(a.size() == b.size());
  double worst = 0, size = 1e-300;
  for (index_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    size = std::max(size, std::abs(static_cast<double>(b[i])));
  }
  return worst / size;
}

}  // namespace diffam::test
