// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Output files are complete or absent. Inputs that are not regular files are refused, and the reader never
// waits for them.
#include <sys/resource.h>

#include <csignal>

#include "diffam/io/atomic_file.hpp"
#include "diffam/io/bytes/sink.hpp"
#include "diffam/io/bytes/source.hpp"
#include "io/scratch.hpp"

using namespace diffam;
using diffam::test::require_error;

TEST_CASE("an atomic file appears at commit, complete", "[io]") {
  const test::scratch_folder folder;
  folder.put("out", "old");
  {
    io::atomic_file file(folder / "out");
    file.write("new ");
    file.write("contents");
    CHECK(test::contents_of(folder / "out") == "old");
    file.commit();
  }
  CHECK(test::contents_of(folder / "out") == "new contents");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an atomic file that is not committed leaves nothing", "[io]") {
  const test::scratch_folder folder;
  { io::atomic_file(folder / "out").write("half"); }
  CHECK(folder.entries() == 0);
}

TEST_CASE("a new file has the permissions of the umask", "[io]") {
  const test::scratch_folder folder;
  const mode_t before = ::umask(027);
  io::write_file(folder / "out", "x");
  ::umask(before);
  CHECK(std::filesystem::status(folder / "out").permissions() == std::filesystem::perms(0640));
}

TEST_CASE("an output that cannot be created is an error", "[io]") {
  const test::scratch_folder folder;
  const auto create = [](const io::path& p) { return [p] { io::write_file(p, "x"); }; };
  require_error(error_kind::cannot_create, "No such file", create(folder / "none/out"));
  folder.put("file", "x");
  require_error(error_kind::cannot_create, "Not a directory", create(folder / "file/out"));
  require_error(error_kind::cannot_create, "something other than a file", create(folder.path()));
  require_error(error_kind::cannot_create, "something other than a file", create("/dev/null"));
  require_error(error_kind::cannot_create, "file: cannot be created: Not a directory",
                [&] { io::create_output_folder(folder / "file"); });
  require_error(error_kind::cannot_create, "file/below",
                [&] { io::create_output_folder(folder / "file/below"); });
  io::create_output_folder(folder / "a/b/c");
  io::create_output_folder(folder / "a/b/c");
  CHECK(std::filesystem::is_directory(folder / "a/b/c"));
}

TEST_CASE("a write that fails half-way leaves the old file and no temporary", "[io]") {
  const test::scratch_folder folder;
  folder.put("out", "old");
  // A limit on the file size simulates a full disk: write() fails after a part of the data.
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 10000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  error_kind found = error_kind::usage;
  try {
    io::write_file(folder / "out", std::string(50000, 'x'));
  } catch (const error& e) {
    found = e.kind();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK(found == error_kind::write_failed);
  CHECK(test::contents_of(folder / "out") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an output that is an input is refused under any name", "[io]") {
  const test::scratch_folder folder;
  const io::path input = folder.put("ct.nii", "x");
  std::filesystem::create_symlink(input, folder / "link.nii");
  const std::vector<io::path> inputs{input};
  require_error(error_kind::usage, "found the same", [&] { io::require_not_an_input(input, inputs); });
  require_error(error_kind::usage, "found the same",
                [&] { io::require_not_an_input(folder / "link.nii", inputs); });
  CHECK_NOTHROW(io::require_not_an_input(folder / "other.nii", inputs));
}

TEST_CASE("inputs that are empty or not regular files are refused", "[io]") {
  const test::scratch_folder folder;
  const auto read = [](const io::path& p) { return [p] { io::read_file_bounded(p, 100); }; };
  require_error(error_kind::missing_input, "No such file", read(folder / "none"));
  require_error(error_kind::missing_input, "a folder", read(folder.path()));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  require_error(error_kind::missing_input, "a pipe", read(folder / "pipe"));  // returns without waiting
  require_error(error_kind::missing_input, "a device", read("/dev/null"));
  require_error(error_kind::bad_data, "an empty file", read(folder.put("empty", "")));
  require_error(error_kind::bad_data, "at most 100 bytes", read(folder.put("big", std::string(101, 'x'))));
  CHECK(io::read_file_bounded(folder.put("right", std::string(100, 'x')), 100).size() == 100);
  require_error(error_kind::missing_input, "a?b", read(folder / "a\nb"));  // one line for any file name
}

TEST_CASE("a source reads back the bytes of a sink, and equal bytes give equal files", "[io]") {
  const test::scratch_folder folder;
  std::string data;
  for (unsigned i = 0; i < 300000; ++i) data += static_cast<char>(i * i >> 7 & 0x7f);
  for (const char* name : {"a.gz", "b.gz"}) {
    io::byte_sink out(folder / name, true);
    out.write(data.data(), 1000);
    out.write(data.data() + 1000, data.size() - 1000);
    out.commit();
  }
  CHECK(test::contents_of(folder / "a.gz") == test::contents_of(folder / "b.gz"));
  CHECK(test::contents_of(folder / "a.gz").substr(4, 4) == std::string(4, '\0'));  // no time stamp
  io::byte_source in(folder / "a.gz");
  CHECK(in.compressed());
  std::string back(data.size(), '\0');
  in.read_exactly(back.data(), back.size(), "data");
  CHECK(back == data);
  io::warning_list warnings;
  in.finish(warnings);
  CHECK(warnings.empty());
}
