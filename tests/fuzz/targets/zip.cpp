// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Zip archives: the list of files, each file, and the headers of a DICOM series in one.
#include "diffam/io/dicom.hpp"
#include "fuzz/support/input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diffam;
  const auto file = fuzz::file_of("series.zip", {data, size});
  fuzz::attempt([&] {
    io::detail::zip_archive archive(file);
    for (const auto& entry : archive.entries())
      fuzz::attempt([&] {
        const std::string bytes = archive.read(entry);
        fuzz::promise(std::ssize(bytes) == entry.size && entry.size > 0, "files of the size in the list");
        return true;
      });
    return true;
  });
  fuzz::attempt([&] { return io::list_dicom(file); });
  return 0;
}
