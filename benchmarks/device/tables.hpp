// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The tables of diffam_device_benchmarks, a translation unit each. All print to stdout and work on the
// current device.
#pragma once

namespace diffam::bench {

/// What the device can do, and an iteration of the fit (fit_case.hpp), direct and replayed.
void print_iteration();
/// The same iteration kernel by kernel, with floors.
void print_kernels();
/// A million points against a mesh of 5,000 faces.
void print_distance();
/// The closest face in packets and by 8 or 32 threads a point.
void print_search();

}  // namespace diffam::bench
