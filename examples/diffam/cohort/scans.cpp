// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Names of scans, and the choice among them.
#include "cohort/scans.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "diffam/core/error.hpp"
#include "output_files.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

bool takes(std::string& text, const std::string& head) {
  if (!text.starts_with(head)) return false;
  text.erase(0, head.size());
  return true;
}

/// The first entity of a name, which is taken off.
std::string first_entity(std::string& stem) {
  const std::size_t end = std::min(stem.find('_'), stem.size());
  const std::string first = stem.substr(0, end);
  stem.erase(0, end + 1);
  return first;
}

/// Throws `error` (usage) where no scan has a label that was asked for.
void require_known(const std::vector<scan_files>& all, const std::vector<std::string>& asked,
                   const char* option, const std::string& prefix, std::string (*label)(const scan_files&)) {
  for (std::string wanted : asked) {
    takes(wanted, prefix);
    if (std::any_of(all.begin(), all.end(), [&](const scan_files& s) { return label(s) == wanted; }))
      continue;
    throw error(
        fmt::format("{}: expected one of the {} scans that were found ({}, ...; the level list prints "
                    "all), got '{}'",
                    option, all.size(), all.front().name(), wanted));
  }
}

bool is_asked(const std::vector<std::string>& asked, const std::string& prefix, const std::string& label) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const std::string& w) {
           return w == label || w == prefix + label;
         });
}

}  // namespace

std::string scan_files::name() const {
  return "sub-" + subject + (session.empty() ? "" : "_ses-" + session) + (rest.empty() ? "" : "_" + rest);
}

fs::path scan_files::folder() const {
  fs::path all = "sub-" + subject;
  if (!session.empty()) all /= "ses-" + session;
  if (!rest.empty()) all /= rest;
  return all;
}

fs::path scan_files::log() const {
  return fs::path("logs") / (name() + ".log");
}

fs::path scan_files::record() const {
  return fs::path("logs") / (name() + ".json");
}

fs::path scan_files::result(const std::string& ending) const {
  return folder() / (case_name(ct) + ending);
}

void name_by(scan_files& scan, const std::string& stem) {
  std::string left = stem;
  if (takes(left, "sub-")) {
    scan.subject = first_entity(left);
    if (takes(left, "ses-")) scan.session = first_entity(left);
    scan.rest = left;
    return;
  }
  for (const char c : stem)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) scan.subject += c;
  if (scan.subject.empty()) scan.subject = "unnamed";
}

std::vector<scan_files> chosen_scans(const std::vector<scan_files>& all, const cohort_arguments& a) {
  const auto subject = [](const scan_files& s) { return s.subject; };
  const auto session = [](const scan_files& s) { return s.session; };
  const auto name = [](const scan_files& s) { return s.name(); };
  require_known(all, a.participants, "--participant-label", "sub-", subject);
  require_known(all, a.sessions, "--session-label", "ses-", session);
  require_known(all, a.scans, "--scan", "", name);
  std::vector<scan_files> chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const scan_files& s) {
    return is_asked(a.participants, "sub-", s.subject) && is_asked(a.sessions, "ses-", s.session) &&
           is_asked(a.scans, "", s.name());
  });
  if (chosen.empty()) throw error("expected a scan of these participants and sessions, found none");
  return chosen;
}

}  // namespace diffam::program
