// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Instantiates fit_connectivity for all targets of the build that define DIFFAM_CONNECTIVITY_ELSEWHERE.
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/template/connectivity_solver.hpp"

namespace diffam::spine {

template triangle_mesh<double> fit_connectivity(const exec::serial&, const triangle_mesh<double>&,
                                                const volume<float>&, const fit_connectivity_params&);
template triangle_mesh<double> fit_connectivity(const exec::threads&, const triangle_mesh<double>&,
                                                const volume<float>&, const fit_connectivity_params&);

}  // namespace diffam::spine
