// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The built-in family: every level is a valid mesh with the same faces, its sizes agree with its table and
// with published values, and it has the same bytes every time.
#include "diffam/spine/anatomy/family.hpp"

#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/spine/pose.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

const std::vector<int>& all_labels() {
  static const std::vector<int> labels = [] {
    std::vector<int> l;
    for (int i = label::c1; i <= label::t13; ++i)
      if (is_vertebra_label(i)) l.push_back(i);
    return l;
  }();
  return labels;
}

/// Natural size, along the body's axes.
const std::map<int, triangle_mesh<double>>& family() {
  static const auto made = make_vertebrae(all_labels(), {.spacing_mm = 0, .along_chord = false});
  return made;
}

/// Distance from `p` along a ray to its first crossing of the surface; 0 if there is none.
double way_out(const triangle_mesh<double>& m, const vec3<double>& p, const vec3<double>& direction) {
  double nearest = 0;
  for (const face& f : m.faces) {
    const auto at = [&](int k) { return m.vertices[static_cast<std::size_t>(f[k])]; };
    const vec3<double> e = at(1) - at(0), g = at(2) - at(0), h = cross(direction, g), s = p - at(0);
    const double d = dot(e, h);
    if (std::abs(d) < 1e-12) continue;
    const vec3<double> q = cross(s, e);
    const double u = dot(s, h) / d, w = dot(direction, q) / d, t = dot(g, q) / d;
    if (u >= 0 && w >= 0 && u + w <= 1 && t > 0 && (nearest == 0 || t < nearest)) nearest = t;
  }
  return nearest;
}

constexpr vec3<double> right{1, 0, 0}, front{0, 1, 0}, up{0, 0, 1};

double breadth(const triangle_mesh<double>& m) {
  double low = 0, high = 0;
  for (const auto& v : m.vertices) low = std::min(low, v[0]), high = std::max(high, v[0]);
  return high - low;
}

/// Distance between the end plates, `y` mm in front of the centre.
double height_at(const triangle_mesh<double>& m, double y) {
  return way_out(m, {0, y, 0}, up) + way_out(m, {0, y, 0}, -up);
}

/// Angle between the end plates in degrees, from two heights; positive where the front is lower.
double measured_wedge(const triangle_mesh<double>& m, double depth) {
  const double y = 0.3 * depth;
  return std::atan((height_at(m, -y) - height_at(m, y)) / (2 * y)) / degree;
}

}  // namespace

TEST_CASE("every level is one closed surface of genus 1, all with the same faces", "[spine]") {
  REQUIRE(family().size() == all_labels().size());
  const auto& first = family().at(label::t12);
  for (const auto& [label, mesh] : family()) {
    INFO(label_name(label));
    const mesh_report r = check_mesh(mesh);
    REQUIRE(r.ok());
    REQUIRE(r.genus == 1);
    REQUIRE(r.components == 1);
    REQUIRE(r.unused_vertices == 0);
    REQUIRE(r.vertices > 2000);
    REQUIRE(r.vertices < 3000);
    REQUIRE(mesh.faces == first.faces);
  }
  REQUIRE(builtin_templates(all_labels()).one_connectivity());
}

TEST_CASE("triangles of a level are not folded, not thin, and do not cross", "[spine]") {
  for (const auto& [label, mesh] : family()) {
    INFO(label_name(label));
    const anatomy::vertebra_shape shape(anatomy::measures_of(label));
    index_t folded = 0;
    for (const face& f : mesh.faces) {
      const auto at = [&v = mesh.vertices, &f](int k) { return v[static_cast<std::size_t>(f[k])]; };
      const vec3<double> middle = (at(0) + at(1) + at(2)) * (1.0 / 3);
      folded += dot(cross(at(1) - at(0), at(2) - at(0)), shape.gradient(middle)) < 0;
    }
    const mesh_quality q = measure_quality(mesh);
    const bool upper_neck = label <= label::c1 + 1;  // farthest from the level whose mesh is generated
    CHECK(folded <= (label < label::t1 ? 4 : 0));    // of 5,104
    CHECK(q.mean > (upper_neck ? 0.65 : label < label::t1 ? 0.8 : 0.87));
    CHECK(q.least > (label == label::c1 ? 0.05 : 0.1));
    CHECK(self_intersections(mesh).empty());
  }
}

TEST_CASE("vertices lie on the surface of the level's measures", "[spine]") {
  for (const auto& [label, mesh] : family()) {
    INFO(label_name(label));
    const anatomy::vertebra_shape shape(anatomy::measures_of(label));
    double farthest = 0;
    for (const auto& v : mesh.vertices) farthest = std::max(farthest, std::abs(shape(v)));
    CHECK(farthest < 0.01);  // mm
  }
}

