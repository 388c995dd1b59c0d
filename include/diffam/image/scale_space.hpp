// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The target image from coarse to fine (Kim & Park 2024, section 2.5). At the start it is blurred by a
// Gaussian of sigma_0 = 2.56 mm. The blur decreases, and from 80 % of the run on the image is the original.
// Set-up makes a few blurred volumes (levels). Between two levels the intensities are interpolated linearly
// in sigma^2, because blur is linear in sigma^2 to first order (heat equation). Memory: levels x voxels x
// sizeof(Voxel); 9 levels of 120 x 100 x 220 voxels in float take 95 MB.
//
//     const grid seen = isotropic_grid(ct.geometry, 1.0, points, 40);
//     scale_space<float, exec::threads> space(e, resample(e, ct, seen));
//     image_sampler<float> image = space.sampler(clock.state());   // in kernels: image.value(p), ...
#pragma once

#include <vector>

#include "diffam/core/clock.hpp"
#include "diffam/image/gaussian.hpp"
#include "diffam/image/sample/trilinear_jet.hpp"

namespace diffam {

/// The schedule sigma = first (1 - progress / until), then 0.
template <class T>
struct blur_schedule {
  T first = T(2.56);  // mm
  T until = T(0.8);   // progress at which the original is reached
  DIFFAM_HOST_DEVICE T operator()(T progress) const {
    return progress < until ? first * (T(1) - progress / until) : T(0);
  }
};

/// The image at the scale of the clock, a plain value for kernels. Points are in unit lengths, gradients per
/// unit length.
template <real T,                               // scalar
          class Gradient = central_difference,  // or cell_gradient
          class Voxel = float>                  // stored type
struct image_sampler {
  voxel_view<Voxel> levels;  // level 0 is the most blurred; the last one is the original
  index_t level_count = 1;   // levels at equal steps of sigma
  blur_schedule<T> schedule;
  const clock_state* clock = nullptr;  // null: always the original
  affine_map<T> to_index;              // to voxel indices of the levels
  affine_map<T> to_view;               // to voxel indices of the original image
  vec<index_t, 3> view_size{};         // size of the original image

  /// True if p is in the field of view of the image and within the levels (up to half a voxel beyond their
  /// voxel centres).
  template <class N = T>  // T, or lanes of T
  DIFFAM_HOST_DEVICE auto inside(const vec3<N>& p) const {
    return both(inside_box(to_index(p), N(-0.5), levels.size, N(-0.5)), inside_view(to_view(p), view_size));
  }

  template <class N = T>  // T, or lanes of T
  DIFFAM_HOST_DEVICE N value(const vec3<N>& p) const {
    const vec3<N> x = to_index(p);
    const read_blended<T, Voxel> at = blend();
    if (at.weight == T(0)) return trilinear_value(levels, x, at.first);
    return trilinear_value(levels, x, at);
  }

  /// Value, gradient, and derivative of the gradient. All come from one fetch of the voxels.
  template <class N = T>  // T, or lanes of T
  DIFFAM_HOST_DEVICE image_jet<N> jet(const vec3<N>& p) const {
    const vec3<N> x = to_index(p);
    const read_blended<T, Voxel> at = blend();
    image_jet<N> out = at.weight == T(0) ? trilinear_jet<Gradient>(levels, x, at.first)
                                         : trilinear_jet<Gradient>(levels, x, at);
    const mat3<N> linear = to_index.template linear_of<N>();
    out.gradient = out.gradient * linear;
    out.d_gradient = transpose(linear) * (out.d_gradient * linear);
    return out;
  }

  DIFFAM_HOST_DEVICE vec3<T> gradient(const vec3<T>& p) const { return jet(p).gradient; }

  /// The derivative of c . gradient(p) with respect to p.
  DIFFAM_HOST_DEVICE vec3<T> gradient_pullback(const vec3<T>& p, const vec3<T>& c) const {
    return c * jet(p).d_gradient;
  }

