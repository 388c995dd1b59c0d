// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Catch2's main, compiled once.
#define CATCH_CONFIG_MAIN
#include "support/catch.hpp"
