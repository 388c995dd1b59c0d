// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Voxels of a vertebra: parts, depths, sub-regions and densities; and parts carried to another mesh.
#include "diffam/measure/voxels.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/measure/landmarks.hpp"
#include "diffam/spine/one_connectivity.hpp"
#include "diffam/spine/voxelise.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::measure;

namespace {

constexpr int l3 = 22;

struct fixture {
  std::vector<int> labels{l3};
  std::vector<triangle_mesh<double>> meshes{spine::make_vertebrae(labels).at(l3)};
  std::vector<spine::template_anatomy> anatomies{spine::builtin_anatomy(l3, meshes[0])};
  volume_part<std::uint8_t> masks;

  fixture() {
    grid g;
    for (int a = 0; a < 3; ++a) g.size[a] = 110, g.axes(a, a) = 1, g.origin[a] = a == 1 ? -80 : -55;
    masks = spine::voxelise_part(exec::serial(), std::span<const triangle_mesh<double>>(meshes),
                                 std::span<const int>(labels), g);
  }

  template <class Host>
  std::vector<vertebra_voxels> located(const Host& e) const {
    return locate_voxels(e, masks, std::span<const int>(labels),
                         std::span<const triangle_mesh<double>>(meshes),
                         std::span<const spine::template_anatomy>(anatomies));
  }
};

const fixture& l3_vertebra() {
  static const fixture made;
  return made;
}

}  // namespace

TEST_CASE("voxels belong to parts, the same for any number of threads", "[measure]") {
  const fixture& f = l3_vertebra();
  const auto v = f.located(exec::serial());
  const auto again = f.located(exec::threads(3));
  REQUIRE(v[0].voxels == again[0].voxels);
  REQUIRE(v[0].parts == again[0].parts);
  REQUIRE(v[0].depths == again[0].depths);
  REQUIRE(v[0].voxels.size() > 20000);
  index_t outside = 0;
  for (const float d : v[0].depths) outside += d < -0.01f ? 1 : 0;
  REQUIRE(outside == 0);

  const auto regions = region_volume(f.masks, v);
  std::array<index_t, 256> count{};
  for (std::size_t i = 0; i < regions.voxels.size(); ++i) {
    ++count[regions.voxels[i]];
    REQUIRE((regions.voxels[i] == 0) == (f.masks.voxels[i] == 0));
  }
  for (const int n : {41, 42, 43, 44, 45, 46, 47, 48, 50}) {
    INFO(n);
    REQUIRE(count[static_cast<std::size_t>(n)] > 300);
  }
  REQUIRE(count[50] > count[41] + count[42]);
}

TEST_CASE("densities come from the depths that they name", "[measure]") {
  const fixture& f = l3_vertebra();
  const auto v = f.located(exec::serial());
  volume_part<float> ct(f.masks.geometry, f.masks.kept);
  for (std::size_t i = 0; i < v[0].voxels.size(); ++i)
    ct.voxels[static_cast<std::size_t>(v[0].voxels[i])] = v[0].depths[i] > 4   ? 150.0f
                                                          : v[0].depths[i] < 2 ? 600.0f
                                                                               : -1000.0f;
  vertebra_measures m;
  measure_density(m, v[0], f.masks, ct);
  REQUIRE(m.trabecular_hu_mean == Approx(150));
  REQUIRE(m.trabecular_hu_median == Approx(150));
  REQUIRE(m.cortical_hu_mean == Approx(600));

  vertebra_measures none;
  measure_density(none, v[0], f.masks, volume_part<float>(f.masks.geometry, voxel_box{{0, 0, 0}, {1, 1, 1}}));
  REQUIRE(std::isnan(none.trabecular_hu_mean));
}

TEST_CASE("parts and landmarks are carried to a mesh with other faces", "[measure]") {
  const triangle_mesh<double> other =
      spine::make_vertebrae(std::span(&l3, 1), {.edge_length = 2.6, .size = 1.08}).at(l3);
  const auto known = spine::builtin_anatomy(l3, other, {.edge_length = 2.6, .size = 1.08});
  const auto carried = spine::carried_anatomy(exec::serial(), l3, other);
  REQUIRE(carried.parts.size() == other.vertices.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < carried.parts.size(); ++i) same += carried.parts[i] == known.parts[i] ? 1 : 0;
  REQUIRE(static_cast<double>(same) > 0.85 * static_cast<double>(carried.parts.size()));
  const placed_landmarks a(other, known), b(other, carried);
  double sum = 0;
  for (const auto& l : a.all()) sum += norm(l.position - b[l.name]);
  REQUIRE(sum / static_cast<double>(a.all().size()) < 1.5);
}
