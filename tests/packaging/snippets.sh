#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Code shown in a page is code that runs. Each ```cpp block of the pages has to be a region of a file that is compiled
# and run: the lines between `// [name]` and `// [/name]`, without the indentation of the first one. A region that no
# page shows is an error too. docs/notebook is left out: its text is of its date.
#
#   snippets.sh ROOT
set -euo pipefail
cd "$1"
mapfile -t sources < <(grep -rlE '^ *// \[[a-z_0-9]+\]$' examples tests --include='*.cpp' --include='*.cu' --include='*.cuh' --include='*.hpp' | sort)
mapfile -t pages < <(printf '%s\n' README.md; find docs -name '*.md' -not -path 'docs/notebook/*' | sort)

awk '
  function end_of_region() {
    sub(/\n+$/, "", text)
    if (text in where) { print FILENAME ": the region " name " has the text of " where[text]; failed = 1 }
    where[text] = FILENAME ": " name
    name = ""
  }
  FNR == 1 { if (name != "") { print before ": the region " name " has no end"; failed = 1 } name = ""; before = FILENAME }

  FILENAME ~ /\.md$/ && /^```cpp$/ { inside = 1; text = ""; line = FNR; next }
  FILENAME ~ /\.md$/ && /^```$/ && inside {
    inside = 0; ++blocks
    sub(/\n+$/, "", text)
    if (text in where) shown[text] = 1
    else { print FILENAME ":" line ": expected a region of a file that is run, got code that is none:\n" text; failed = 1 }
    next
  }
  FILENAME ~ /\.md$/ { if (inside) text = text $0 "\n"; next }

  match($0, /^ *\/\/ \[[a-z_0-9]+\]$/) {
    name = $0; sub(/^ *\/\/ \[/, "", name); sub(/\]$/, "", name); text = ""; indent = -1; next
  }
  name != "" && $0 ~ "^ *// \\[/" name "\\]$" { end_of_region(); next }
  name != "" {
    if (indent < 0) { match($0, /^ */); indent = RLENGTH }
    blank = $0; gsub(/ /, "", blank)
    text = text (blank == "" ? "" : substr($0, indent + 1)) "\n"
  }
  END {
    for (text in where) if (!(text in shown)) { print where[text] ": no page shows this region"; failed = 1 }
    if (blocks == 0) { print "expected pages with code, got none"; failed = 1 }
    if (!failed) print blocks " blocks of code are regions of files that are run"
    exit failed
  }
' "${sources[@]}" "${pages[@]}"
