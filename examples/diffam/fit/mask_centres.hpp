// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Centres of a fit from a label volume in place of a centre file.
#pragma once

#include "diffam/io/message.hpp"
#include "fit/arguments.hpp"

namespace diffam::program {

/// Whether the name is that of a volume.
bool is_label_volume(const std::filesystem::path& file);

/// The body centres of the vertebrae of `a.centres`, in world RAS, mm. Its labels are numbered as --labels
/// says. The mask may have another grid than the image. Throws `error` where they cannot be one spine in
/// `image`.
spine::centroid_list centres_in_mask(const fit_arguments& a, const grid& image, io::warning_list& warnings);

}  // namespace diffam::program
