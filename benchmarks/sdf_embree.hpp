// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Embree's point query (Wald et al., "Embree: a kernel framework for efficient CPU ray tracing", TOG 2014) on
// a triangle mesh, on one thread, for sdf_peers.cpp. The closest point of a triangle is computed as by
// Ericson ("Real-time collision detection", 2005, section 5.1.5), as in Embree's own tutorial.
#pragma once

#include <embree3/rtcore.h>

#include <cmath>
#include <limits>
#include <utility>

#include "diffam/core/view.hpp"
#include "diffam/sdf/ray.hpp"

namespace diffam::bench {

inline vec3<float> ericson_closest_point(const vec3<float>& p, const vec3<float>& a, const vec3<float>& b,
                                         const vec3<float>& c) {
  const vec3<float> ab = b - a, ac = c - a, ap = p - a;
  const float d1 = dot(ab, ap), d2 = dot(ac, ap);
  if (d1 <= 0 && d2 <= 0) return a;
  const vec3<float> bp = p - b;
  const float d3 = dot(ab, bp), d4 = dot(ac, bp);
  if (d3 >= 0 && d4 <= d3) return b;
  const vec3<float> cp = p - c;
  const float d5 = dot(ab, cp), d6 = dot(ac, cp);
  if (d6 >= 0 && d5 <= d6) return c;
  const float vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + ab * (d1 / (d1 - d3));
  const float vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + ac * (d2 / (d2 - d6));
  const float va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
  const float scale = 1 / (va + vb + vc);
  return a + ab * (vb * scale) + ac * (vc * scale);
}

class embree_mesh {
 public:
  struct result {
    const embree_mesh* mesh;
    float squared_distance;
    unsigned face;
    vec3<float> point;
  };

  /// `moving`: settings for many refits, as recommended in Embree's manual; else settings for the best tree,
  /// built once.
  embree_mesh(view<const face> faces, view<const float> vertices, bool moving)
      : device_(rtcNewDevice("threads=1,set_affinity=0")),
        scene_(rtcNewScene(device_)),
        geometry_(rtcNewGeometry(device_, RTC_GEOMETRY_TYPE_TRIANGLE)),
        faces_(faces) {
    vertices_ = static_cast<float*>(rtcSetNewGeometryBuffer(geometry_, RTC_BUFFER_TYPE_VERTEX, 0,
                                                            RTC_FORMAT_FLOAT3, 3 * sizeof(float),
                                                            static_cast<std::size_t>(vertices.rows)));
    auto* const to = static_cast<unsigned*>(rtcSetNewGeometryBuffer(geometry_, RTC_BUFFER_TYPE_INDEX, 0,
                                                                    RTC_FORMAT_UINT3, 3 * sizeof(unsigned),
                                                                    static_cast<std::size_t>(faces.rows)));
    for (index_t f = 0; f < faces.rows; ++f)
      for (int k = 0; k < 3; ++k) to[3 * f + k] = static_cast<unsigned>(faces[f][k]);
    rtcSetGeometryPointQueryFunction(geometry_, visit);
    rtcSetGeometryBuildQuality(geometry_, moving ? RTC_BUILD_QUALITY_REFIT : RTC_BUILD_QUALITY_HIGH);
    rtcSetSceneFlags(scene_, moving ? RTC_SCENE_FLAG_DYNAMIC : RTC_SCENE_FLAG_NONE);
    rtcSetSceneBuildQuality(scene_, moving ? RTC_BUILD_QUALITY_LOW : RTC_BUILD_QUALITY_HIGH);
    rtcAttachGeometry(scene_, geometry_);
    refit(vertices);
  }
  embree_mesh(const embree_mesh&) = delete;
  embree_mesh& operator=(const embree_mesh&) = delete;
  ~embree_mesh() {
    rtcReleaseGeometry(geometry_);
    rtcReleaseScene(scene_);
    rtcReleaseDevice(device_);
  }

  void refit(view<const float> vertices) {
    std::copy_n(vertices.data, vertices.size(), vertices_);
    rtcUpdateGeometryBuffer(geometry_, RTC_BUFFER_TYPE_VERTEX, 0);
    rtcCommitGeometry(geometry_);
    rtcCommitScene(scene_);
  }

  result closest(const vec3<float>& p) const {
    RTCPointQuery query{p[0], p[1], p[2], 0, std::numeric_limits<float>::infinity()};
    RTCPointQueryContext context;
    rtcInitPointQueryContext(&context);
    result r{this, std::numeric_limits<float>::infinity(), 0, {}};
    rtcPointQuery(scene_, &query, &context, nullptr, &r);
    return r;
  }

  /// t of the first hit, infinite if there is none.
  float first_hit(const ray<float>& r) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRayHit q{};
    q.ray.org_x = r.origin[0], q.ray.org_y = r.origin[1], q.ray.org_z = r.origin[2];
    q.ray.dir_x = r.direction[0], q.ray.dir_y = r.direction[1], q.ray.dir_z = r.direction[2];
    q.ray.tnear = r.first, q.ray.tfar = r.last, q.ray.mask = ~0u;
    q.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    rtcIntersect1(scene_, &context, &q);
    return q.hit.geomID == RTC_INVALID_GEOMETRY_ID ? std::numeric_limits<float>::infinity() : q.ray.tfar;
  }

 private:
  static bool visit(RTCPointQueryFunctionArguments* a) {
    auto& best = *static_cast<result*>(a->userPtr);
    const face& t = best.mesh->faces_[a->primID];
    const auto corner = [&](int k) {
      const float* const v = best.mesh->vertices_ + 3 * t[k];
      return vec3<float>{v[0], v[1], v[2]};
    };
    const vec3<float> p{a->query->x, a->query->y, a->query->z};
    const vec3<float> q = ericson_closest_point(p, corner(0), corner(1), corner(2));
    const float d2 = squared_norm(p - q);
    if (!(d2 < best.squared_distance)) return false;
    best.squared_distance = d2, best.face = a->primID, best.point = q;
    a->query->radius = std::sqrt(d2);
    return true;
  }

  RTCDevice device_;
  RTCScene scene_;
  RTCGeometry geometry_;
  view<const face> faces_;
  float* vertices_;
};

}  // namespace diffam::bench
