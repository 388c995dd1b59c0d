// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The tables of diffam_device_benchmarks, each in its own translation unit. All print to stdout and use the
// current device.
#pragma once

namespace diffam::bench {

/// The limits of the device, and an iteration of the fit (fit_case.hpp), direct and replayed from a graph.
void print_iteration();
/// The same iteration kernel by kernel, with a lower bound (floor) of each time.
void print_kernels();
/// Signed distances of a million points to a mesh of 5,000 faces.
void print_distance();
/// The search for the closest face, by packets and with 8, 16 or 32 threads for each point.
void print_search();

}  // namespace diffam::bench
