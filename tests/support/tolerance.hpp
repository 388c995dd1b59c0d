// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The one table of tolerances. A test that needs another number has found something to explain.
#pragma once

namespace diffam::test {

template <class T>
struct tolerance;

template <>
struct tolerance<double> {
  static constexpr double formula = 1e-13;  // one formula against its closed form, relative
  static constexpr double golden = 1e-9;    // a component against the independent implementation, relative
  static constexpr double device = 1e-11;   // a device against serial, relative
  static constexpr double gradient = 1e-7;  // analytic against finite differences, relative
};

template <>
struct tolerance<float> {
  static constexpr double formula = 1e-5;
  static constexpr double golden = 1e-4;
  static constexpr double device = 1e-5;
};

}  // namespace diffam::test
