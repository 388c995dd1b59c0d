// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks the processor before any other code runs. Where it lacks instructions that the program was compiled
// for, this prints a clear message instead of "illegal instruction". This file is compiled for the oldest
// processors. It calls only the operating system, because an inline function shared with other files could be
// linked in their version.
#if defined(__x86_64__) && defined(DIFFAM_NEEDS_X86_64_V3)

#include <unistd.h>

#include <cstring>

namespace {

constexpr int no_device = 69;  // exit_codes.hpp

const char* missing_feature() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return "AVX2";
  if (!__builtin_cpu_supports("fma")) return "FMA";
  if (!__builtin_cpu_supports("bmi2")) return "BMI2";
  return nullptr;
}

void say(const char* text) {
  const auto written = write(STDERR_FILENO, text, std::strlen(text));
  static_cast<void>(written);
}

__attribute__((constructor(101))) void check_processor() {
  const char* missing = missing_feature();
  if (missing == nullptr) return;
  say("diffam: this processor lacks ");
  say(missing);
  say(", which this build needs (x86-64-v3, 2013 and later); build with -DDIFFAM_ARCH=x86-64 for it\n");
  _exit(no_device);
}

}  // namespace

#endif
