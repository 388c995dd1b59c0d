// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Step sizes by frequency (Kim & Park 2024, equation 1, doi 10.1117/12.3006602). The step of mode k is scaled
// by (lambda_k / lambda_0)^(-alpha), where lambda_0 is the smallest eigenvalue above 0. The constant mode
// does not move; the translation does its work. The result is a table with one row per coefficient row, for
// `optim::row_steps`, which has the formula.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "diffam/core/buffer.hpp"

namespace diffam {

/// Relative step sizes.
struct spectral_steps_params {
  double spectral_rate = 1;  // of the rows of U_m
  double linear_rate = 1;    // of the rows of B_m
  double shift_rate = 1;     // of t_m
};

/// Tables for the (K + 4) M rows of `spectral_map`'s coefficients.
template <class T,                     // scalar
          class Memory = host_memory>  // memory space of the policy
struct spectral_steps {
  buffer<T, Memory> base;       // (K + 4) M; 0 for the constant mode
  buffer<T, Memory> log_ratio;  // (K + 4) M; log(lambda / lambda_0), 0 for affine rows

  /// `lambda` has K eigenvalues. Throws `error` if one is negative or not finite.
  spectral_steps(const std::vector<double>& lambda, index_t vertebrae, spectral_steps_params p = {}) {
    double smallest = 0;  // smallest eigenvalue above 0
    for (double l : lambda) {
      if (!(l >= 0) || std::isinf(l))
        throw error("spectral_steps: expected eigenvalues >= 0, got " + std::to_string(l));
      if (l > 0 && (smallest == 0 || l < smallest)) smallest = l;
    }
    const auto modes = static_cast<index_t>(lambda.size());
    buffer<T> b((modes + 4) * vertebrae), r((modes + 4) * vertebrae);
    for (index_t m = 0; m < vertebrae; ++m) {
      const index_t first = m * (modes + 4);
      for (index_t k = 0; k < modes; ++k) {
        const double l = lambda[static_cast<std::size_t>(k)];
        b.data()[first + k] = static_cast<T>(l > 0 ? p.spectral_rate : 0);
        r.data()[first + k] = static_cast<T>(l > 0 ? std::log(l / smallest) : 0);
      }
      for (index_t k = 0; k < 3; ++k) b.data()[first + modes + k] = static_cast<T>(p.linear_rate);
      b.data()[first + modes + 3] = static_cast<T>(p.shift_rate);
    }
    base = make_buffer<Memory>(b.get());
    log_ratio = make_buffer<Memory>(r.get());
  }
};

}  // namespace diffam
