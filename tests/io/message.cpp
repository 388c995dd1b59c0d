// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Only printable characters of a file appear in a message.
#include "diffam/io/message.hpp"

#include <catch2/catch.hpp>

using diffam::io::detail::printable;

TEST_CASE("a message keeps readable characters and no control characters", "[io]") {
  CHECK(printable("L1 \xc3\xa4 \xe2\x82\xac \xf0\x9f\xa6\xb4") ==
        "L1 \xc3\xa4 \xe2\x82\xac \xf0\x9f\xa6\xb4");
  CHECK(printable("a\nb\x1b[2Jc\x7f") == "a?b?[2Jc?");
  CHECK(printable("\xc2\x9b"
                  "2J") == "??2J");  // C1: the one-character form of ESC [
  CHECK(printable("\xff\xfe"
                  "a\x80") == "??a?");                    // not UTF-8
  CHECK(printable("\xc0\xaf \xe0\x80\xaf") == "?? ???");  // overlong
  CHECK(printable("\xed\xa0\x80") == "???");              // half of a surrogate pair
  CHECK(printable("\xf4\x90\x80\x80") == "????");         // beyond the last code point
  CHECK(printable("\xe2\x82") == "??");                   // incomplete
}

TEST_CASE("a message is cut between characters", "[io]") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdef", 5) == "abcde...");
  CHECK(printable("abcd\xe2\x82\xac", 5) == "abcd...");
}