TEST_CASE("a mesh has the sizes of its table of measures", "[spine]") {
  for (int label = label::t1; label <= label::l5; ++label) {
    INFO(label_name(label));
    const auto& mesh = family().at(label);
    const auto m = anatomy::measures_of(label);
    CHECK(height_at(mesh, 0) ==
          Approx(m.body.height - m.body.upper_hollow - m.body.lower_hollow).margin(0.6));
    const double depth = (m.body.upper_depth + m.body.lower_depth) / 4 * (1 - m.body.waist_depth);
    CHECK(way_out(mesh, {0, 0, 0}, front) == Approx(depth + 0.3 * m.body.bend).margin(0.6));
    if (label < label::t1 + 2) continue;  // at T1 and T2 the laminae lie at another height than the pedicles
    const vec3<double> canal{0, m.canal.centre_y + m.canal.tilt * m.pedicle.z, m.pedicle.z};
    CHECK(way_out(mesh, canal, right) + way_out(mesh, canal, -right) == Approx(m.canal.width).margin(0.8));
    CHECK(way_out(mesh, canal, front) < m.canal.depth / 2 + 2.5);
    CHECK(way_out(mesh, canal, front) > m.canal.depth / 2 - 0.8);
    // A triangle is as large as a tip of 2 mm radius, so it cuts the tip.
    CHECK(breadth(mesh) == Approx(2 * (m.transverse.tip[0] + m.transverse.tip_radius)).epsilon(0.07));
  }
}

TEST_CASE("sizes agree with published values", "[spine]") {
  using anatomy::measures_of;
  for (const auto& w : anatomy::published_wedge) {
    INFO(label_name(w.label));
    const auto m = measures_of(w.label);
    CHECK(measured_wedge(family().at(w.label), m.body.upper_depth) ==
          Approx((w.women + w.men) / 2).margin(3));
    CHECK(m.body.wedge / degree == Approx((w.women + w.men) / 2).margin(2.5));
  }
  const anatomy::fifth_lumbar l5;
  const auto m = measures_of(label::l5);
  const auto& mesh = family().at(label::l5);
  CHECK(m.body.upper_depth == Approx(l5.upper_depth.mean).margin(l5.upper_depth.spread));
  CHECK(m.body.lower_depth == Approx(l5.lower_depth.mean).margin(l5.lower_depth.spread));
  CHECK(m.canal.depth == Approx(l5.canal_depth.mean).margin(l5.canal_depth.spread));
  const double rim = 0.4 * m.body.upper_depth;
  CHECK(height_at(mesh, rim) == Approx(l5.anterior_height.mean).margin(2 * l5.anterior_height.spread));
  CHECK(height_at(mesh, -rim) == Approx(l5.posterior_height.mean).margin(2 * l5.posterior_height.spread));
  for (const auto& f : anatomy::published_facet_angle) {
    INFO(label_name(f.label));
    CHECK(90 + measures_of(f.label).upper.turn / degree == Approx(f.from_midsagittal).margin(20));
  }
  const auto atlas = measures_of(label::c1);
  CHECK(2 * (atlas.transverse.tip[0] + atlas.transverse.tip_radius) ==
        Approx(anatomy::atlas_sizes{}.width).epsilon(0.12));
  CHECK(atlas.canal.width == Approx(anatomy::atlas_sizes{}.canal_width).epsilon(0.1));
  CHECK(atlas.canal.depth == Approx(anatomy::atlas_sizes{}.canal_depth).epsilon(0.1));
  const auto axis = measures_of(label::c1 + 1);
  CHECK(2 * axis.dens.radius == Approx(anatomy::dens_sizes{}.width).epsilon(0.15));
}

TEST_CASE("vertebrae get larger from the neck to the lumbar spine", "[spine]") {
  double volume = 0, width = 0, spacing = 0;
  for (int label = label::c7; label < label::l5; ++label) {
    INFO(label_name(label));
    const double v = check_mesh(family().at(label)).volume;
    CHECK(v > volume);
    volume = v;
    if (label >= label::t1 + 3) {  // from C7 to T3 the end plates get narrower
      const auto m = anatomy::measures_of(label);
      CHECK(m.body.upper_width + m.body.lower_width > width);
      width = m.body.upper_width + m.body.lower_width;
    }
    CHECK(natural_spacing_mm(label) > spacing);
    spacing = natural_spacing_mm(label);
  }
}

TEST_CASE("vertex k is the same anatomical place at every level", "[spine]") {
  // The extreme vertices of the eleventh thoracic vertebra stay extreme at every level: the tip of the
  // spinous process at the back, the tips of the transverse processes at the sides.
  const auto& from = family().at(anatomy::first_drawn);
  const auto farthest = [](const triangle_mesh<double>& m, const vec3<double>& way) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < m.vertices.size(); ++i)
      if (dot(m.vertices[i], way) > dot(m.vertices[best], way)) best = i;
    return best;
  };
  for (const vec3<double>& way : {-front, right, -right, front}) {
    const std::size_t k = farthest(from, way);
    for (int label = label::t1; label <= label::l5; ++label) {
      INFO(label_name(label));
      const auto& m = family().at(label);
      CHECK(dot(m.vertices[farthest(m, way)] - m.vertices[k], way) < 5);  // mm
    }
  }
}

