// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit on a GPU, for programs built with -DDIFFAM_CUDA=ON; see engine_cuda.cu.
#pragma once

#include "fit/engine.hpp"

namespace diffam::program {

/// Checks that kernels of this program run on device N of "cuda:N". Throws `error` (no_device).
void try_cuda_device(const std::string& name);

/// Makes the fit on the device of the last `try_cuda_device`.
std::unique_ptr<fit_engine> make_cuda_engine(const volume_view<float>& ct,
                                             const spine::centroid_list& centres,
                                             const spine::template_set& templates,
                                             const spine::fit_options& options,
                                             std::vector<std::string>& warnings);

}  // namespace diffam::program
