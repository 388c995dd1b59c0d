# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Overlay port: the headers of this tree, without diffam::io (vcpkg's stb has no folder stb/).
set(VCPKG_BUILD_TYPE release)    # header-only
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DDIFFAM_BUILD_PROGRAMS=OFF -DDIFFAM_BUILD_TESTS=OFF -DDIFFAM_BUILD_CUDA=OFF
    -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DDIFFAM_STB_INCLUDE_DIR=NOTFOUND
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME diffam CONFIG_PATH share/cmake/diffam)
vcpkg_fixup_pkgconfig()
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
