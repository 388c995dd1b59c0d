// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All of diffam but <diffam/io/...>, which needs more libraries. Written by scripts/umbrella.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/core/buffer.hpp"
#include "diffam/core/clock.hpp"
#include "diffam/core/config.hpp"
#include "diffam/core/error.hpp"
#include "diffam/core/random.hpp"
#include "diffam/core/vec.hpp"
#include "diffam/core/view.hpp"

#include "diffam/exec/host_verbs.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/thread_pool.hpp"
#include "diffam/exec/threads.hpp"

#include "diffam/component/component.hpp"
#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"

#include "diffam/check/gradient.hpp"

#include "diffam/mesh/area_sampling.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/laplacian.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/normal_formulas.hpp"
#include "diffam/mesh/normals.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

#include "diffam/shape/coefficients.hpp"
#include "diffam/shape/eigenbasis.hpp"
#include "diffam/shape/projection.hpp"
#include "diffam/shape/spectral_kernels.hpp"
#include "diffam/shape/spectral_map.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"

#include "diffam/sdf/formulas.hpp"
#include "diffam/sdf/lanes.hpp"
#include "diffam/sdf/tree_order.hpp"
#include "diffam/sdf/tree_view.hpp"

#include "diffam/render/activation.hpp"
#include "diffam/render/fourier.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp_layout.hpp"
#include "diffam/render/pack.hpp"
#include "diffam/render/product.hpp"

#include "diffam/image/grid.hpp"
#include "diffam/image/volume.hpp"

#include "diffam/optim/adam.hpp"
#include "diffam/optim/per_block.hpp"
#include "diffam/optim/row_steps.hpp"
#include "diffam/optim/rule.hpp"
#include "diffam/optim/schedule.hpp"
#include "diffam/optim/vector_adam.hpp"

#include "diffam/solve/minimize.hpp"
#include "diffam/solve/solver.hpp"
#include "diffam/solve/summary.hpp"

#include "diffam/spine/centroid.hpp"
#include "diffam/spine/detail/deepness.hpp"
#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/fit_result.hpp"
#include "diffam/spine/labels.hpp"
#include "diffam/spine/pose.hpp"
#include "diffam/spine/voxelise.hpp"

#include "diffam/version.hpp"
