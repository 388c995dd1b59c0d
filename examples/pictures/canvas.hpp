// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A small colour picture with rectangles, anti-aliased lines and text.
#pragma once

#include <string>

#include "colours.hpp"
#include "diffam/io/png.hpp"

namespace diffam::program {

/// Positions are in pixels from the upper left corner; pixel centres have integer coordinates.
class canvas {
 public:
  canvas(index_t width, index_t height, colour background = black);

  index_t width() const { return image_.width; }
  index_t height() const { return image_.height; }
  const io::rgb_image& image() const { return image_; }

  colour at(index_t x, index_t y) const;
  /// Blends `c` into a pixel; does nothing outside of the picture.
  void mix(index_t x, index_t y, colour c, double opacity);

  void rectangle(double x, double y, double width, double height, colour c, double opacity = 1);
  void line(double x0, double y0, double x1, double y1, double thickness, colour c, double opacity = 1);
  /// Draws text with its upper left corner at (x, y); letters are 7 * scale pixels high.
  void text(double x, double y, const std::string& s, int scale, colour c);
  /// The same with a dark outline, for text over an image.
  void outlined_text(double x, double y, const std::string& s, int scale, colour c);
  /// Copies another picture, with its upper left corner at (x, y).
  void paste(const canvas& other, index_t x, index_t y);

 private:
  io::rgb_image image_;
};

/// Width of a text in pixels.
double text_width(const std::string& s, int scale);

}  // namespace diffam::program
