// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All headers except <diffam/io/...> as CUDA code.
#include "diffam/diffam.hpp"

static_assert(DIFFAM_VERSION_MAJOR >= 0);
