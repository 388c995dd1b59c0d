// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks before a fit: can these centres be a spine, are the voxels of this CT in HU, is this mesh a
// vertebra?
//
//     if (const auto p = spine::find_chain_problem(centres)) ...          // cannot be a spine
//     for (const auto& f : spine::review_chain(centres)) ...              // odd distances, sizes, turns
//     const spine::value_review v = spine::review_values(ct, centres);    // v.offset, v.problem
//     spine::require_template(mesh, "L3.ply");                            // throws where a fit cannot start
//     from it
//
// A fit itself reviews the chain, and compares its orientation with the image (spine/start/whole_chain.hpp).
#pragma once

#include "diffam/spine/checks/chain_problem.hpp"
#include "diffam/spine/checks/chain_review.hpp"
#include "diffam/spine/checks/template_defects.hpp"
#include "diffam/spine/checks/value_review.hpp"
