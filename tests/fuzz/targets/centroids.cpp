// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Files of vertebra centres. The first byte selects the ending of the name, the numbering, and whether a
// frame is given.
#include "diffam/io/centroid_file.hpp"

#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  constexpr const char* endings[] = {".json", ".csv", ".tsv", ".fcsv"};
  fuzz::bytes input(data, size);
  const unsigned variant = fuzz::take_byte(input);
  const auto file = fuzz::file_of(std::string("centres") + endings[variant & 3], input);
  const grid image{{80, 90, 300}, {{{0, 0, 1}, {-1, 0, 0}, {0, 1, 0}}}, {-40, 45, -150}};
  io::centroid_options options;
  if ((variant & 4) != 0) options.numbering = io::label_numbering::totalsegmentator;
  if ((variant & 8) != 0) options.frame = io::parse_centroid_frame("voxel-PIR-1mm");
  io::warning_list warnings;
  const auto centres = fuzz::attempt([&] { return io::read_centroids(file, image, warnings, options); });
  if (!centres) return 0;
  fuzz::promise(!centres->empty(), "one centre or more");
  int rank = 0;
  for (const auto& c : *centres) {
    fuzz::promise(spine::is_vertebra_label(c.label) && spine::anatomical_rank(c.label) > rank,
                  "an order of levels");
    rank = spine::anatomical_rank(c.label);
    const vec3<double> x = image.to_index(c.position);
    for (int a = 0; a < 3; ++a)
      fuzz::promise(x[a] >= -0.5 - 1e-9 && x[a] <= static_cast<double>(image.size[a]) - 0.5 + 1e-9,
                    "centres in the image");
  }
  return 0;
}
