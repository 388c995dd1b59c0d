// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Saves the state of a stopped fit to a file: magic, version, fingerprint of the run, size and hash of the
// state, the state. All numbers are little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace diffam::program {

/// Replaces the file atomically; on failure the previous file stays. Throws `error` (cannot_create,
/// write_failed).
void write_checkpoint(const std::filesystem::path& file, std::uint64_t run, std::span<const std::byte> state);

/// The state in the file. Throws `error` (bad_data) where the file is not a checkpoint, is damaged, or
/// belongs to a run with other settings or inputs.
std::vector<std::byte> read_checkpoint(const std::filesystem::path& file, std::uint64_t run);

}  // namespace diffam::program
