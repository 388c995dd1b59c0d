#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
set -euo pipefail
# shellcheck disable=SC2086
cmake -S "$SRC_DIR" -B build -G Ninja ${CMAKE_ARGS} -DCMAKE_BUILD_TYPE=Release -DDIFFAM_BUILD_TESTS=OFF
cmake --build build
cmake --install build --prefix "$PREFIX"
