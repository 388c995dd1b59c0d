// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Code with SIMD vectors that are wider than the target's registers.
#include "diffam/exec/serial.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/scene_distance.hpp"

using diffam::exec::serial;
template class diffam::mlp<float, serial>;
template class diffam::scene_distance<float, serial, diffam::barnes_hut_winding,
                                      diffam::surface_cloud<float, serial>>;
