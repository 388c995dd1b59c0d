// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam find`: finds and names every vertebra of a CT.
#include <fmt/core.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "find/search.hpp"
#include "output_files.hpp"
#include "signals.hpp"

namespace diffam::program {

int run_find(const find_arguments& a) {
  exit_on_stop_signals();
  const console out(a.level());
  const std::string name = case_name(a.ct);
  const find_files files(a.output, name, name);
  require_creatable_folder(a.output);
  require_free(files.all(), a.inputs(), a.overwrite);
  std::vector<std::string> warnings;
  const searched_ct searched = find_in_file(a, out, warnings);
  out.warn(warnings);
  const spine::spine_finding& found = searched.found;
  install_stop_signals();  // the files are written in a moment, all or none
  write_finding(searched, files, a);
  std::string text;
  for (const auto& v : found.vertebrae)
    text += fmt::format("{:<4} {:8.1f} {:8.1f} {:8.1f}  score {:.2f}{}\n", spine::label_name(v.label),
                        v.position[0], v.position[1], v.position[2], v.score, v.cut ? "  cut" : "");
  text += found.sure ? "names sure\n" : "names not sure: " + readings_text(found) + "\n";
  for (const auto& file : files.all()) text += one_line(file.string()) + "\n";
  if (!found.sure)
    out.warn("the names are not sure: " + doubt_text(found) + "; say one with --pin LEVEL=x,y,z");
  print_result(text);
  return exit_done;
}

}  // namespace diffam::program
