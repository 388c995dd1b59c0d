#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# headers_alone.sh INCLUDE_DIR COMPILER [FLAG...]: every header compiles when it is the only one, and when it is
# included twice.
set -euo pipefail
root=$1
shift
export DIFFAM_COMPILE="$* -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Werror -x c++ -"

compile_alone() {
  # shellcheck disable=SC2086  # the command is split into its words
  printf '#include "%s"\n#include "%s"\n' "$1" "$1" | $DIFFAM_COMPILE || { echo "does not stand alone: $1"; return 1; }
}
export -f compile_alone

mapfile -t headers < <(cd "$root" && find diffam -name '*.hpp' | sort)
[[ ${#headers[@]} -gt 20 ]] || { echo "only ${#headers[@]} headers under $root"; exit 1; }
printf '%s\0' "${headers[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'compile_alone "$1"' _
echo "${#headers[@]} headers stand alone"
