// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The programs behind the code in docs/: each function runs the regions that one page shows, and checks the
// result.
#pragma once

#include <stdexcept>
#include <string>

/// Throws where a page's code did not give the result that the page states.
inline void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("expected that ") + what);
}

void signed_distance();
void scene_distance();
void your_data();
void spectral_shape();
void optimizers();
void renderers();
void losses();
void execution();
void images();
void meshes();
void metrics();
void files();
