#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# assertions.sh SOURCE FOLDER COMPILER [FLAG...]: a wrong index ends a Debug program with a message, and also a Release
# program with DIFFAM_ASSERTIONS. It does not end a Release program.
set -uo pipefail
source=$1 folder=$2
shift 2
mkdir -p "$folder"
run() {    # FLAGS: compiles and runs; its output is in $said, its exit status in $code
  "${compile[@]}" "$@" -std=c++20 "$source" -o "$folder/assertions" || exit 1
  said=$("$folder/assertions" 2>&1)
  code=$?
}
compile=("$@")
for flags in "-O0" "-O2 -DNDEBUG -DDIFFAM_ASSERTIONS"; do
  # shellcheck disable=SC2086
  run $flags
  [[ $code -eq 134 && $said == *view.hpp*expected* ]] || { echo "$flags: expected an assertion, got $code: $said"; exit 1; }
done
run -O2 -DNDEBUG
[[ $code -eq 0 && $said == "read 5" ]] || { echo "Release: expected no assertion, got $code: $said"; exit 1; }
