// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The file dataset_description.json of results, as BIDS wants it in a folder of derivatives.
#pragma once

#include <filesystem>

namespace diffam::program {

/// Whether the folder has results of `diffam cohort`, by its dataset_description.json.
bool is_ours(const std::filesystem::path& folder);

/// Creates the folder of results with its description and the folder logs. Throws `error` (cannot_create)
/// where the folder is another data set.
void make_derivatives(const std::filesystem::path& folder);

}  // namespace diffam::program
