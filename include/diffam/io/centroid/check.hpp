// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks the centres of a file: it maps the file's labels to VerSe numbers, and tests whether the centres can
// be one spine in one image.
#pragma once

#include "diffam/image/grid.hpp"
#include "diffam/io/centroid_options.hpp"
#include "diffam/io/segments/names.hpp"
#include "diffam/spine/checks.hpp"

namespace diffam::io {

namespace detail {

/// Collects the centres of one file, checks them, and adds warnings.
class centroid_collector {
 public:
  centroid_collector(const path& file, const grid& image, const centroid_options& options,
                     warning_list& warnings)
      : file_(file), image_(image), options_(options), warnings_(warnings) {}

  const path& file() const { return file_; }
  const grid& image() const { return image_; }
  const centroid_options& options() const { return options_; }
  void warn(const std::string& field, const std::string& what) {
    warnings_.push_back(about(file_, field) + what);
  }

  /// The VerSe number for a name or number of the file. For sacrum and coccyx: a warning and no number.
  /// Throws `error` (bad_data) for an unknown label.
  std::optional<int> label(std::string_view name) {
    if (options_.only) return options_.only;
    const auto number = parse_number<int>(name);
    const auto known = number ? (options_.numbering == label_numbering::verse
                                     ? (spine::is_label(*number) ? number : std::nullopt)
                                     : spine::from_totalsegmentator(*number))
                              : label_of_segment(name);
    const std::string word = only_word(name);
    const bool sacral = (word.size() == 2 && word[0] == 's' && word[1] >= '1' && word[1] <= '6') ||
                        word == "cocc" || (known && !spine::is_vertebra_label(*known));
    if (sacral) {
      warn("label", in_quotes(name) + " cannot be fitted; ignored");
      return {};
    }
    if (!known)
      bad_data(file_, "label",
               options_.numbering == label_numbering::verse
                   ? "a vertebra by name (C1 to L6) or VerSe number (1 to 25, 28)"
                   : "a vertebra by name (C1 to L5) or TotalSegmentator number (27 to 50)",
               in_quotes(name));
    return known;
  }

  /// Adds a centre in world RAS, mm.
  void add(int label, const vec3<double>& world) {
    const std::string name = spine::label_name(label);
    for (const auto& c : centres_)
      if (c.label == label) bad_data(file_, name, options_.only ? "one point" : "one centre", "two");
    for (int k = 0; k < 3; ++k)
      if (!std::isfinite(world[k])) return add_missing(label);
    centres_.push_back({label, world});
  }
  /// To be called for a point without coordinates in the file.
  void add_missing(int label) { warn(spine::label_name(label), "is not a number" + std::string(no_result)); }

  /// The centres from head to foot. Throws `error` (bad_data) where they cannot be one spine.
  spine::centroid_list finish() {
    if (centres_.empty()) bad_data(file_, "centres", "one or more", "none");
    drop_outside();
    spine::sort_anatomically(centres_);
    if (const auto p = spine::find_chain_problem(centres_)) bad_data(file_, p->field, p->expected, p->found);
    if (centres_.size() == 1 && !options_.only && !options_.for_search)
      warn("centres", "only one: the vertebra starts along the axes of the world");
    return std::move(centres_);
  }

 private:
  void drop_outside() {
    spine::centroid_list inside;
    for (const auto& c : centres_) {
      const vec3<double> x = image_.to_index(c.position);
      bool in = true;
      for (int a = 0; a < 3; ++a)
        in = in && x[a] >= -0.5 && x[a] <= static_cast<double>(image_.size[a]) - 0.5;
      if (in)
        inside.push_back(c);
      else
        warn(spine::label_name(c.label),
             "is outside of the image, at voxel " + position_text(x) + std::string(no_result));
    }
    if (3 * (centres_.size() - inside.size()) > centres_.size())
      bad_data(file_, "centres", "centres inside the image",
               text(centres_.size() - inside.size()) + " of " + text(centres_.size()) +
                   " outside: is the frame right (--centroid-frame)? If the image shows a part of them, give "
                   "these alone");
    centres_ = std::move(inside);
  }
  static std::string position_text(const vec3<double>& x) {
    const auto one = [](double v) { return text(std::round(v * 10) / 10); };
    return std::string(1, '(') + one(x[0]) + ", " + one(x[1]) + ", " + one(x[2]) + ")";
  }

  const path& file_;
  const grid& image_;
  const centroid_options& options_;
  warning_list& warnings_;
  spine::centroid_list centres_;
};

}  // namespace detail
}  // namespace diffam::io
