// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Comes before every Eigen header. Eigen serves set-up code here, never kernels: nvcc is kept from compiling
// it for devices too, of which it warns hundreds of times (Eigen 3.4, CUDA 13). Who wants Eigen in kernels of
// their own includes it before diffam.
#pragma once

#if defined(__CUDACC__) && !defined(EIGEN_CORE_H) && !defined(EIGEN_NO_CUDA)
#define EIGEN_NO_CUDA
#endif
