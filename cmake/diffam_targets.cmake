# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# The targets of the library, and the flags of this project's own programs, tests and benchmarks. Users of an
# installed diffam need the same packages: keep the list in diffam-config.cmake.in equal to this one.

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Spectra 1.0 REQUIRED)

# Components and the fit: needs the header-only libraries Eigen and Spectra, and links only threads.
add_library(diffam INTERFACE)
add_library(diffam::diffam ALIAS diffam)
target_compile_features(diffam INTERFACE cxx_std_20)
# In another project, its warnings are not for our headers.
if(NOT PROJECT_IS_TOP_LEVEL)
  set(diffam_system SYSTEM)
endif()
target_include_directories(diffam ${diffam_system} INTERFACE
  $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_libraries(diffam INTERFACE Eigen3::Eigen Spectra::Spectra Threads::Threads)

# <diffam/io/...>: files. Left out where a dependency is missing, unless our own programs or tests need it.
if(DIFFAM_BUILD_PROGRAMS OR DIFFAM_BUILD_TESTS OR DIFFAM_BUILD_BENCHMARKS OR DIFFAM_PYTHON)
  set(need_io REQUIRED)
endif()
if(DIFFAM_STATIC)
  set(ZLIB_USE_STATIC_LIBS ON)
endif()
find_package(ZLIB ${need_io})
find_package(nlohmann_json 3.11 ${need_io})
find_path(DIFFAM_STB_INCLUDE_DIR stb/stb_image_write.h ${need_io})
if(ZLIB_FOUND AND nlohmann_json_FOUND AND DIFFAM_STB_INCLUDE_DIR)
  add_library(diffam_io INTERFACE)
  add_library(diffam::io ALIAS diffam_io)
  set_target_properties(diffam_io PROPERTIES EXPORT_NAME io)
  target_link_libraries(diffam_io INTERFACE diffam ZLIB::ZLIB nlohmann_json::nlohmann_json)
  target_include_directories(diffam_io SYSTEM INTERFACE $<BUILD_INTERFACE:${DIFFAM_STB_INCLUDE_DIR}>)
endif()

# <diffam/io/dicom.hpp>: DICOM, which GDCM decodes. Left out where GDCM is missing.
if(DIFFAM_DICOM)
  find_path(DIFFAM_GDCM_INCLUDE_DIR gdcmPixmapReader.h PATH_SUFFIXES gdcm-3.0)
  foreach(part MSFF DSED Common)
    find_library(DIFFAM_GDCM_${part} gdcm${part})
    list(APPEND gdcm_libraries "${DIFFAM_GDCM_${part}}")
  endforeach()
endif()
if(NOT DIFFAM_DICOM)
  message(STATUS "DIFFAM_DICOM is off: DICOM is left out")
elseif(TARGET diffam_io AND DIFFAM_GDCM_INCLUDE_DIR AND DIFFAM_GDCM_MSFF AND DIFFAM_GDCM_DSED AND DIFFAM_GDCM_Common)
  add_library(diffam_dicom INTERFACE)
  add_library(diffam::dicom ALIAS diffam_dicom)
  set_target_properties(diffam_dicom PROPERTIES EXPORT_NAME dicom)
  target_link_libraries(diffam_dicom INTERFACE diffam_io $<BUILD_INTERFACE:${gdcm_libraries}>)
  target_include_directories(diffam_dicom SYSTEM INTERFACE $<BUILD_INTERFACE:${DIFFAM_GDCM_INCLUDE_DIR}>)
else()
  message(STATUS "No GDCM (libgdcm-dev): DICOM is left out")
endif()

# Our own targets. Other compilers warn of other things, so warnings are errors in our own CI alone. On x86-64 the
# instruction set is x86-64-v3 (AVX2 and FMA, 2013), unless DIFFAM_ARCH selects another.
set(DIFFAM_ARCH "" CACHE STRING "Value of -march for programs, tests and benchmarks; empty: x86-64-v3 on x86-64")
option(DIFFAM_WERROR "Warnings are errors in programs, tests and benchmarks" OFF)
add_library(diffam_own_flags INTERFACE)
target_compile_options(diffam_own_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion $<$<BOOL:${DIFFAM_WERROR}>:-Werror> -fno-math-errno>)
# From version 17 on, clang warns of std::stable_sort itself: libstdc++ 12 calls a function that it deprecates.
target_compile_options(diffam_own_flags INTERFACE
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,Clang>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,17>>:-Wno-deprecated-declarations>)
if(DIFFAM_ARCH)
  set(diffam_march -march=${DIFFAM_ARCH})
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(diffam_march -march=x86-64-v3)
endif()
target_compile_options(diffam_own_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${diffam_march}>)

# Makes a program or module say so where the processor lacks instructions that it was compiled for.
function(diffam_check_processor target)
  set(source "${PROJECT_SOURCE_DIR}/examples/diffam/cpu_check.cpp")
  target_sources(${target} PRIVATE "${source}")
  if(NOT DIFFAM_ARCH AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES
      COMPILE_OPTIONS "-march=x86-64" COMPILE_DEFINITIONS DIFFAM_NEEDS_X86_64_V3)
  endif()
endfunction()