 private:
  /// The two levels around the current sigma. If the weight is 0, only the first level counts.
  DIFFAM_HOST_DEVICE read_blended<T, Voxel> blend() const {
    const index_t count = levels.size[0] * levels.size[1] * levels.size[2];
    const index_t last = level_count - 1;
    const Voxel* original = levels.data + last * count;
    if (clock == nullptr || last == 0) return {{original}, {original}, T(0)};
    // s is sigma in steps between levels: 0 is the original, `last` the most blurred level.
    const T s = schedule(clock->progress<T>()) / schedule.first * static_cast<T>(last);
    if (!(s > T(0))) return {{original}, {original}, T(0)};
    index_t below = static_cast<index_t>(s);
    below = below < last ? below : last - 1;
    const T low = static_cast<T>(below);
    const T weight = (s * s - low * low) / (T(2) * low + T(1));  // weight of the more blurred level, linear
                                                                 // in sigma^2
    return {{original - below * count}, {original - (below + 1) * count}, weight};
  }
};

/// Parameters of a scale space.
struct scale_space_params {
  double sigma = 2.56;  // blur of the most blurred level, in mm; 0: no blur
  double until = 0.8;   // progress at which the original image is reached
  int levels = 9;       // number of levels, including the original
  double unit = unit_length_mm;
};

/// Owns the levels, in the memory of the policy.
template <real T,                               // scalar of the kernels
          exec::policy Exec,                    // the policy in whose memory the levels are
          class Gradient = central_difference,  // or cell_gradient
          class Voxel = float>                  // stored type
class scale_space {
 public:
  using params = scale_space_params;
  using sampler_type = image_sampler<T, Gradient, Voxel>;

  /// `host` is the host policy that computes the blur. Throws `diffam::error` if a parameter is not valid, or
  /// if there is blur and the axes of the image are not at right angles.
  template <exec::policy Host>
  scale_space(const Host& host, masked_volume<Voxel> image, const params& p = {})
      : geometry_(image.values.geometry), view_(image.field_of_view), params_(p) {
    if (!(p.sigma >= 0) || p.levels < 1 || !(p.until > 0) || !(p.unit > 0))
      throw error("scale_space: expected sigma >= 0, levels >= 1, until > 0 and unit > 0");
    require_grid("scale_space", geometry_);
    require_grid("scale_space", view_);
    if (p.sigma == 0) params_.levels = 1;
    build(host, std::move(image));
  }

  const grid& geometry() const { return geometry_; }
  const grid& field_of_view() const { return view_; }
  int levels() const { return params_.levels; }
  std::size_t bytes() const { return voxels_.bytes(); }

  /// The image at the start of a run, independent of a clock.
  sampler_type most_blurred() const {
    sampler_type s = sampler();
    s.level_count = 1;
    return s;
  }

  /// The image at the scale of `clock`; without a clock, the original.
  sampler_type sampler(const clock_state* clock = nullptr) const {
    sampler_type s;
    s.levels = {voxels_.data(), geometry_.size};
    s.level_count = params_.levels;
    s.schedule = {static_cast<T>(params_.sigma), static_cast<T>(params_.until)};
    s.clock = clock;
    s.to_index = world_to_index<T>(geometry_, params_.unit);
    s.to_view = world_to_index<T>(view_, params_.unit);
    s.view_size = view_.size;
    return s;
  }

 private:
  /// Each level is made from the one before it by the missing amount of blur.
  template <class Host>
  void build(const Host& host, masked_volume<Voxel> image) {
    const index_t count = geometry_.voxel_count();
    const int last = params_.levels - 1;
    voxels_ = buffer<Voxel, typename Exec::memory>(count * params_.levels);
    const auto store = [&](int level, const std::vector<Voxel>& from) {
      Exec::memory::copy_from_host(voxels_.data() + level * count, from.data(),
                                   static_cast<std::size_t>(count) * sizeof(Voxel));
    };
    store(last, image.values.voxels);
    if (last == 0) return;
    gaussian_blur<Voxel, Host> blur(host, std::move(image));
    for (int n = 1; n <= last; ++n) {
      blur.to(params_.sigma * n / last);
      store(last - n, blur.values());
    }
  }

  grid geometry_, view_;
  params params_;
  buffer<Voxel, typename Exec::memory> voxels_;  // level 0 first
};

}  // namespace diffam
