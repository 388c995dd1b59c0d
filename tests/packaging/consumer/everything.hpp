// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Includes the umbrella header and the optional io headers that exist.
#pragma once

#include <diffam/diffam.hpp>
#if __has_include(<diffam/io/nifti.hpp>)
#include <diffam/io/nifti.hpp>
#endif
#if __has_include(<diffam/io/mesh_file.hpp>)
#include <diffam/io/mesh_file.hpp>
#endif
#if __has_include(<diffam/io/centroid_file.hpp>)
#include <diffam/io/centroid_file.hpp>
#endif
#if __has_include(<diffam/io/png.hpp>)
#include <diffam/io/png.hpp>
#endif
