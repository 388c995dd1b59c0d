// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Voxels of a CT file as HU: checks them, and takes a known offset away.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "diffam/image/volume_part.hpp"
#include "diffam/spine/centroid.hpp"

namespace diffam::program {

inline constexpr const char* hu_offset_help =
    "the values are HU plus this number; auto: find out; none: take them as HU, whatever they are";

/// Subtracts the offset of `voxels`, the kept voxels of `view`, and returns it. `asked`: the argument of
/// --hu-offset. A found offset is told in `warnings`. Throws `error`: bad_data where the values near the
/// centres are no HU (none with "none"), usage where `asked` is neither a number nor a word.
template <class T>  // float or std::int16_t
double to_hounsfield(const std::filesystem::path& file, const volume_view<T>& view, std::span<T> voxels,
                     const spine::centroid_list& centres, const std::string& asked,
                     std::vector<std::string>& warnings);

/// A CT as files hold it: whole numbers from -1024 to 3071.
volume<std::int16_t> in_whole_hu(const volume<float>& ct);

}  // namespace diffam::program
