// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
#include "hounsfield.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "diffam/core/error.hpp"
#include "diffam/spine/checks.hpp"

namespace diffam::program {

namespace {

/// The number in the argument of --hu-offset; nothing for "auto" and "none".
std::optional<double> number_in(const std::string& asked) {
  if (asked == "auto" || asked == "none") return {};
  double number = 0;
  const auto read = std::from_chars(asked.data(), asked.data() + asked.size(), number);
  if (read.ec != std::errc() || read.ptr != asked.data() + asked.size() || !std::isfinite(number))
    throw error("--hu-offset: expected a number, auto or none, got '" + asked + "'");
  return number;
}

float without_offset(float v, double offset) {
  return v - static_cast<float>(offset);
}
std::int16_t without_offset(std::int16_t v, double offset) {
  const double hu = std::nearbyint(v - offset);
  return static_cast<std::int16_t>(std::clamp(hu, -32768.0, 32767.0));
}

}  // namespace

template <class T>
double to_hounsfield(const std::filesystem::path& file, const volume_view<T>& view, std::span<T> voxels,
                     const spine::centroid_list& centres, const std::string& asked,
                     std::vector<std::string>& warnings) {
  const std::optional<double> number = number_in(asked);
  const bool any = asked == "none";
  const spine::value_review found = spine::review_values(view, centres, any ? 0 : number);
  const std::string problem =
      file.string() +
      (found.no_bone ? ": values at the centres: expected bone, found " : ": values: expected HU, found ") +
      found.problem;
  if (!found.problem.empty() && !any) {
    const std::string given = number ? fmt::format(" (HU + {:g} by --hu-offset)", *number) : std::string();
    throw error(problem + given +
                    (found.no_bone ? "; are the centres, or their frame (--centroid-frame), wrong? Is it a "
                                     "CT? --hu-offset none "
                                     "fits anyway"
                                   : "; give the CT itself, or say --hu-offset N if the values are HU + N, "
                                     "or none to fit anyway"),
                error_kind::bad_data);
  }
  if (!found.problem.empty()) warnings.push_back(problem + "; taken as they are");
  if (found.offset == 0) return 0;
  if (!number)
    warnings.push_back(fmt::format(
        "{}: values: HU + {:g}{}; {:g} was subtracted (see --hu-offset)", file.string(), found.offset,
        found.or_offset ? fmt::format(", or HU + {:g}", *found.or_offset) : std::string(), found.offset));
  for (T& v : voxels) v = without_offset(v, found.offset);
  return found.offset;
}

template double to_hounsfield(const std::filesystem::path&, const volume_view<float>&, std::span<float>,
                              const spine::centroid_list&, const std::string&, std::vector<std::string>&);
template double to_hounsfield(const std::filesystem::path&, const volume_view<std::int16_t>&,
                              std::span<std::int16_t>, const spine::centroid_list&, const std::string&,
                              std::vector<std::string>&);

volume<std::int16_t> in_whole_hu(const volume<float>& ct) {
  volume<std::int16_t> out(ct.geometry);
  std::transform(ct.voxels.begin(), ct.voxels.end(), out.voxels.begin(), [](float hu) {
    return static_cast<std::int16_t>(std::lround(std::clamp(hu, -1024.0f, 3071.0f)));
  });
  return out;
}

}  // namespace diffam::program
