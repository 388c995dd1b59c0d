// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Confidence of a fit: in its outputs, as a flag, and as an exit code.
#include <nlohmann/json.hpp>

#include "small_fit.hpp"

using namespace diffam;

TEST_CASE("a good fit has confidence, and --fail-below decides the exit code", "[program]") {
  const test::scratch_folder out;
  REQUIRE(test::run(test::fit(out / "a", {"-q", "--fail-below", "0.5"}, "60")).code == 0);
  const auto report = nlohmann::json::parse(test::read_file(out / "a/report.json"));
  for (const auto& v : report["vertebrae"]) CHECK(v["confidence"] > 0.8);
  CHECK(test::read_file(out / "a/p_measures.csv").find("label,name,confidence,") == 0);

  const auto failed = test::run(test::fit(out / "b", {"-q", "--fail-below", "1"}, "60"));
  CHECK(failed.code == 3);
  CHECK(failed.err.find("confidence below 1: L2 ") != std::string::npos);
  CHECK(test::names_of(test::files_below(out / "b")) == test::expected_files);
  test::require_refused(test::run(test::fit(out / "c", {"--fail-below", "1.5"})), 2, "--fail-below");
}

TEST_CASE("vertebrae beside the bone are flagged", "[program]") {
  // Both clicks are 22 mm to the right, and no search moves them back.
  const test::scratch_folder out;
  auto centres = nlohmann::json::parse(test::read_file(test::phantom() / "p_ctd.json"));
  for (auto& entry : centres)
    if (entry.contains("X")) entry["X"] = entry["X"].get<double>() + 11;  // voxels of 2 mm
  test::write_file(out / "c.json", centres.dump());
  auto arguments = test::fit(out / "r", {"-q", "--start-search", "0"}, "30");
  arguments[4] = (out / "c.json").string();
  REQUIRE(test::run(arguments).code == 0);
  const auto report = nlohmann::json::parse(test::read_file(out / "r/report.json"));
  for (const auto& v : report["vertebrae"]) {
    CHECK(v["confidence"] < 0.5);
    CHECK(v["flags"].dump().find("confidence 0.") != std::string::npos);
  }
}
