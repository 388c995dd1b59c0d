#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# distances_of_a_file.sh PROGRAM: the program's distances to a cube of edge 2 around the origin are those worked out by
# hand, and a file that is missing is a message and an exit code.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cat >"$folder/cube.off" <<'END'
OFF
8 6 0
-1 -1 -1
1 -1 -1
1 1 -1
-1 1 -1
-1 -1 1
1 -1 1
1 1 1
-1 1 1
4 0 3 2 1
4 4 5 6 7
4 0 1 5 4
4 2 3 7 6
4 1 2 6 5
4 0 4 7 3
END
found=$(printf '0 0 0\n3 0 0\n4 5 1\n0 0 -.75\n' | "$program" "$folder/cube.off" 2>/dev/null)
[[ $found == $'-1\n2\n5\n-0.25' ]] || { echo "expected -1, 2, 5, -.25, got $found"; exit 1; }
code=0
said=$("$program" "$folder/none.off" 2>&1 </dev/null) || code=$?
[[ $code -eq 65 && $said == *none.off* ]] || { echo "expected exit code 65 and the name, got $code: $said"; exit 1; }
