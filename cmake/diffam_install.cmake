# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# `cmake --install` copies the headers and a package for find_package(diffam). The components `io` and
# `dicom` are installed only if their dependencies were found, and `compiled` only with DIFFAM_COMPILED.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)    # for the rules below; the program has a component of its own

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/diffam")    # its files are the same for all architectures

install(DIRECTORY include/diffam DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cuh")
install(TARGETS diffam EXPORT diffam-targets)
install(EXPORT diffam-targets NAMESPACE diffam:: DESTINATION "${package_dir}")
if(TARGET diffam_io)
  install(TARGETS diffam_io EXPORT diffam-io-targets)
  install(EXPORT diffam-io-targets NAMESPACE diffam:: DESTINATION "${package_dir}")
endif()

if(TARGET diffam_dicom)
  install(TARGETS diffam_dicom EXPORT diffam-dicom-targets)
  install(EXPORT diffam-dicom-targets NAMESPACE diffam:: DESTINATION "${package_dir}")
endif()

set(compiled_dir "${CMAKE_INSTALL_LIBDIR}/cmake/diffam")
if(DIFFAM_COMPILED)
  install(TARGETS diffam_compiled diffam_compiled_connectivity diffam_compiled_eigenbasis EXPORT diffam-compiled-targets
    ARCHIVE)
  install(EXPORT diffam-compiled-targets NAMESPACE diffam:: DESTINATION "${compiled_dir}")
endif()

configure_package_config_file(cmake/diffam-config.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/diffam-config.cmake"
  INSTALL_DESTINATION "${package_dir}" PATH_VARS compiled_dir)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/diffam-config-version.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/diffam-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/diffam-config-version.cmake"
  DESTINATION "${package_dir}")
# For builds without CMake: g++ -std=c++20 $(pkg-config --cflags diffam) ... The file is relocatable.
configure_file(cmake/diffam.pc.in "${CMAKE_CURRENT_BINARY_DIR}/diffam.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/diffam.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/diffam")
