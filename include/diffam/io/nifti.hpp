// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// NIfTI-1 and NIfTI-2 volumes, plain and gzipped: our own bounded reader, and a writer.
#pragma once

#include "diffam/io/nifti/labels.hpp"
#include "diffam/io/nifti/read.hpp"
#include "diffam/io/nifti/write.hpp"
