# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# diffam is headers, and a program with many files compiles what it uses in each of them. What takes long and is used
# by many of our own files is compiled once here, by explicit instantiation:
#
#     diffam_compiled_once(TARGET NAME SOURCE...)     these files of the target use compiled_once/NAME.hpp
#
# The files need not know: the build includes the header, which declares the templates `extern`, before them.

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
