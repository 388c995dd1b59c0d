// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The state of a fit that was stopped, as a file. Bytes: magic, version, fingerprint of the run, size and
// hash of the state, the state; all numbers little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace diffam::program {

/// Replaces the file at once, or leaves the one that is there. Throws `error`.
void write_checkpoint(const std::filesystem::path& file, std::uint64_t run, std::span<const std::byte> state);

/// The state. Throws `error` (bad_data) where the file is no checkpoint, is damaged, or belongs to a run with
/// other settings or inputs.
std::vector<std::byte> read_checkpoint(const std::filesystem::path& file, std::uint64_t run);

}  // namespace diffam::program
