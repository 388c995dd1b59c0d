// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The version of diffam. CMake reads it from this file.
#pragma once

#define DIFFAM_VERSION_MAJOR 0
#define DIFFAM_VERSION_MINOR 2
#define DIFFAM_VERSION_PATCH 0
#define DIFFAM_VERSION "0.2.0"
