// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a call throws.
#pragma once

#include <string>

#include "diffam/core/error.hpp"
#include "support/catch.hpp"

namespace diffam::test {

/// The kind of the error that f throws. Its text has one line. The test fails if nothing is thrown.
template <class F>
error_kind kind_of(F&& f) {
  try {
    f();
  } catch (const error& e) {
    INFO(e.what());
    REQUIRE(std::string(e.what()).find('\n') == std::string::npos);
    return e.kind();
  }
  FAIL("no error");
  return error_kind::internal;
}

}  // namespace diffam::test
