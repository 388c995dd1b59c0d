// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Help and version of the program, and its errors for wrong command lines.
#include "diffam/version.hpp"
#include "exit_codes.hpp"
#include "fit/engine.hpp"
#include "run_program.hpp"

using namespace diffam;
using test::run;

TEST_CASE("version and help go to stdout and succeed", "[program]") {
  const auto version = run({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out == "diffam " DIFFAM_VERSION "\n");
  CHECK(version.err.empty());
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"find", "--help"},
                                             {"fit", "--help"},
                                             {"eval", "--help"},
                                             {"phantom", "--help"},
                                             {"info", "--help"},
                                             {"template", "--help"}}) {
    const auto help = run(words);
    INFO(words[0]);
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Example:") != std::string::npos);
    CHECK(help.out.find("Usage: diffam") != std::string::npos);
  }
}

TEST_CASE("a wrong command line is one line on stderr and exit code 2", "[program]") {
  test::require_refused(run({}), 2, "subcommand");
  test::require_refused(run({"segment"}), 2, "segment");
  test::require_refused(run({"fit"}), 2, "required");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--iterations", "many"}), 2,
                        "--iterations");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--iterations", "0"}), 2,
                        "--iterations");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--preset", "best"}), 2,
                        "--preset");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--seed", "-1"}), 2, "--seed");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--weight-image", "-1"}), 2,
                        "weight_image");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "-q", "-v"}), 2, "excludes");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--without", "sleep"}), 2,
                        "--without");
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--device", "gpu"}), 2,
                        "cuda:N");
  test::require_refused(run({"phantom", "-o", "x", "--levels", "L9"}), 2, "L9");
}

TEST_CASE("a missing device has its own exit code", "[program]") {
  test::require_refused(run({"fit", "-i", "a.nii", "-c", "b.json", "-o", "c", "--device", "cuda:64"}), 69,
                        "cuda:64");
}

TEST_CASE("an automatic device falls back to the CPU, with a warning where the program could use a GPU",
          "[program]") {
  std::vector<std::string> warnings;
  const program::device_choice chosen = program::resolve_device("auto", warnings);
#if defined(DIFFAM_WITH_CUDA)
  if (chosen.name != "cpu") {  // this machine has a GPU
    REQUIRE(warnings.empty());
    REQUIRE(chosen.may_fall_back);
    return;
  }
  REQUIRE(warnings.size() == 1);
  REQUIRE(warnings[0].find("device: on the CPU, since cuda: ") == 0);
#else
  REQUIRE(chosen.name == "cpu");
  REQUIRE(warnings.empty());
#endif
  REQUIRE(program::resolve_device("cpu", warnings).name == "cpu");
}

TEST_CASE("every kind of error has its exit code, and workflow engines retry none of them", "[program]") {
  const std::pair<error_kind, int> expected[] = {
      {error_kind::usage, 2},        {error_kind::bad_data, 65}, {error_kind::missing_input, 66},
      {error_kind::no_device, 69},   {error_kind::internal, 70}, {error_kind::cannot_create, 73},
      {error_kind::write_failed, 74}};
  for (const auto& [kind, code] : expected) {
    CHECK(program::exit_code_of(kind) == code);
    CHECK_FALSE((code == 104 || (code >= 130 && code <= 145)));
  }
}
