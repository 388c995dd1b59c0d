// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes header and state to one atomic file.
#include "fit/checkpoint.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "diffam/io/atomic_file.hpp"
#include "fit/fingerprint.hpp"

namespace diffam::program {

namespace {

static_assert(std::endian::native == std::endian::little, "checkpoints are written little-endian");

constexpr std::array<char, 8> magic{'D', 'I', 'F', 'F', 'A', 'M', 'C', 'P'};
constexpr std::uint64_t version = 1;
constexpr index_t largest = index_t{8} << 30;

struct header {
  std::array<char, 8> magic;
  std::uint64_t version, run, size, hash;
};
static_assert(sizeof(header) == 40);

std::uint64_t hash_of(std::span<const std::byte> state) {
  return fingerprint{}.add(state).value();
}

}  // namespace

void write_checkpoint(const std::filesystem::path& file, std::uint64_t run,
                      std::span<const std::byte> state) {
  const header h{magic, version, run, state.size(), hash_of(state)};
  io::atomic_file out(file);
  out.write(&h, sizeof h);
  out.write(state.data(), state.size());
  out.commit();
}

std::vector<std::byte> read_checkpoint(const std::filesystem::path& file, std::uint64_t run) {
  const std::string bytes = io::read_file_bounded(file, largest);
  header h{};
  if (bytes.size() >= sizeof h) std::memcpy(&h, bytes.data(), sizeof h);
  if (h.magic != magic || h.version != version)
    io::bad_data(file, "header", "a diffam checkpoint", "another kind of file");
  const auto state = std::as_bytes(std::span(bytes)).subspan(sizeof h);
  if (state.size() != h.size || hash_of(state) != h.hash)
    io::bad_data(file, "state", std::to_string(h.size) + " undamaged bytes",
                 std::to_string(state.size()) + " bytes that differ");
  if (h.run != run)
    io::bad_data(file, "run", "a checkpoint of these inputs and settings",
                 "one of other inputs or settings (remove it to start again)");
  return {state.begin(), state.end()};
}

}  // namespace diffam::program
