# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# diffam is header-only, so each file of a program compiles all that it uses. Templates that take long to
# compile are instantiated here, once. A target that links
#
#     diffam::compiled      does not compile them itself: minutes become seconds (docs/compile-time.md)
#
# The macro DIFFAM_NAME_ELSEWHERE leaves the definitions out of the header. A file of the target that needs them
# all the same includes their header itself. Our own targets take one part each, by
#
#     diffam_compiled_once(TARGET NAME)

foreach(name eigenbasis connectivity)
  string(TOUPPER "${name}" upper)
  set(part diffam_compiled_${name})
  add_library(${part} STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled/${name}.cpp")
  set_target_properties(${part} PROPERTIES EXPORT_NAME compiled_${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(${part} INTERFACE DIFFAM_${upper}_ELSEWHERE)
  target_link_libraries(${part} PUBLIC diffam)
  if(PROJECT_IS_TOP_LEVEL)
    target_link_libraries(${part} PRIVATE $<BUILD_INTERFACE:diffam_own_flags>)
    # All files of a program need the same -march: Eigen's alignment of memory depends on it.
    target_compile_options(${part} INTERFACE
      $<INSTALL_INTERFACE:$<$<COMPILE_LANGUAGE:CXX>:${diffam_march}>>
      $<INSTALL_INTERFACE:$<$<AND:$<COMPILE_LANGUAGE:CUDA>,$<BOOL:${diffam_march}>>:-Xcompiler=${diffam_march}>>)
  elseif(DIFFAM_ARCH)
    target_compile_options(${part} PUBLIC $<$<COMPILE_LANGUAGE:CXX>:${diffam_march}>)
  endif()
endforeach()
target_link_libraries(diffam_compiled_connectivity PRIVATE diffam_compiled_eigenbasis)

add_library(diffam_compiled INTERFACE)
add_library(diffam::compiled ALIAS diffam_compiled)
set_target_properties(diffam_compiled PROPERTIES EXPORT_NAME compiled)
target_link_libraries(diffam_compiled INTERFACE diffam_compiled_connectivity diffam_compiled_eigenbasis)
if(DIFFAM_COMPILED)
  add_custom_target(diffam_compiled_all ALL DEPENDS diffam_compiled_connectivity diffam_compiled_eigenbasis)
endif()

function(diffam_compiled_once target name)
  target_link_libraries(${target} PRIVATE diffam_compiled_${name})
endfunction()
