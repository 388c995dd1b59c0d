#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Checks that the code in a page is the code of an example: the page contains the lines between "README: begin" and
# "README: end" of the example, without their indentation.
#
#   snippets.sh PAGE EXAMPLE
set -euo pipefail
page=$1 example=$2
region=$(sed -n '/README: begin/,/README: end/p' "$example" | sed '1d;$d;s/^  //')
[[ -n $region ]] || { echo "$example: expected a region between 'README: begin' and 'README: end', got none"; exit 1; }
text=$(<"$page")
if [[ $text != *"$region"* ]]; then
  echo "$page: expected the region of $example, line by line:"
  echo "$region"
  exit 1
fi
echo "$page shows what $example runs"
