# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Puts text files into a program:
#
#     diffam_embedded_text(TARGET VARIABLE FILE...)
#
# The files, one after the other, are the value of `const std::string_view diffam::program::VARIABLE`. Without a file
# it is empty. As a script (cmake -DVARIABLE=... -DOUTPUT=... -P) this file writes the source, at build time.

if(CMAKE_SCRIPT_MODE_FILE)
  set(text "")
  foreach(n RANGE 5 ${CMAKE_ARGC})
    if(n LESS CMAKE_ARGC)
      file(READ "${CMAKE_ARGV${n}}" part)
      string(APPEND text "${part}")
    endif()
  endforeach()
  if(text MATCHES "\\)diffam\"")
    message(FATAL_ERROR "diffam_embedded_text: expected a text without )diffam\", which ends the string in C++")
  endif()
  file(WRITE "${OUTPUT}" "#include <string_view>\nnamespace diffam::program {\n"
    "extern const std::string_view ${VARIABLE};\nconst std::string_view ${VARIABLE} =\nR\"diffam(${text})diffam\";\n}\n")
  return()
endif()

set(diffam_embedded_text_script "${CMAKE_CURRENT_LIST_FILE}")

function(diffam_embedded_text target variable)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded/${variable}.cpp")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DVARIABLE=${variable}" "-DOUTPUT=${source}" -P "${diffam_embedded_text_script}" ${ARGN}
    DEPENDS ${ARGN} "${diffam_embedded_text_script}" VERBATIM)
  target_sources(${target} PRIVATE "${source}")
endfunction()
