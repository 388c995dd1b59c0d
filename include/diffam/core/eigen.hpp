// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Include this before every Eigen header. Only set-up code uses Eigen, so nvcc need not compile Eigen for
// devices: this would give hundreds of warnings (Eigen 3.4, CUDA 13). To use Eigen in kernels of your own,
// include Eigen before diffam.
#pragma once

#if defined(__has_include)
#if !__has_include(<Eigen/Core>)
#error \
    "diffam needs Eigen 3.4 here: install it (Debian: libeigen3-dev) and add its folder (-I /usr/include/eigen3)"
#endif
#endif

#if defined(__CUDACC__) && !defined(EIGEN_CORE_H) && !defined(EIGEN_NO_CUDA)
#define EIGEN_NO_CUDA
#endif
