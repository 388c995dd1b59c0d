// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Selects the device, and makes the fit on the CPU.
#include "fit/engine.hpp"

#include "diffam/exec/threads.hpp"
#include "fit/engine_of.hpp"
#if defined(DIFFAM_WITH_CUDA)
#include "fit/engine_cuda.hpp"
#endif

namespace diffam::program {

namespace {

/// "cuda:N" for "cuda" or "cuda:N"; empty for other text.
std::string cuda_name(const std::string& asked) {
  if (asked == "cuda") return "cuda:0";
  const bool numbered = asked.starts_with("cuda:") && asked.size() > 5 && asked.size() < 9 &&
                        asked.find_first_not_of("0123456789", 5) == std::string::npos;
  return numbered ? asked : "";
}

}  // namespace

#if defined(DIFFAM_WITH_CUDA)

device_choice resolve_device(const std::string& asked, std::vector<std::string>& warnings) {
  if (asked == "cpu") return {"cpu"};
  const std::string name = asked == "auto" ? "cuda:0" : cuda_name(asked);
  if (name.empty()) throw error("device: expected auto, cpu, cuda or cuda:N, got " + asked);
  try {
    try_cuda_device(name);
    return {name, asked == "auto"};
  } catch (const error& e) {
    if (asked != "auto") throw error("device " + name + ": " + e.what(), e.kind());
    warnings.push_back("device: on the CPU, since " + std::string(e.what()));
    return {"cpu"};
  }
}

#else

device_choice resolve_device(const std::string& asked, std::vector<std::string>&) {
  if (asked == "auto" || asked == "cpu") return {"cpu"};
  if (!cuda_name(asked).empty())
    throw error("device " + asked + ": not available: this program was built without CUDA",
                error_kind::no_device);
  throw error("device: expected auto, cpu, cuda or cuda:N, got " + asked);
}

#endif

std::unique_ptr<fit_engine> make_fit_engine([[maybe_unused]] device_choice& device, int threads,
                                            const volume_view<float>& ct, const spine::centroid_list& centres,
                                            const spine::template_set& templates,
                                            const spine::fit_options& options,
                                            std::vector<std::string>& warnings) {
#if defined(DIFFAM_WITH_CUDA)
  if (device.name != "cpu") {
    const std::size_t before = warnings.size();
    try {
      return make_cuda_engine(ct, centres, templates, options, warnings);
    } catch (const error& e) {
      if (e.kind() != error_kind::no_device || !device.may_fall_back) throw;
      warnings.resize(before);  // the set-up on the CPU repeats these warnings
      warnings.push_back("device: on the CPU, since " + std::string(e.what()));
      device = {"cpu"};
    }
  }
#endif
  return std::make_unique<engine_of<exec::threads>>(exec::threads(threads), ct, centres, templates, options,
                                                    warnings);
}

}  // namespace diffam::program
