// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The segments of a `.seg.nrrd` file of 3D Slicer: keys "Segment0_Name", "Segment0_LabelValue",
// "Segment0_Layer", ... (slicer.readthedocs.io, "Segmentations", "Segmentation file format").
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "diffam/io/nrrd/fields.hpp"
#include "diffam/io/segments/names.hpp"

namespace diffam::io::detail {

struct nrrd_segment {
  std::string name;
  index_t layer = 0;
  index_t value = 1;         // in the voxels of its layer
  std::optional<int> label;  // VerSe's, from the name
};

/// All segments of a file; none if it is no segmentation. Throws `error` (bad_data) for invalid keys.
inline std::vector<nrrd_segment> nrrd_segments(const nrrd_fields& h, index_t layers, const path& file) {
  std::vector<nrrd_segment> out;
  for (int k = 0; k < 1024; ++k) {
    const std::string start = "Segment" + text(k) + "_";
    const auto key = [&](const char* name) {
      const auto at = h.key.find(start + name);
      return at == h.key.end() ? std::string_view() : std::string_view(at->second);
    };
    if (key("ID").empty() && key("Name").empty()) break;
    nrrd_segment s{.name = std::string(key("Name").empty() ? key("ID") : key("Name")), .label = {}};
    s.layer = layers > 1 ? k : 0;  // files of old versions: one layer for each segment
    if (!key("Layer").empty()) s.layer = numbers_of<index_t>(key("Layer"), 1, file, start + "Layer")[0];
    if (!key("LabelValue").empty())
      s.value = numbers_of<index_t>(key("LabelValue"), 1, file, start + "LabelValue")[0];
    if (s.layer < 0 || s.layer >= layers)
      bad_data(file, start + "Layer", "0 to " + text(layers - 1), text(s.layer));
    s.label = label_of_segment(s.name);
    out.push_back(std::move(s));
  }
  return out;
}

/// The label of a mask for each value of each layer. A segment that is named after a vertebra gets the number
/// of that vertebra; another one keeps its value.
class nrrd_label_map {
 public:
  nrrd_label_map() = default;
  /// `numbers`: the number of a VerSe label in the mask. Throws `error` (bad_data) where two segments would
  /// have the same number.
  template <class Numbers>
  nrrd_label_map(const std::vector<nrrd_segment>& segments, Numbers&& numbers, const path& file)
      : file_(file) {
    std::set<index_t> used;
    for (const auto& s : segments) {
      const std::optional<int> number = s.label ? numbers(*s.label) : std::nullopt;
      const index_t label = number ? *number : s.value;
      if (!used.insert(label).second)
        bad_data(file, "segment " + in_quotes(s.name), "a number of its own",
                 text(label) + ", as another segment");
      if (!label_.emplace(std::pair(s.layer, s.value), label).second)
        bad_data(file, "segment " + in_quotes(s.name), "a LabelValue of its own",
                 text(s.value) + ", as another segment");
    }
  }

  /// The label of a voxel from its values in all layers; a later layer covers an earlier one.
  double operator()(const double* layers, index_t count) {
    double out = 0;
    for (index_t l = 0; l < count; ++l) {
      if (layers[l] == 0) continue;
      const auto value =
          static_cast<index_t>(std::isfinite(layers[l]) ? std::clamp(layers[l], -1.0, 1e9) : -1);
      const auto at = label_.find({l, value});
      if (at == label_.end() || static_cast<double>(value) != layers[l])
        bad_data(file_, "data", "the LabelValue of a segment", text(layers[l]) + " in layer " + text(l));
      overlaps_ += out != 0;
      out = static_cast<double>(at->second);
    }
    return out;
  }
  index_t overlaps() const { return overlaps_; }  // voxels of more than one segment

 private:
  path file_;
  std::map<std::pair<index_t, index_t>, index_t> label_;
  index_t overlaps_ = 0;
};

}  // namespace diffam::io::detail
