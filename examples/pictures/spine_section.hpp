// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A section along the curve of the spine. The sagittal section has x = x(z) at height z, the coronal one y =
// y(z). Each height is shifted by itself, so that a curved spine lies in the section from end to end, without
// a change of scale.
#pragma once

#include "canvas.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "spine_curve.hpp"

namespace diffam::program {

enum class section_kind { sagittal, coronal };

/// Intensities in HU that are black and white in the picture.
struct intensity_window {
  double black = -250;
  double white = 1150;
};

/// The visible rectangle of the section in mm: `first` to `last` across (y or x), and z.
struct section_frame {
  double first_across = 0, last_across = 0;
  double lowest = 0, highest = 0;

  double width() const { return last_across - first_across; }
  double height() const { return highest - lowest; }
};

/// A section, and the drawing of a CT, labels and meshes in it.
class spine_section {
 public:
  /// `scale` is in pixels per mm. Anterior, or the patient's right, is on the left of the picture.
  spine_section(section_kind kind, const spine_curve& curve, const section_frame& frame, double scale);

  index_t pixel_width() const;
  index_t pixel_height() const;

  /// World position of a pixel, and pixel of a world position. The latter is first projected onto the
  /// section.
  vec3<double> world(double x, double y) const;
  vec<double, 2> pixel(const vec3<double>& p) const;

  /// The CT in grey; dark blue outside of the CT and where its voxels are not kept.
  canvas picture(const volume_view<float>& ct, const intensity_window& window) const;
  /// Tints the voxels of every label in the label's colour.
  void tint(canvas& to, const volume_view<std::uint8_t>& labels, double opacity) const;
  /// Draws the intersection of the section with a mesh (world mm).
  void contour(canvas& to, const triangle_mesh<double>& mesh, double thickness, colour c) const;

 private:
  int across() const { return kind_ == section_kind::sagittal ? 1 : 0; }   // world axis across the picture
  int through() const { return kind_ == section_kind::sagittal ? 0 : 1; }  // world axis into the picture

  section_kind kind_;
  spine_curve curve_;
  section_frame frame_;
  double scale_;
};

/// A bar of 50 or 10 mm in the lower right corner of a picture with `scale` pixels per mm.
void draw_scale_bar(canvas& to, double scale);

/// The visible rectangle for a CT of a spine: the heights of the spine and a margin, within the volume.
section_frame frame_around(section_kind kind, const spine_curve& curve, const grid& ct);

/// The bounding box in the world of the visible part of a section.
world_box bounds_of(section_kind kind, const spine_curve& curve, const section_frame& frame);

}  // namespace diffam::program
