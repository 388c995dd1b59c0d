// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The only table of tolerances. If a test needs another number, find out why.
#pragma once

namespace diffam::test {

template <class T>
struct tolerance;

template <>
struct tolerance<double> {
  static constexpr double formula = 1e-13;  // relative: a formula against its closed form
  static constexpr double golden = 1e-9;    // relative: a component against the golden values
  static constexpr double device = 1e-11;   // relative: a device against serial
  static constexpr double gradient = 1e-7;  // relative: backward against finite differences
};

template <>
struct tolerance<float> {
  static constexpr double formula = 1e-5;
  static constexpr double golden = 1e-4;
  static constexpr double device = 1e-5;
};

}  // namespace diffam::test
