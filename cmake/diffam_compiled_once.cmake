# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# diffam is header-only, so each file of a program compiles all that it uses. Templates that take long to
# compile and that many of our own files use are instantiated explicitly, once:
#
#     diffam_compiled_once(TARGET NAME)     the target uses compiled_once/NAME.cpp, and does not compile it itself
#
# The macro DIFFAM_NAME_ELSEWHERE leaves the definitions out of the header. A file of the target that needs them
# all the same includes their header itself.

foreach(name eigenbasis connectivity)
  add_library(diffam_once_${name} STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled_once/${name}.cpp")
  target_link_libraries(diffam_once_${name} PRIVATE diffam::diffam diffam_own_flags)
endforeach()

function(diffam_compiled_once target name)
  string(TOUPPER "${name}" upper)
  target_compile_definitions(${target} PRIVATE DIFFAM_${upper}_ELSEWHERE)
  target_link_libraries(${target} PRIVATE diffam_once_${name})
endfunction()

diffam_compiled_once(diffam_once_connectivity eigenbasis)
