// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Values and gradients of an independent implementation, read from the shared folder. Without that folder a
// test that asks for them says so and passes over the comparison.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "diffam/core/buffer.hpp"
#include "support/catch.hpp"

namespace diffam::test {

inline std::filesystem::path shared_dir() {
  return DIFFAM_SHARED_DIR;
}

/// True where the file is there; else the running test warns "SKIPPED" with the file's name.
inline bool shared_file_present(const std::string& name) {
  if (std::filesystem::exists(shared_dir() / name)) return true;
  WARN("SKIPPED: no " << name << " in the shared folder");
  return false;
}

class golden {
 public:
  explicit golden(const std::string& component) {
    std::ifstream in(shared_dir() / "golden" / (component + ".json"));
    json_ = nlohmann::json::parse(in);
  }
  static bool present(const std::string& component) {
    return shared_file_present("golden/" + component + ".json");
  }

  double number(const std::string& key) const { return json_.at(key).get<double>(); }

  /// All numbers of a nested list, in order.
  std::vector<double> numbers(const std::string& key) const {
    std::vector<double> out;
    flatten(json_.at(key), out);
    return out;
  }
  /// The same as a buffer: rows = the outer extents, cols = the innermost (a flat list is a column).
  template <class T = double>
  buffer<T> matrix(const std::string& key) const {
    const std::vector<double> all = numbers(key);
    const auto* inner = &json_.at(key);
    int depth = 0;
    for (; inner->is_array() && !inner->empty(); inner = &(*inner)[0]) {
      ++depth;
      if (!(*inner)[0].is_array()) break;
    }
    const index_t cols = depth > 1 ? static_cast<index_t>(inner->size()) : 1;
    buffer<T> b(static_cast<index_t>(all.size()) / cols, cols);
    for (index_t i = 0; i < b.size(); ++i) b.data()[i] = static_cast<T>(all[static_cast<std::size_t>(i)]);
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
  static void flatten(const nlohmann::json& j, std::vector<double>& out) {
    if (j.is_array())
      for (const auto& e : j) flatten(e, out);
    else
      out.push_back(j.get<double>());
  }
  nlohmann::json json_;
};

/// The renderer's parameters or their gradients as one flat block, in the layout's order; `prefix` such as
/// "p0_".
inline std::vector<double> renderer_block(const golden& g, const std::string& prefix) {
  std::vector<double> flat;
  for (const char* name : {"lin_0_weight", "lin_0_bias", "ln_0_weight", "ln_0_bias", "lin_1_weight",
                           "lin_1_bias", "ln_1_weight", "ln_1_bias", "lin_2_weight", "lin_2_bias"}) {
    const auto part = g.numbers(prefix + name);
    flat.insert(flat.end(), part.begin(), part.end());
  }
  return flat;
}

/// Largest |a - b| over all elements, relative to the largest |b|.
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
