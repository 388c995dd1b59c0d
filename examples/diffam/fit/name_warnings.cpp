// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares the names of given centres with the image.
#include "fit/name_warnings.hpp"

#include "diffam/exec/threads.hpp"
#include "diffam/spine/find.hpp"

namespace diffam::program {

namespace {

std::string ends_of(const std::vector<int>& labels) {
  const std::string first = spine::label_name(labels.front());
  return labels.size() == 1 ? first : first + "-" + spine::label_name(labels.back());
}

}  // namespace

std::vector<std::string> name_warnings(const fit_arguments& a, const fit_inputs& in) {
  std::vector<std::string> out;
  const exec::threads threads(a.threads);
  for (const auto& doubt : spine::check_names(threads, volume_view<float>(in.ct), in.centres, in.templates)) {
    std::string reasons;
    for (const auto& r : doubt.reasons) reasons += (reasons.empty() ? "" : ", ") + r;
    out.push_back(a.centres.string() + ": the names " + ends_of(doubt.given) + " contradict the image (" +
                  reasons + "); " + ends_of(doubt.likelier) + " is likelier");
  }
  return out;
}

}  // namespace diffam::program
