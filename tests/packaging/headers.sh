#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# headers.sh alone INCLUDE_DIR COMPILER [FLAG...]: each header compiles alone and when included twice. Headers that a
# test includes first are skipped, because the test has compiled them alone.
# headers.sh together INCLUDE_DIR COMPILER [FLAG...]: all headers compile in one unit, in alphabetical and in reverse
# order. This is for a second compiler: missing includes are the same for every compiler, warnings differ.
set -euo pipefail
mode=$1 root=$2
shift 2
export DIFFAM_COMPILE="$* -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Werror -x c++ -"

# Compiles a unit that includes its arguments.
compile() {
  # shellcheck disable=SC2086  # the command is split into its words
  printf '#include "%s"\n' "$@" | $DIFFAM_COMPILE
}
compile_alone() {
  compile "$1" "$1" || { echo "does not stand alone: $1"; return 1; }
}
export -f compile compile_alone

tests=$(cd "$(dirname "$0")/.." && pwd)
mapfile -t headers < <(cd "$root" && find diffam -name '*.hpp' | sort)
if [[ "$*" != *gdcm* ]]; then    # GDCM is not installed
  mapfile -t headers < <(printf '%s\n' "${headers[@]}" | grep -v '^diffam/io/dicom')
fi
[[ ${#headers[@]} -gt 20 ]] || { echo "only ${#headers[@]} headers under $root"; exit 1; }
case $mode in
  alone)
    mapfile -t first < <(find "$tests" -name '*.cpp' -exec grep -h -m 1 '^#include' {} + |
      sed -n 's/^#include "\(diffam\/.*\)"$/\1/p' | sort -u)
    mapfile -t headers < <(printf '%s\n' "${headers[@]}" | grep -vxFf <(printf '%s\n' "${first[@]}"))
    printf '%s\0' "${headers[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'compile_alone "$1"' _
    ;;
  together)
    compile "${headers[@]}"
    mapfile -t backward < <(printf '%s\n' "${headers[@]}" | tac)
    compile "${backward[@]}"
    ;;
  *) echo "expected alone or together, found $mode"; exit 2 ;;
esac
echo "${#headers[@]} headers compile $mode"
