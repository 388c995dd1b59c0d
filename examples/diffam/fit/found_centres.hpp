// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Centres of a fit that a search finds.
#pragma once

#include "console.hpp"
#include "fit/arguments.hpp"
#include "whole_ct.hpp"

namespace diffam::program {

/// Finds the vertebrae of the CT, from the clicked ones on where there are some, and sets `a.found`,
/// `a.centres` and `a.search_bytes`. Writes the files of `diffam find` to the output folder (their centres as
/// NAME_find_ctd.json; not in a dry run or a preview). Names that are not sure and are accepted are a
/// warning. Returns the CT, and its remarks in `warnings`. Throws `error`: usage where options do not go
/// together; bad data where there is no spine, where clicks or pins contradict it, and where names are not
/// sure and are not accepted.
whole_ct find_centres(fit_arguments& a, const console& out, std::vector<std::string>& warnings);

}  // namespace diffam::program
