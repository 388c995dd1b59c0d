// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Names of outputs, checkpoints and fingerprints: the code that decides which files are written or replaced.
#include "diffam/core/error.hpp"
#include "fit/checkpoint.hpp"
#include "fit/fingerprint.hpp"
#include "output_files.hpp"
#include "owned_folder.hpp"
#include "run_program.hpp"
#include "support/thrown.hpp"
#include "template/templates.hpp"

using namespace diffam;
using namespace diffam::program;
using diffam::test::kind_of;

namespace {

std::vector<std::byte> some_state() {
  std::vector<std::byte> s(1000);
  for (std::size_t i = 0; i < s.size(); ++i) s[i] = static_cast<std::byte>(i * 7);
  return s;
}

}  // namespace

TEST_CASE("results are named after the CT", "[program]") {
  CHECK(case_name("a/sub-014_ct.nii.gz") == "sub-014");
  CHECK(case_name("sub-014.nii.gz") == "sub-014");
  CHECK(case_name("scan.nii") == "scan");
  CHECK(case_name("_ct.nii.gz") == "_ct");
  CHECK(case_name("odd") == "odd");
}

TEST_CASE("the name of a template file ends in its level", "[program]") {
  CHECK(label_of_file("a/L1.ply") == 20);
  CHECK(label_of_file("average_24.off") == 24);
  CHECK(label_of_file("mean-t12.obj") == 19);
  CHECK(label_of_file("mean_lumbar.off") == 0);
  CHECK(label_of_file("sacrum.off") == 0);
}

TEST_CASE("a checkpoint is read back unchanged, and only by its own run", "[program]") {
  const test::scratch_folder folder;
  const auto file = folder / "c.bin";
  write_checkpoint(file, 42, some_state());
  CHECK(read_checkpoint(file, 42) == some_state());
  CHECK(kind_of([&] { read_checkpoint(file, 43); }) == error_kind::bad_data);
  CHECK(kind_of([&] { read_checkpoint(folder / "none", 42); }) == error_kind::missing_input);
}

TEST_CASE("a damaged checkpoint is refused", "[program]") {
  const test::scratch_folder folder;
  const auto file = folder / "c.bin";
  write_checkpoint(file, 42, some_state());
  const std::string good = test::read_file(file);
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{9}, std::size_t{25}, std::size_t{33}, std::size_t{500}}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    test::write_file(file, bad);
    CHECK(kind_of([&] { read_checkpoint(file, 42); }) == error_kind::bad_data);
  }
  for (const std::size_t size : {std::size_t{1}, std::size_t{39}, std::size_t{40}, good.size() - 1}) {
    test::write_file(file, good.substr(0, size));
    CHECK(kind_of([&] { read_checkpoint(file, 42); }) == error_kind::bad_data);
  }
}

TEST_CASE("fingerprints are FNV-1a hashes of every byte", "[program]") {
  CHECK(fingerprint{}.value() == 0xcbf29ce484222325u);
  CHECK(fingerprint{}.add(std::string("a")).value() == 0xaf63dc4c8601ec8cu);  // published test vector
  CHECK(fingerprint{}.add(std::vector<float>{1, 2}).value() !=
        fingerprint{}.add(std::vector<float>{2, 1}).value());
}

TEST_CASE("existing outputs and outputs that are inputs are refused", "[program]") {
  const test::scratch_folder folder;
  test::write_file(folder / "a", "x");
  std::filesystem::create_symlink(folder / "a", folder / "link");
  CHECK(kind_of([&] { require_free({folder / "a"}, {}, false); }) == error_kind::cannot_create);
  CHECK(kind_of([&] { require_free({folder / "link"}, {folder / "a"}, true); }) == error_kind::usage);
  CHECK(kind_of([&] { require_free({folder.path()}, {}, true); }) == error_kind::cannot_create);
  CHECK(kind_of([&] { require_creatable_folder(folder / "a" / "b"); }) == error_kind::cannot_create);
  require_free({folder / "a"}, {folder / "b"}, true);
  require_creatable_folder(folder / "new" / "deep");
  CHECK_FALSE(std::filesystem::exists(folder / "new"));
}

TEST_CASE("a record of files replaces what it names, within its folder", "[program]") {
  const test::scratch_folder scratch;
  const auto folder = scratch / "out";
  const auto there = [&](const char* name) { return std::filesystem::exists(folder / name); };
  {
    owned_folder first(folder, "fit");
    first.claim({folder / "a", folder / "meshes/L1.ply"});
    CHECK(kind_of([&] { owned_folder(folder, "fit").lock(); }) == error_kind::cannot_create);
  }
  std::filesystem::create_directory(folder / "meshes");
  for (const char* name : {"a", "b", "meshes/L1.ply", "meshes/L2.ply"}) test::write_file(folder / name, "x");
  owned_folder second(folder, "fit"), other(folder, "templates");
  CHECK(other.earlier().empty());
  CHECK(second.earlier().size() == 2);
  second.replace({folder / "c"}, {folder / "a"});
  CHECK((there("a") && there("b") && there("meshes/L2.ply") && !there("meshes/L1.ply")));
  test::write_file(folder / "c", "x");
  CHECK(second.earlier().size() == 2);  // c and a

  test::write_file(scratch / "outside", "x");
  test::write_file(folder / ".diffam_files.json",
                   R"({"fit": ["../outside", "/etc/passwd", "", "meshes", "b"]})");
  CHECK(second.earlier() == std::vector<std::filesystem::path>{folder / "b"});
  second.replace({});
  CHECK((std::filesystem::exists(scratch / "outside") && !there("b")));
  for (const char* damaged : {"", "{", "[]", "{\"fit\": 1}", "{\"fit\": [1]}"}) {
    test::write_file(folder / ".diffam_files.json", damaged);
    CHECK(kind_of([&] { second.claim({}); }) == error_kind::bad_data);
  }
}
