// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The one place that instantiates the fit.
#include "fit_engine.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/spine/fit.hpp"

namespace diffam::program {

namespace {

template <exec::policy Exec>
class engine final : public fit_engine {
 public:
  engine(const Exec& e, const volume<float>& ct, const spine::centroid_list& centres,
         const spine::template_set& templates, const spine::fit_options& options,
         std::vector<std::string>& warnings)
      : fit_(e, ct, centres, templates, options, warnings) {}

  bool done() const override { return fit_.done(); }
  void step() override { fit_.step(); }
  std::uint64_t iteration() const override { return fit_.iteration(); }
  spine::loss_values losses() const override { return fit_.losses(); }
  spine::fit_result result() override { return fit_.result(); }
  std::vector<std::byte> checkpoint() const override { return fit_.checkpoint(); }
  void restore(std::span<const std::byte> state) override { fit_.restore(state); }
  index_t planned_bytes() const override { return fit_.planned_bytes(); }

 private:
  spine::spine_fit<float, Exec> fit_;
};

}  // namespace

std::string resolve_device(const std::string& asked) {
  if (asked == "auto" || asked == "cpu") return "cpu";
  const bool numbered = asked.starts_with("cuda:") && asked.size() > 5 && asked.size() < 9 &&
                        asked.find_first_not_of("0123456789", 5) == std::string::npos;
  if (asked == "cuda" || numbered)
    throw error("device " + asked + ": not there: this program was built without CUDA",
                error_kind::no_device);
  throw error("device: expected auto, cpu, cuda or cuda:N, got " + asked);
}

std::unique_ptr<fit_engine> make_fit_engine(const std::string&, int threads, const volume<float>& ct,
                                            const spine::centroid_list& centres,
                                            const spine::template_set& templates,
                                            const spine::fit_options& options,
                                            std::vector<std::string>& warnings) {
  return std::make_unique<engine<exec::threads>>(exec::threads(threads), ct, centres, templates, options,
                                                 warnings);
}

}  // namespace diffam::program
