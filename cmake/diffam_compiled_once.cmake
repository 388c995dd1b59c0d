# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# diffam is header-only, so each file of a program compiles all that it uses. Templates that take long to
# compile and that many of our own files use are instantiated explicitly, once:
#
#     diffam_compiled_once(TARGET NAME SOURCE...)     these files of the target use compiled_once/NAME.hpp
#
# The files need no change: the build includes the header first, and the header declares the templates
# `extern`.

set(DIFFAM_COMPILED_ONCE_DIR "${CMAKE_CURRENT_LIST_DIR}/compiled_once")
foreach(name eigenbasis connectivity)
  add_library(diffam_once_${name} STATIC EXCLUDE_FROM_ALL "${DIFFAM_COMPILED_ONCE_DIR}/${name}.cpp")
  target_link_libraries(diffam_once_${name} PRIVATE diffam::diffam diffam_own_flags)
endforeach()
target_link_libraries(diffam_once_connectivity PRIVATE diffam_once_eigenbasis)

function(diffam_compiled_once target name)
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS
    -include "${DIFFAM_COMPILED_ONCE_DIR}/${name}.hpp")
  target_link_libraries(${target} PRIVATE diffam_once_${name})
endfunction()
