// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The formulas on eight boxes or eight triangles at once: structures of arrays and straight loops that the
// compiler turns into vector instructions.
#pragma once

#include "diffam/sdf/formulas.hpp"

namespace diffam {

inline constexpr int lane_count = 8;

/// Eight boxes. An unused lane holds the empty box, lo = +inf and hi = -inf.
template <class T>
struct alignas(64) box_lanes {
  T lo[3][lane_count];
  T hi[3][lane_count];
};

/// Eight patches of surface as dipoles. An unused lane holds reach2 = -1 and zeros.
template <class T>
struct alignas(64) dipole_lanes {
  T centre[3][lane_count];  // area-weighted centroid
  T normal[3][lane_count];  // sum of the area vectors
  T area[lane_count];       // sum of the areas
  T reach2[lane_count];     // squared radius around the centre that contains the patch
};

/// Eight triangles. An unused lane has face -1 and all corners at a corner of lane 0.
template <class T>
struct alignas(64) triangle_lanes {
  T v[3][3][lane_count];  // corner, axis
  stored_index face[lane_count];
};

/// out[l] = squared distance from p to box l.
template <class T>
DIFFAM_HOST_DEVICE inline void box_squared_distances(const box_lanes<T>& b, const vec3<T>& p, T* out) {
  for (int l = 0; l < lane_count; ++l) {
    T s = 0;
    for (int k = 0; k < 3; ++k) {
      const T below = b.lo[k][l] - p[k], above = p[k] - b.hi[k][l];
      T d = below > above ? below : above;
      d = d > T(0) ? d : T(0);
      s += d * d;
    }
    out[l] = s;
  }
}

namespace detail {

/// Squared distance from the origin to the segment a + t e.
template <class T>
DIFFAM_HOST_DEVICE inline T segment_squared_distance(T ax, T ay, T az, T ex, T ey, T ez) {
  const T length2 = ex * ex + ey * ey + ez * ez;
  T t = -(ax * ex + ay * ey + az * ez) / (length2 > T(0) ? length2 : T(1));
  t = t > T(0) ? t : T(0);
  t = t < T(1) ? t : T(1);
  const T x = ax + t * ex, y = ay + t * ey, z = az + t * ez;
  return x * x + y * y + z * z;
}

}  // namespace detail

/// out[l] = squared distance from p to triangle l, up to rounding that of `closest_on_triangle`.
template <class T>
DIFFAM_HOST_DEVICE inline void triangle_squared_distances(const triangle_lanes<T>& f, const vec3<T>& p,
                                                          T* out) {
  for (int l = 0; l < lane_count; ++l) {
    const T ax = f.v[0][0][l] - p[0], ay = f.v[0][1][l] - p[1], az = f.v[0][2][l] - p[2];
    const T bx = f.v[1][0][l] - p[0], by = f.v[1][1][l] - p[1], bz = f.v[1][2][l] - p[2];
    const T cx = f.v[2][0][l] - p[0], cy = f.v[2][1][l] - p[1], cz = f.v[2][2][l] - p[2];
    const T ux = bx - ax, uy = by - ay, uz = bz - az;
    const T vx = cx - ax, vy = cy - ay, vz = cz - az;
    T best = detail::segment_squared_distance(ax, ay, az, ux, uy, uz);
    const T bc = detail::segment_squared_distance(bx, by, bz, cx - bx, cy - by, cz - bz);
    const T ca = detail::segment_squared_distance(ax, ay, az, vx, vy, vz);
    best = bc < best ? bc : best;
    best = ca < best ? ca : best;
    const T nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const T n2 = nx * nx + ny * ny + nz * nz;
    const T s = -((ay * vz - az * vy) * nx + (az * vx - ax * vz) * ny + (ax * vy - ay * vx) * nz);
    const T t = -((uy * az - uz * ay) * nx + (uz * ax - ux * az) * ny + (ux * ay - uy * ax) * nz);
    const T inverse = T(1) / (n2 > T(0) ? n2 : T(1));
    const T px = ax + (s * ux + t * vx) * inverse, py = ay + (s * uy + t * vy) * inverse,
            pz = az + (s * uz + t * vz) * inverse;
    const T foot = px * px + py * py + pz * pz;
    T least = s < t ? s : t;
    const T rest = n2 - s - t;
    least = least < rest ? least : rest;
    const T inside = least > T(0) ? foot : best;  // also false where n2 = 0
    out[l] = inside < best ? inside : best;
  }
}

}  // namespace diffam
