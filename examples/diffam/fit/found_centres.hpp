// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Centres of a fit for which none are given.
#pragma once

#include "console.hpp"
#include "fit/arguments.hpp"

namespace diffam::program {

/// Finds the vertebrae of the CT, writes the files of `diffam find` to the output folder (their centres as
/// NAME_find_ctd.json; not in a dry run or a preview), and sets `a.found` and `a.centres`. Names that are not
/// sure and are accepted are a warning. Throws `error` (bad data) where there is no spine, and where the
/// names are not sure and are not accepted.
void find_centres(fit_arguments& a, const console& out, std::vector<std::string>& warnings);

}  // namespace diffam::program
