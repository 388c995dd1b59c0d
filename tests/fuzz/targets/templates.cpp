// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A folder of templates, as `diffam fit -t FOLDER` reads it.
#include "template/templates.hpp"

#include "fuzz/support/file_list.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* names[] = {"L1.off",  "L2.off",    "mean_22.obj", "x_L4.ply",
                                   "T12.stl", "notes.txt", "S1.off",      "L1.obj"};
  const auto folder = fuzz::put_files("templates", names, {data, size});
  std::vector<std::string> warnings;
  const auto set = fuzz::attempt([&] {
    return program::read_templates(program::template_files({folder}), {20, 21}, 1, warnings);
  });
  if (!set) return 0;
  for (const int label : {20, 21})
    fuzz::promise((*set)[label].vertex_count() >= 4 && (*set)[label].face_count() >= 4, "closed templates");
  return 0;
}
