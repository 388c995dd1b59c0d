#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# must_not_compile.sh CASE.cpp COMPILER [FLAG...]: the case does not compile, and the message contains the phrase of its
# "// expect:" line. With -DDIFFAM_RIGHT it compiles, which shows that the error has no other cause.
set -euo pipefail
case_file=$1
shift
compile=("$@" -std=c++20 -fsyntax-only)
phrase=$(sed -n 's|^// expect: ||p' "$case_file")
[[ -n $phrase ]] || { echo "$case_file names no phrase"; exit 1; }

if ! message=$("${compile[@]}" -DDIFFAM_RIGHT "$case_file" 2>&1); then
  echo "$message"
  echo "the right version does not compile either"
  exit 1
fi
if message=$("${compile[@]}" "$case_file" 2>&1); then
  echo "compiled, but should not have"
  exit 1
fi
if ! grep -qF -- "$phrase" <<<"$message"; then
  echo "$message"
  echo "refused, but the message does not say: $phrase"
  exit 1
fi
