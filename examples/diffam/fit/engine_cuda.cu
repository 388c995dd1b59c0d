// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit on a GPU. All data is in device memory, and an iteration is a replayed CUDA graph.
#include "fit/engine_cuda.hpp"

#include "diffam/solve/replay.cuh"
#include "fit/engine_of.hpp"

namespace diffam::program {

namespace {

/// A base class, so that the streams are made before the fit and destroyed after it.
struct stream_owner {
  exec::cuda_stream stream;
  exec::cuda_side_streams side;
  exec::cuda policy() const { return {stream.get(), &side}; }
};

class cuda_engine final : stream_owner, public engine_of<exec::cuda> {
 public:
  cuda_engine(const volume_view<float>& ct, const spine::centroid_list& centres,
              const spine::template_set& templates, const spine::fit_options& options,
              std::vector<std::string>& warnings)
      : engine_of(policy(), ct, centres, templates, options, warnings), replayed_(fit_, policy()) {}

  void step() override { replayed_.step(); }
  std::uint64_t read_loss_every() const override { return 50; }

 private:
  replayed<spine::spine_fit<float, exec::cuda>> replayed_;
};

}  // namespace

void try_cuda_device(const std::string& name) {
  exec::use_cuda_device(std::stoi(name.substr(5)));
}

std::unique_ptr<fit_engine> make_cuda_engine(const volume_view<float>& ct,
                                             const spine::centroid_list& centres,
                                             const spine::template_set& templates,
                                             const spine::fit_options& options,
                                             std::vector<std::string>& warnings) {
  return std::make_unique<cuda_engine>(ct, centres, templates, options, warnings);
}

}  // namespace diffam::program
