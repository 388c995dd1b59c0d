#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# packages.sh BUILD FOLDER CONSUMER COMPILER: cpack makes a tarball and Debian packages of BUILD. They are installed into
# empty roots; a program is compiled with the files of each, and the packaged diffam runs. Returns 77 (skipped) without
# dpkg or root.
set -euo pipefail
build=$1 folder=$2 consumer=$3 compiler=$4
command -v dpkg >/dev/null && command -v dpkg-deb >/dev/null && [[ $(id -u) -eq 0 ]] || exit 77
rm -rf "$folder"
mkdir -p "$folder/made" "$folder/root/var/lib/dpkg/info" "$folder/root/var/lib/dpkg/updates" "$folder/unpacked"
touch "$folder/root/var/lib/dpkg/status"
cpack --config "$build/CPackConfig.cmake" -B "$folder/made" >"$folder/cpack.txt" 2>&1 || { cat "$folder/cpack.txt"; exit 1; }

# Dependencies are not in the empty root; that they are stated is checked below.
dpkg --root="$folder/root" --force-depends -i "$folder"/made/*.deb >"$folder/dpkg.txt" 2>&1 || { cat "$folder/dpkg.txt"; exit 1; }
tar -xzf "$folder"/made/*.tar.gz --strip-components=1 -C "$folder/unpacked"
library=$(echo "$folder"/made/libdiffam-dev_*.deb)
dpkg-deb -f "$library" Depends | grep -q libeigen3-dev || { echo "libdiffam-dev does not depend on Eigen"; exit 1; }

use() {    # PREFIX NAME: compiles and runs a program
  cmake -S "$consumer" -B "$folder/$2" "-DCMAKE_PREFIX_PATH=$1" "-DCMAKE_CXX_COMPILER=$compiler" >/dev/null
  grep -q "diffam_DIR:PATH=$1/" "$folder/$2/CMakeCache.txt" || { echo "$2: another diffam was found"; exit 1; }
  cmake --build "$folder/$2" >/dev/null
  "$folder/$2/sphere"
}
use "$folder/root/usr" of_deb
prefix=$(cd "$folder/unpacked" && [[ -d usr ]] && echo "$folder/unpacked/usr" || echo "$folder/unpacked")
use "$prefix" of_tarball

if [[ -e $folder/root/usr/bin/diffam ]]; then
  "$folder/root/usr/bin/diffam" --version
  dpkg-deb -f "$folder"/made/diffam_*.deb Depends | grep -q libc6 || { echo "diffam states no dependencies"; exit 1; }
elif compgen -G "$folder/made/diffam_*.deb" >/dev/null; then
  echo "the package diffam has no program"
  exit 1
fi
