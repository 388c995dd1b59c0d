// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit behind one interface for all devices, chosen at run time; the rest of the program does not see how
// it is compiled.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "diffam/image/volume.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/fit_result.hpp"
#include "diffam/spine/template_set.hpp"

namespace diffam::program {

class fit_engine {
 public:
  virtual ~fit_engine() = default;
  virtual bool done() const = 0;
  virtual void step() = 0;
  virtual std::uint64_t iteration() const = 0;
  virtual spine::loss_values losses() const = 0;
  virtual spine::fit_result result() = 0;
  virtual std::vector<std::byte> checkpoint() const = 0;
  virtual void restore(std::span<const std::byte> state) = 0;
  virtual index_t planned_bytes() const = 0;
};

/// What --device means here: "cpu" or "cuda:N". Throws `error`: no_device where it is not there, usage where
/// the text means nothing.
std::string resolve_device(const std::string& asked);

std::unique_ptr<fit_engine> make_fit_engine(const std::string& device, int threads, const volume<float>& ct,
                                            const spine::centroid_list& centres,
                                            const spine::template_set& templates,
                                            const spine::fit_options& options,
                                            std::vector<std::string>& warnings);

}  // namespace diffam::program
