// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A section along the spine's own curve. Sagittal: at height z the plane x = x(z); coronal: y = y(z). Every
// height is shifted on its own, so a bent spine stays in the section from end to end, and mm stay mm.
#pragma once

#include "canvas.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "spine_curve.hpp"

namespace diffam::program {

enum class section_kind { sagittal, coronal };

/// Grey values: HU at black and at white.
struct intensity_window {
  double black = -250;
  double white = 1150;
};

/// The rectangle of the section that is shown: `first` to `last` across (y or x) and z, in mm.
struct section_frame {
  double first_across = 0, last_across = 0;
  double lowest = 0, highest = 0;

  double width() const { return last_across - first_across; }
  double height() const { return highest - lowest; }
};

class spine_section {
 public:
  /// `scale` is pixels per mm. Anterior and the patient's right are on the picture's left.
  spine_section(section_kind kind, const spine_curve& curve, const section_frame& frame, double scale);

  index_t pixel_width() const;
  index_t pixel_height() const;

  /// World position of a pixel, and the pixel of a world position (which is moved along the section's
  /// normal).
  vec3<double> world(double x, double y) const;
  vec<double, 2> pixel(const vec3<double>& p) const;

  /// The CT in grey; dark blue outside it and where its voxels are not kept.
  canvas picture(const volume_view<float>& ct, const intensity_window& window) const;
  /// Tints the voxels of every label.
  void tint(canvas& to, const volume_view<std::uint8_t>& labels, double opacity) const;
  /// The line in which the section cuts a mesh (world mm).
  void contour(canvas& to, const triangle_mesh<double>& mesh, double thickness, colour c) const;

 private:
  int across() const { return kind_ == section_kind::sagittal ? 1 : 0; }   // the axis to the right
  int through() const { return kind_ == section_kind::sagittal ? 0 : 1; }  // the axis into the picture

  section_kind kind_;
  spine_curve curve_;
  section_frame frame_;
  double scale_;
};

/// What to show of a CT around a spine: its heights and a margin, within the volume.
section_frame frame_around(section_kind kind, const spine_curve& curve, const grid& ct);

/// The part of the world that a section shows.
world_box bounds_of(section_kind kind, const spine_curve& curve, const section_frame& frame);

}  // namespace diffam::program
