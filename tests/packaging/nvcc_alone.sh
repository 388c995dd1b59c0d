#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Compiles a .cu file with the umbrella header as a user of nvcc does: only `-std=c++20` and include folders. It must
# compile without a warning. Then it must run, or report that there is no device (77).
#
#   nvcc_alone.sh NVCC SOURCE OUTPUT INCLUDE...
set -euo pipefail
nvcc=$1 source=$2 output=$3
shift 3
includes=()
for folder in "$@"; do includes+=(-I "$folder"); done
said=$("$nvcc" -std=c++20 "${includes[@]}" "$source" -o "$output" 2>&1) || { echo "$said"; exit 1; }
if [[ -n $said ]]; then
  echo "nvcc_alone: expected no warnings, got:"
  echo "$said"
  exit 1
fi
exec "$output"
