// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads a label volume and computes the centres of its vertebrae.
#include "fit/mask_centres.hpp"

#include "centre_files.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/io/volume_file.hpp"
#include "diffam/spine/template_from_masks.hpp"
#include "fit/inputs.hpp"

namespace diffam::program {

bool is_label_volume(const std::filesystem::path& file) {
  const std::string name = io::detail::lower_case(file.filename().string());
  const auto ends = [&](const char* ending) { return name.ends_with(ending); };
  return ends(".nii") || ends(".nii.gz") || ends(".nrrd") || ends(".nhdr") || ends(".mha") || ends(".mhd");
}

spine::centroid_list centres_in_mask(const fit_arguments& a, const grid& image, io::warning_list& warnings) {
  const auto number = [&](int label) { return mask_value(label, a.numbering()); };
  auto labels =
      io::read_label_volume<std::uint8_t>(a.centres, warnings, {.label_number = number, .form = a.affine});
  if (a.numbering() == io::label_numbering::totalsegmentator)
    for (auto& voxel : labels.voxels)
      voxel = static_cast<std::uint8_t>(spine::from_totalsegmentator(voxel).value_or(0));
  const auto found = spine::centres_of_mask(exec::threads(a.threads), labels, a.centres.string());
  for (const int l : found.left_out)
    warnings.push_back(a.centres.string() + ": " + spine::label_name(l) +
                       ": is cut by the border or too small" + std::string(io::no_result));
  if (found.centres.empty())
    throw error(
        a.centres.string() + ": expected labels of whole vertebrae (--labels " + a.labels + "), found none",
        error_kind::bad_data);
  return checked_centroids(a.centres, found.centres, image, warnings);
}

}  // namespace diffam::program