TEST_CASE("a level has the same bytes, whichever other levels are made with it", "[spine]") {
  const std::vector<int> alone{label::l1};
  const auto again = make_vertebrae(alone, {.spacing_mm = 0, .along_chord = false});
  REQUIRE(again.size() == 1);
  REQUIRE(again.at(label::l1).vertices == family().at(label::l1).vertices);
  REQUIRE(make_vertebrae(std::vector<int>{}).empty());
  REQUIRE_THROWS_AS(make_vertebrae(std::vector<int>{label::sacrum}), error);
}

TEST_CASE("the parameters size, height, sex, spacing and chord take effect", "[spine]") {
  const std::vector<int> one{label::l5};
  const auto made = [&](family_params p) {
    p.spacing_mm = 0, p.along_chord = false;
    return make_vertebrae(one, p).at(label::l5);
  };
  const auto& usual = family().at(label::l5);
  const double volume = check_mesh(usual).volume;
  REQUIRE(check_mesh(made({.size = 1.1})).volume == Approx(1.331 * volume));
  REQUIRE(check_mesh(made({.height = 1.1})).volume == Approx(1.1 * volume));
  const auto woman = made({.sex = body_sex::female}), man = made({.sex = body_sex::male});
  REQUIRE(check_mesh(woman).volume / check_mesh(man).volume == Approx(22.42 / 30.86).epsilon(0.02));
  REQUIRE(woman.faces == man.faces);
  const double depth = anatomy::measures_of(label::l5).body.upper_depth;
  REQUIRE(measured_wedge(man, depth) - measured_wedge(woman, depth) == Approx(3.2).margin(0.8));  // Masharawi

  const auto drawn_for = make_vertebrae(one, {.spacing_mm = 34.3, .along_chord = false}).at(label::l5);
  REQUIRE(norm(drawn_for.vertices[0]) ==
          Approx(norm(usual.vertices[0]) * 34.3 / natural_spacing_mm(label::l5)));
  const auto leaning = make_vertebrae(one, {.spacing_mm = 0}).at(label::l5);
  const vec3<double> a = usual.vertices[7], b = leaning.vertices[7];
  REQUIRE(norm(a) == Approx(norm(b)));
  REQUIRE(a[0] == b[0]);
  const double turn = std::atan2(a[1] * b[2] - a[2] * b[1], a[1] * b[1] + a[2] * b[2]);
  REQUIRE(turn == Approx(anatomy::chord_tilt(label::l5)));
}

TEST_CASE("the lowest lumbar vertebra can follow the bend of the spine", "[spine]") {
  std::vector<std::string> warnings;
  const auto lean = [](const pose& p) { return std::atan2(p.basis.row[2][1], p.basis.row[2][2]) / degree; };
  // Chords that lean by 0 (L3 to L4) and 30 degrees (L4 to L5).
  const double a = 30 * degree;
  const vec3<double> l5{0, -34 * std::sin(a), -34 * std::cos(a)};
  const centroid_list centres{{22, {0, 0, 34}}, {23, {0, 0, 0}}, {24, l5}};
  const auto chords = start_poses(centres, {}, warnings);
  const auto bent = start_poses(centres, {.lordotic_end = true}, warnings);
  REQUIRE(lean(chords[2]) == Approx(30));
  const double mixed = std::atan2(0.4 * std::sin(a), 0.6 + 0.4 * std::cos(a)) / degree;
  REQUIRE(lean(bent[2]) == Approx(mixed + anatomy::end_at_l5.lean));
  REQUIRE(determinant(bent[2].basis) == Approx(determinant(chords[2].basis)));
  REQUIRE(bent[2].translation == chords[2].translation);
  for (int k = 0; k < 2; ++k)
    REQUIRE(lean(bent[static_cast<std::size_t>(k)]) == lean(chords[static_cast<std::size_t>(k)]));
  // The bend has no effect with a neighbour below, at other levels, or with two centres.
  const centroid_list upper{{20, {0, 0, 34}}, {21, {0, 0, 0}}, {22, l5}};
  REQUIRE(lean(start_poses(upper, {.lordotic_end = true}, warnings)[2]) == Approx(30));
  const centroid_list two{{23, {0, 0, 0}}, {24, l5}};
  REQUIRE(lean(start_poses(two, {.lordotic_end = true}, warnings)[1]) == Approx(30));
}
