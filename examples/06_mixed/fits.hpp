// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What main.cpp knows of the fits: no policy, no CUDA.
#pragma once

double fit_on_cpu();
/// Throws `diffam::error` (no_device) where there is no GPU that runs this program.
double fit_on_gpu();
