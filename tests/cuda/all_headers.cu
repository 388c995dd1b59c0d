// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All headers except <diffam/io/...> as CUDA code, with the definitions that test_cuda has elsewhere.
#include "diffam/diffam.hpp"
#include "diffam/shape/eigenbasis/compute.hpp"
#include "diffam/spine/template/connectivity_solver.hpp"

static_assert(DIFFAM_VERSION_MAJOR >= 0);
