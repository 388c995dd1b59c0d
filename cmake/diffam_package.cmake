# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# `cpack` in the build folder makes a tarball, and two Debian packages: libdiffam-dev (headers, CMake package,
# diffam::compiled if it is built) and diffam (the program).

set(CPACK_PACKAGE_NAME diffam)
set(CPACK_PACKAGE_VENDOR "The diffam authors")
set(CPACK_PACKAGE_CONTACT "The diffam authors <none@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)

set(CPACK_COMPONENTS_ALL library)
if(TARGET diffam_program)
  list(APPEND CPACK_COMPONENTS_ALL program)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libdiffam-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libeigen3-dev (>= 3.4), libspectra-dev (>= 1.0)")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "zlib1g-dev, nlohmann-json3-dev (>= 3.11), libstb-dev")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS "libgdcm-dev")
if(NOT DIFFAM_COMPILED)
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_ARCHITECTURE all)
endif()
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME diffam)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)    # needs dpkg-shlibdeps of dpkg-dev
include(CPack)
