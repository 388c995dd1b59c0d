# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Finds an nvcc with C++20 (sets DIFFAM_NVCC) and sets the flags of our own CUDA code. Users do not need these
# flags: the headers compile with `nvcc -std=c++20` alone.

include(CheckLanguage)
check_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER)
  message(STATUS "No nvcc: CUDA code is left out")
else()
  if(NOT CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 75)    # the oldest one in CUDA 13; newer devices translate it at start
  endif()
  enable_language(CUDA)
  if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12.0)
    message(STATUS "nvcc ${CMAKE_CUDA_COMPILER_VERSION} does not know C++20: CUDA code is left out")
  else()
    set(DIFFAM_NVCC ON)
    add_library(diffam_own_cuda_flags INTERFACE)
    target_compile_options(diffam_own_cuda_flags INTERFACE
      $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20 $<$<BOOL:${DIFFAM_WERROR}>:-Werror=all-warnings>>)    # CMake 3.25 lacks CUDA_STANDARD 20
    # All files of a program need the same -march: Eigen's alignment of memory depends on it, and one file may
    # free memory that another one allocated.
    if(diffam_march)
      target_compile_options(diffam_own_cuda_flags INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${diffam_march}>)
    endif()
  endif()
endif()
if(DIFFAM_CUDA AND NOT DIFFAM_NVCC)
  message(FATAL_ERROR "DIFFAM_CUDA is on, and there is no nvcc of CUDA 12 or later: set CMAKE_CUDA_COMPILER")
endif()
