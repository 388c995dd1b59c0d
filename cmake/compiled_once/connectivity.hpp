// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Declares fit_connectivity `extern`. Files that include this use the instantiation in a library of the
// build.
#pragma once

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/template/fit_connectivity.hpp"
#include "eigenbasis.hpp"

namespace diffam::spine {

extern template triangle_mesh<double> fit_connectivity(const exec::serial&, const triangle_mesh<double>&,
                                                       const volume<float>&, const fit_connectivity_params&);
extern template triangle_mesh<double> fit_connectivity(const exec::threads&, const triangle_mesh<double>&,
                                                       const volume<float>&, const fit_connectivity_params&);

}  // namespace diffam::spine
