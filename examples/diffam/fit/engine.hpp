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

#include "diffam/image/volume_part.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/fit_result.hpp"
#include "diffam/spine/template.hpp"

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
  /// Iterations between two looks at the losses: a look waits for a GPU, and costs a CPU nothing.
  virtual std::uint64_t look_every() const = 0;
};

/// Where a fit runs.
struct device_choice {
  std::string name;            // "cpu" or "cuda:N"
  bool may_fall_back = false;  // to the CPU, with a warning
};

/// What --device means here. Throws `error`: no_device where it is not there, usage where the text means
/// nothing.
device_choice resolve_device(const std::string& asked, std::vector<std::string>& warnings);

/// Throws `error` (no_device) where the device's memory does not suffice and the choice must not fall back;
/// `device` then names the CPU where it did.
std::unique_ptr<fit_engine> make_fit_engine(device_choice& device, int threads, const volume_view<float>& ct,
                                            const spine::centroid_list& centres,
                                            const spine::template_set& templates,
                                            const spine::fit_options& options,
                                            std::vector<std::string>& warnings);

}  // namespace diffam::program
