// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs all of them; the name of one as an argument runs that one alone.
#include "snippets.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

int main(int argc, char** argv) {
  const struct {
    std::string_view name;
    void (*run)();
  } pages[] = {
    {"signed_distance", signed_distance},
    {"scene_distance", scene_distance},
    {"your_data", your_data},
    {"spectral_shape", spectral_shape},
    {"optimizers", optimizers},
    {"renderers", renderers},
    {"losses", losses},
    {"execution", execution},
    {"images", images},
    {"meshes", meshes},
    {"metrics", metrics},
#if defined(SNIPPETS_WITH_FILES)
    {"files", files}
#endif
  };
  int failed = 0, ran = 0;
  for (const auto& page : pages) {
    if (argc > 1 && page.name != argv[1]) continue;
    ++ran;
    try {
      page.run();
      std::printf("%.*s: as the page says\n", int(page.name.size()), page.name.data());
    } catch (const std::exception& e) {
      std::printf("%.*s: %s\n", int(page.name.size()), page.name.data(), e.what());
      ++failed;
    }
  }
  return failed == 0 && ran > 0 ? 0 : 1;
}
