// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The appearance function as a curve, for a plot (figure 3d of the paper).
#pragma once

#include <string>
#include <vector>

#include "diffam/component/component.hpp"

namespace diffam {

/// The values of f at `count` distances from `first` to `last`, inclusive. Not for use in an iteration,
/// because it allocates. Throws `diffam::error` if `count` < 2.
template <component Renderer>
std::vector<typename Renderer::scalar> appearance_curve(const Renderer& f, const typename Renderer::exec& e,
                                                        typename Renderer::scalar first,
                                                        typename Renderer::scalar last, index_t count) {
  using T = typename Renderer::scalar;
  using memory = typename Renderer::exec::memory;
  if (count < 2) throw error("appearance_curve: expected 2 or more points, got " + std::to_string(count));
  std::vector<T> at(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < at.size(); ++i)
    at[i] = first + (last - first) * static_cast<T>(i) / static_cast<T>(count - 1);
  buffer<T, memory> distances(count);
  distances.upload(at.data());
  planned<Renderer> p(f, {count, 1});
  f.forward(e, distances.get(), p.output, p.workspace);
  memory::copy_to_host(at.data(), p.output.data, at.size() * sizeof(T));
  return at;
}

}  // namespace diffam
