// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checkpoints. An even first byte: the rest is the file. An odd one: the file has a sound header and the
// state of a small fit, of which the input replaces a part (four bytes of position, little-endian) or cuts
// off the end (the same with the highest bit set); the fit must refuse the state or go on.
#include "fit/checkpoint.hpp"

#include <cstring>

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/spine/phantom.hpp"
#include "fit/engine.hpp"
#include "fuzz/support/input.hpp"

namespace {

using namespace diffam;

/// A fit of two vertebrae that takes some milliseconds an iteration.
std::unique_ptr<program::fit_engine> small_fit() {
  spine::phantom_params p;
  p.levels = {20, 21}, p.spacing = {2, 2, 2};
  const auto scan = spine::make_phantom(exec::threads(1), p);
  spine::fit_options o = spine::fast_preset();
  o.iterations = 1000;
  o.samples = o.normal_samples = 64;
  o.modes = 8;
  o.start_search = false;
  o.blur_levels = 1;
  program::device_choice cpu{"cpu"};
  std::vector<std::string> warnings;
  return program::make_fit_engine(cpu, 1, scan.ct, scan.centres,
                                  spine::template_set(make_icosphere<double>(1, 15.0)), o, warnings);
}

void restore_patched(fuzz::bytes input) {
  static const auto fit = small_fit();
  static const auto sound = fit->checkpoint();
  std::uint32_t place = 0;
  for (unsigned k = 0; k < 4; ++k) place |= fuzz::take_byte(input) << (8 * k);
  auto state = sound;
  const std::size_t at = (place & 0x7fffffffu) % (state.size() + 1);
  if ((place & 0x80000000u) != 0) state.resize(at);
  const std::size_t n = std::min(input.size(), state.size() - std::min(at, state.size()));
  if (n > 0) std::memcpy(state.data() + at, input.data(), n);
  const auto file = fuzz::folder() / "state.bin";
  program::write_checkpoint(file, 7, state);
  fuzz::promise(program::read_checkpoint(file, 7) == state, "the state that was written");
  const auto restored = fuzz::attempt([&] { return fit->restore(state), true; });
  if (restored && !fit->done()) fit->step();
  fit->restore(sound);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::bytes input(data, size);
  if (fuzz::take_byte(input) % 2 == 1) return restore_patched(input), 0;
  const auto file = fuzz::file_of("raw.bin", input);
  const auto state = fuzz::attempt([&] { return program::read_checkpoint(file, 7); });
  if (state) fuzz::promise(state->size() + 40 == input.size(), "the whole state");
  return 0;
}
