// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Spines that do not run from foot to head along the patient's axes of the file, and spines that are bent.
#include "diffam/exec/threads.hpp"
#include "diffam/spine/find.hpp"
#include "diffam/spine/phantom.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

const phantom& lumbar() {
  static const phantom made =
      make_phantom(exec::threads(), {.levels = {19, 20, 21, 22}, .spacing = {2, 2, 2}, .blur = 1});
  return made;
}

double nearest(const spine_finding& f, const vec3<double>& x) {
  double least = 1e9;
  for (const auto& v : f.vertebrae) least = std::min(least, norm(v.position - x));
  return least;
}

vec3<double> turned(const vec3<double>& x, int axis) {
  vec3<double> y = x;
  y[(axis + 1) % 3] = -x[(axis + 2) % 3];
  y[(axis + 2) % 3] = x[(axis + 1) % 3];
  return y;
}

/// The image where every place has moved to the side by `shift` of its height.
template <class Shift>
volume<float> bent(const volume<float>& ct, const Shift& shift) {
  grid g = ct.geometry;
  g.size[0] += 60;  // room for the bend
  g.origin -= vec3<double>{g.axes(0, 0), g.axes(1, 0), g.axes(2, 0)} * 30.0;
  volume<float> out(g, -1000);
  const voxel_view<float> voxels{ct.voxels.data(), ct.geometry.size};
  for (index_t v = 0; v < g.voxel_count(); ++v) {
    const vec3<double> world =
        g.to_world({static_cast<double>(v % g.size[0]), static_cast<double>(v / g.size[0] % g.size[1]),
                    static_cast<double>(v / (g.size[0] * g.size[1]))});
    const vec3<double> from = ct.geometry.to_index(world - vec3<double>{shift(world[2]), 0, 0});
    if (from[0] >= 0 && from[0] <= static_cast<double>(ct.geometry.size[0] - 1))
      out.voxels[static_cast<std::size_t>(v)] =
          static_cast<float>(trilinear_value(voxels, from, read_voxel<double, float>{voxels.data}));
  }
  return out;
}

}  // namespace

TEST_CASE("a spine is found where the patient's axes of the file are wrong", "[spine]") {
  for (int axis = 0; axis < 3; ++axis) {
    INFO("turned about axis " << axis);
    volume<float> ct = lumbar().ct;
    grid& g = ct.geometry;
    for (int k = 0; k < 3; ++k) {
      const vec3<double> column = turned({g.axes(0, k), g.axes(1, k), g.axes(2, k)}, axis);
      for (int r = 0; r < 3; ++r) g.axes(r, k) = column[r];
    }
    g.origin = turned(g.origin, axis);
    const spine_finding f = find_spine(exec::threads(), volume_view<float>(ct));
    for (const auto& c : lumbar().centres) CHECK(nearest(f, turned(c.position, axis)) < 8);
    CHECK(f.vertebrae.size() <= lumbar().centres.size() + 2);  // there are bones without a label at both ends
  }
}

TEST_CASE("a spine with a scoliosis of 60 degrees is found", "[spine]") {
  const double middle = lumbar().centres[2].position[2];
  const auto shift = [&](double z) {  // tilted by 30 degrees to either side
    const double length = 34;
    return std::tan(30 * degree) * length * std::sin((z - middle) / length);
  };
  const volume<float> ct = bent(lumbar().ct, shift);
  const spine_finding f = find_spine(exec::threads(), volume_view<float>(ct));
  for (const auto& c : lumbar().centres)
    CHECK(nearest(f, c.position + vec3<double>{shift(c.position[2]), 0, 0}) < 10);
}

TEST_CASE("there is no spine in an MR, and in bones without vertebrae", "[spine]") {
  volume<float> mr = lumbar().ct;
  for (float& v : mr.voxels)  // bright fat, dark bone and air
    v = v < -400 ? 0 : v < -20 ? 900 : v < 130 ? 400 : 60;
  CHECK(find_spine(exec::threads(), volume_view<float>(mr)).vertebrae.empty());

  grid g;
  g.size = {90, 90, 120};
  for (int a = 0; a < 3; ++a) g.axes(a, a) = 2;
  volume<float> bones(g, 50);  // two marrow tubes that swell in the middle
  for (index_t v = 0; v < g.voxel_count(); ++v)
    for (const double x : {26.0, 64.0}) {
      const double r = 2 * std::hypot(static_cast<double>(v % 90) - x, static_cast<double>(v / 90 % 90) - 45);
      const double height = static_cast<double>(v / (90 * 90)) - 60;
      const double outer = 13 + 8 * std::exp(-height * height / 250);
      if (r < outer) bones.voxels[static_cast<std::size_t>(v)] = r < outer - 4 ? 20 : 1100;
    }
  CHECK(find_spine(exec::threads(), volume_view<float>(bones)).vertebrae.empty());
}
