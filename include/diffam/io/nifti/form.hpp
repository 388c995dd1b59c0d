// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which of the two maps of a NIfTI file gives the volume its place.
#pragma once

namespace diffam::io {

/// Standard: the sform where it is set, else the qform. The others ask for one of the two.
enum class nifti_form { standard, sform, qform };

}  // namespace diffam::io
