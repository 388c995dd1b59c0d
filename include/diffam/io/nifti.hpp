// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// NIfTI-1 and NIfTI-2 volumes, plain and gzipped: a reader that checks sizes before it allocates, and a
// writer.
#pragma once

#include "diffam/io/nifti/labels.hpp"
#include "diffam/io/nifti/read.hpp"
#include "diffam/io/nifti/write.hpp"
