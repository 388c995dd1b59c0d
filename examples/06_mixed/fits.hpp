// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The interface of the fits for main.cpp, without execution policies and CUDA.
#pragma once

double fit_on_cpu();
/// Throws `diffam::error` (no_device) if there is no GPU that can run this program.
double fit_on_gpu();
