// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One interface to the fit for all devices, chosen at run time. The rest of the program does not depend on
// how the fit is compiled.
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

/// The functions of `spine::spine_fit`.
class fit_engine {
 public:
  virtual ~fit_engine() = default;
  virtual bool done() const = 0;
  virtual void step() = 0;
  virtual std::uint64_t iteration() const = 0;
  virtual spine::loss_values losses() const = 0;
  virtual spine::fit_result result() = 0;
  virtual spine::fit_result result(const volume_view<float>& ct) = 0;
  virtual std::vector<std::byte> checkpoint() const = 0;
  virtual void restore(std::span<const std::byte> state) = 0;
  virtual index_t planned_bytes() const = 0;
  /// Iterations between two reads of the losses: a read synchronises a GPU, and costs nothing on a CPU.
  virtual std::uint64_t read_loss_every() const = 0;
};

/// The device of a fit.
struct device_choice {
  std::string name;            // "cpu" or "cuda:N"
  bool may_fall_back = false;  // may use the CPU instead, with a warning
};

/// The device for the argument of --device. Throws `error`: no_device where the device does not exist, usage
/// where the text is not a device.
device_choice resolve_device(const std::string& asked, std::vector<std::string>& warnings);

/// Makes the fit on `device`. If the device has too little memory, the fit is made on the CPU where the
/// choice may fall back, and `device` is set to it; otherwise this throws `error` (no_device).
std::unique_ptr<fit_engine> make_fit_engine(device_choice& device, int threads, const volume_view<float>& ct,
                                            const spine::centroid_list& centres,
                                            const spine::template_set& templates,
                                            const spine::fit_options& options,
                                            std::vector<std::string>& warnings);

}  // namespace diffam::program
