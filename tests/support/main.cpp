// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The main program of Catch2, compiled once.
#define CATCH_CONFIG_MAIN
#include "support/catch.hpp"
