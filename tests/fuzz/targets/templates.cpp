// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A folder of templates, as `diffam fit -t FOLDER` reads it. The input is a list of files: a byte for the
// name, two for the length (little-endian), the contents.
#include "template/templates.hpp"

#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* names[] = {"L1.off",  "L2.off",    "mean_22.obj", "x_L4.ply",
                                   "T12.stl", "notes.txt", "S1.off",      "L1.obj"};
  const auto folder = fuzz::folder() / "templates";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (fuzz::bytes input(data, size); !input.empty();) {
    const char* name = names[fuzz::take_byte(input) & 7];
    const unsigned low = fuzz::take_byte(input), high = fuzz::take_byte(input);
    const std::size_t length = std::min<std::size_t>(low + 256 * high, input.size());
    fuzz::file_of(std::string("templates/") + name, input.first(length));
    input = input.subspan(length);
  }
  std::vector<std::string> warnings;
  const auto set = fuzz::attempt([&] {
    return program::read_templates(program::template_files({folder}), {20, 21}, 1, warnings);
  });
  if (!set) return 0;
  for (const int label : {20, 21})
    fuzz::promise((*set)[label].vertex_count() >= 4 && (*set)[label].face_count() >= 4, "closed templates");
  return 0;
}
