// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A renderer with parameters away from their initial values, so that no gain is 1 and no shift is 0.
#pragma once

#include <vector>

#include "diffam/check/gradient.hpp"
#include "diffam/render/mlp.hpp"

namespace diffam::test {

/// An MLP with random changes of all parameters.
template <class T, class Exec>
mlp<T, Exec> renderer(const mlp_params& p) {
  mlp<T, Exec> m(p);
  std::vector<T> flat(static_cast<std::size_t>(m.layout().size()));
  const auto random = check::detail::random_vector(static_cast<index_t>(flat.size()), 13, 1);
  const auto start = m.parameters().value;
  for (std::size_t i = 0; i < flat.size(); ++i)
    flat[i] = start[static_cast<index_t>(i)] + static_cast<T>(0.3 * random[i]);
  m.set_parameters(flat);
  return m;
}

}  // namespace diffam::test
