// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws a bar that redraws its own line, or prints lines.
#include "fit/progress_display.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace diffam::program {

namespace {

constexpr auto bar_every = std::chrono::milliseconds(100);
constexpr auto line_every = std::chrono::seconds(5);
constexpr int bar_width = 30;

}  // namespace

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(std::lround(std::clamp(seconds, 0.0, 1e7)));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

progress_display::progress_display(const console& out, std::uint64_t total, std::uint64_t done)
    : out_(out), total_(std::max<std::uint64_t>(total, 1)), first_(done), bar_(console::interactive()) {
  if (!bar_) next_ += line_every;
}

std::string progress_display::text(std::uint64_t done, double loss) const {
  const double elapsed = std::chrono::duration<double>(clock::now() - start_).count();
  const auto steps = static_cast<double>(done - std::min(done, first_));
  const double left = steps > 0 ? elapsed / steps * static_cast<double>(total_ - std::min(done, total_)) : 0;
  return fmt::format("iteration {}/{} ({}%), loss {:.5f}, {} left", done, total_, 100 * done / total_, loss,
                     duration_text(left));
}

void progress_display::update(std::uint64_t done, double loss) {
  if (out_.quiet()) return;
  const auto now = clock::now();
  if (now < next_) return;
  if (!bar_) {
    out_.note(text(done, loss));
    next_ = now + line_every;
    return;
  }
  next_ = now + bar_every;
  const auto filled = static_cast<std::size_t>(bar_width * std::min(done, total_) / total_);
  std::string bar(filled, '#');
  bar.resize(bar_width, '.');
  fmt::print(stderr, "\r[{}] {}\033[K", bar, text(done, loss));
  std::fflush(stderr);
  drawn_ = true;
}

void progress_display::finish() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace diffam::program
