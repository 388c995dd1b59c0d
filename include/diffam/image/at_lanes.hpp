// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Evaluates an image at several points at once. An image that accepts only one point is called for each
// point, so it need not support lanes.
#pragma once

#include "diffam/image/sample/trilinear_jet.hpp"

namespace diffam::detail {

/// Calls f for the point of each lane.
template <class T, int Count, class F>
DIFFAM_INLINE lanes<T, Count> one_by_one(const vec3<lanes<T, Count>>& p, const F& f) {
  lane_columns<T, 3, Count> points;
  points.set(0, p);
  T to[Count];
  for (int l = 0; l < Count; ++l) to[l] = f(points.vector(0, l));
  return lanes<T, Count>::load(to);
}

/// 1 for points inside the image, 0 outside.
template <class Image, class T, int Count>
DIFFAM_INLINE lanes<T, Count> inside_at(const Image& image, const vec3<lanes<T, Count>>& p) {
  if constexpr (requires { image.inside(p); })
    return select(image.inside(p), lanes<T, Count>(1), lanes<T, Count>(0));
  else
    return one_by_one(p, [&](const vec3<T>& x) { return image.inside(x) ? T(1) : T(0); });
}

template <class Image, class T, int Count>
DIFFAM_INLINE lanes<T, Count> value_at(const Image& image, const vec3<lanes<T, Count>>& p) {
  if constexpr (requires { image.value(p); })
    return image.value(p);
  else
    return one_by_one(p, [&](const vec3<T>& x) { return image.value(x); });
}

template <class Image, class T, int Count>
DIFFAM_INLINE image_jet<lanes<T, Count>> jet_at(const Image& image, const vec3<lanes<T, Count>>& p) {
  if constexpr (requires { image.jet(p); }) {
    return image.jet(p);
  } else {
    lane_columns<T, 3, Count> points;
    points.set(0, p);
    image_jet<T> jets[Count];
    for (int l = 0; l < Count; ++l) jets[l] = image.jet(points.vector(0, l));
    return side_by_side(jets);
  }
}

}  // namespace diffam::detail
