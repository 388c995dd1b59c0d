#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Installs the headers where zlib, nlohmann-json and stb are missing, and compiles a program with the flags of
# pkg-config. Returns 77 (skipped) without pkg-config.
#
#   lean_install.sh SOURCE BUILD COMPILER PROGRAM.cpp
set -euo pipefail
source=$1 build=$2 compiler=$3 program=$4
command -v pkg-config >/dev/null || exit 77
rm -rf "$build"
cmake -S "$source" -B "$build" "-DCMAKE_CXX_COMPILER=$compiler" -DDIFFAM_BUILD_PROGRAMS=OFF -DDIFFAM_BUILD_TESTS=OFF \
  -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DDIFFAM_STB_INCLUDE_DIR=NOTFOUND
cmake --install "$build" --prefix "$build/prefix"
export PKG_CONFIG_PATH="$build/prefix/share/pkgconfig"
version=$(sed -n 's/.*define DIFFAM_VERSION "\(.*\)"/\1/p' "$source/include/diffam/version.hpp")
[[ $(pkg-config --modversion diffam) == "$version" ]]
# shellcheck disable=SC2046
"$compiler" -std=c++20 -fsyntax-only $(pkg-config --cflags diffam) "$program"
