// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Parts, landmarks and measurements of vertebrae whose dimensions are known: the built-in family.
#include "diffam/measure/vertebra.hpp"

#include <set>

#include "diffam/measure/chain.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::measure;

namespace {

constexpr spine::family_params natural{.spacing_mm = 0, .along_chord = false};
const std::vector<int> levels{2, 5, 8, 14, 19, 20, 22, 24};

const std::map<int, triangle_mesh<double>>& family() {
  static const auto made = spine::make_vertebrae(levels, natural);
  return made;
}

measured_vertebra measured(int label, const mat3<double>& turn = mat3<double>::identity(),
                           const vec3<double>& shift = {}, double size = 1) {
  triangle_mesh<double> mesh = family().at(label);
  const auto anatomy = spine::builtin_anatomy(label, mesh, natural);
  for (auto& v : mesh.vertices) v = turn * (v * size) + shift;
  const placed_landmarks l(mesh, anatomy);
  return {label, l, measure_vertebra(label, l, 1000)};
}

/// The length of a line within the bone of a shape, or within a gap between its bones: from the middle of two
/// points along their direction until that ends on both sides.
double length_within(const spine::anatomy::vertebra_shape& shape, bool bone, const vec3<double>& a,
                     const vec3<double>& b) {
  const vec3<double> middle = (a + b) * 0.5, way = normalized(b - a);
  const auto until = [&](double side) {
    double mm = 0;
    while (mm < 100 && (shape(middle + way * (side * mm)) < 0) == bone) mm += 0.01;
    return mm;
  };
  return until(-1) + until(1);
}

const spine::landmark& landmark_named(const spine::template_anatomy& anatomy, const std::string& name) {
  return *std::find_if(anatomy.landmarks.begin(), anatomy.landmarks.end(),
                       [&](const spine::landmark& l) { return l.name == name; });
}

mat3<double> turned(int axis, double degrees) {
  const double c = std::cos(degrees * degree), s = std::sin(degrees * degree);
  mat3<double> m = mat3<double>::identity();
  const int a = (axis + 1) % 3, b = (axis + 2) % 3;
  m(a, a) = c, m(a, b) = -s, m(b, a) = s, m(b, b) = c;
  return m;
}

}  // namespace

TEST_CASE("every part has vertices on its own side, and the parts of both sides are alike", "[measure]") {
  for (const int l : levels) {
    INFO(spine::label_name(l));
    const auto& mesh = family().at(l);
    const auto anatomy = spine::builtin_anatomy(l, mesh, natural);
    std::array<int, spine::bone_part_count> count{};
    for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
      const auto p = anatomy.parts[i];
      ++count[static_cast<std::size_t>(p)];
      const std::string name = spine::bone_part_name(p);
      if (name.ends_with("_left")) REQUIRE(mesh.vertices[i][0] <= 0);
      if (name.ends_with("_right")) REQUIRE(mesh.vertices[i][0] > 0);
    }
    for (int p = 0; p < spine::bone_part_count; ++p) {
      INFO(spine::bone_part_name(spine::bone_part(p)));
      const bool dens = spine::bone_part(p) == spine::bone_part::dens;
      REQUIRE((count[static_cast<std::size_t>(p)] > 20) == (!dens || l == 2));
    }
    for (int p = static_cast<int>(spine::bone_part::pedicle_left);
         p < static_cast<int>(spine::bone_part::upper_articular_right); p += 2) {
      if (p == static_cast<int>(spine::bone_part::spinous_process)) ++p;
      const double left = count[static_cast<std::size_t>(p)], right = count[static_cast<std::size_t>(p + 1)];
      REQUIRE(std::abs(left - right) < 0.25 * (left + right));
    }
  }
}

TEST_CASE("processes lie where they lie in a spine, at every level", "[measure]") {
  for (const int l : levels) {
    INFO(spine::label_name(l));
    const auto& mesh = family().at(l);
    const auto anatomy = spine::builtin_anatomy(l, mesh, natural);
    const auto vertices = [&](spine::bone_part wanted) {
      std::vector<vec3<double>> found;
      for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
        if (anatomy.parts[i] == wanted) found.push_back(mesh.vertices[i]);
      return found;
    };
    const auto largest = [](const std::vector<vec3<double>>& of, int axis) {
      double most = -1e9;
      for (const auto& v : of) most = std::max(most, v[axis]);
      return most;
    };
    const auto mean = [](const std::vector<vec3<double>>& of) {
      vec3<double> sum{};
      for (const auto& v : of) sum += v;
      return sum * (1 / static_cast<double>(of.size()));
    };
    const auto upper = vertices(spine::bone_part::upper_articular_right),
               lower = vertices(spine::bone_part::lower_articular_right),
               across = vertices(spine::bone_part::transverse_right),
               pedicle = vertices(spine::bone_part::pedicle_right);
    CHECK(mean(upper)[2] > mean(lower)[2] + 2);
    CHECK(largest(across, 0) == Approx(largest(mesh.vertices, 0)).margin(0.1));
    if (l > 7) CHECK(largest(upper, 2) > largest(pedicle, 2));  // the pedicle has no peak
    if (l > 2) CHECK(mean(upper)[1] < mean(pedicle)[1]);
    // Points of the facets lie on their processes, and the transverse process ends at its tip.
    for (const auto& [name, part] :
         {std::pair("upper_facet_right", spine::bone_part::upper_articular_right),
          std::pair("lower_facet_right", spine::bone_part::lower_articular_right)}) {
      INFO(name);
      const auto& of = landmark_named(anatomy, name);
      for (const auto& p : of.points) {
        const auto& f = mesh.faces[static_cast<std::size_t>(p.face)];
        int same = 0;
        for (int k = 0; k < 3; ++k) same += anatomy.parts[static_cast<std::size_t>(f[k])] == part;
        CHECK(same >= 2);
      }
    }
    const vec3<double> tip = position_of(mesh, landmark_named(anatomy, "transverse_tip_right"));
    CHECK(tip[0] > largest(across, 0) - 3);
  }
}

TEST_CASE("a built-in vertebra measures what its table says", "[measure]") {
  for (const int l : levels) {
    if (!has_two_plates(l)) continue;
    INFO(spine::label_name(l));
    const auto m = measured(l).measures;
    const auto known = spine::anatomy::measures_of(l);
    const double hollow = known.body.upper_hollow + known.body.lower_hollow;
    const double lean = known.body.wedge * known.body.upper_depth / 2;
    REQUIRE(m.height_anterior == Approx(known.body.height - lean).margin(1.5));
    // Behind, the edge of the canal rounds the body off as well.
    REQUIRE(m.height_posterior == Approx(known.body.height + lean).margin(2.5));
    REQUIRE(m.height_middle == Approx(known.body.height - hollow).margin(1));
    const double waist = (known.body.upper_width + known.body.lower_width) / 2 * (1 - known.body.waist_width);
    REQUIRE(m.body_width == Approx(waist).margin(1));
    REQUIRE(m.pedicle_width_left == Approx(m.pedicle_width_right).margin(0.6));
    REQUIRE(std::abs(m.tilt_coronal) < 1);
    REQUIRE(std::abs(m.rotation) < 1);
  }
}

TEST_CASE("canal and pedicles are as wide as the shape from which a vertebra is built", "[measure]") {
  for (const int l : levels) {
    if (!has_two_plates(l)) continue;
    INFO(spine::label_name(l));
    const measured_vertebra v = measured(l);
    const spine::anatomy::vertebra_shape shape(spine::anatomy::measures_of(l));
    const auto length = [&](bool bone, const std::string& from, const std::string& to) {
      return length_within(shape, bone, v.landmarks[from], v.landmarks[to]);
    };
    REQUIRE(v.measures.canal_depth == Approx(length(false, "canal_front", "canal_back")).epsilon(0.04));
    double canal = 0;
    for (const std::string ring : {"pedicle_front", "pedicle_back"})
      canal = std::max(canal, length(false, ring + "_inner_left", ring + "_inner_right"));
    REQUIRE(v.measures.canal_width == Approx(canal).epsilon(0.04));
    for (const auto& [side, width] : {std::pair("_left", v.measures.pedicle_width_left),
                                      std::pair("_right", v.measures.pedicle_width_right)}) {
      double pedicle = 100;
      for (const std::string ring : {"pedicle_front", "pedicle_back"})
        pedicle = std::min(pedicle, length(true, ring + "_inner" + side, ring + "_outer" + side));
      // At L5 the line ends in the slope of the transverse process.
      REQUIRE(width == Approx(pedicle).epsilon(l == spine::label::l5 ? 0.08 : 0.05));
    }
  }
}

TEST_CASE("lengths grow with the vertebra, ratios and angles do not", "[measure]") {
  const auto a = measured(22).measures, b = measured(22, turned(0, 0), {30, -20, 10}, 1.2).measures;
  for (const auto& c : columns) {
    if (std::string(c.name) == "volume_ml" || !std::isfinite(a.*c.value)) continue;
    INFO(c.name);
    const std::string unit = c.unit;
    const double factor = unit == "mm" ? 1.2 : unit == "mm2" ? 1.44 : 1;
    REQUIRE(b.*c.value == Approx(factor * a.*c.value).margin(1e-9));
  }
}

TEST_CASE("signs of tilt and rotation are those of the table", "[measure]") {
  const auto straight = measured(22).measures;
  REQUIRE(measured(22, turned(0, -10)).measures.tilt_sagittal ==
          Approx(straight.tilt_sagittal + 10).margin(0.2));
  REQUIRE(measured(22, turned(1, 10)).measures.tilt_coronal ==
          Approx(straight.tilt_coronal + 10).margin(0.2));
  REQUIRE(measured(22, turned(2, 10)).measures.rotation == Approx(straight.rotation + 10).margin(0.2));
}

TEST_CASE("discs, angles and listhesis of two vertebrae", "[measure]") {
  const auto pair = [](const mat3<double>& turn, const vec3<double>& shift) {
    std::vector<measured_vertebra> v{measured(19, turn, shift), measured(20)};
    measure_chain(v);
    return v;
  };
  const vec3<double> apart{0, 0, 31};
  const auto base = pair(turned(0, 0), apart)[0].measures;
  REQUIRE(base.disc_height_middle > 4);
  const auto higher = pair(turned(0, 0), {0, 0, 34})[0].measures;
  REQUIRE(higher.disc_height_middle == Approx(base.disc_height_middle + 3).margin(0.05));
  const auto forward = pair(turned(0, 0), {0, 4, 31})[0].measures;
  REQUIRE(forward.listhesis == Approx(base.listhesis + 4).margin(0.1));
  const auto lordotic = pair(turned(0, 8), apart)[0].measures;
  REQUIRE(lordotic.segment_angle == Approx(base.segment_angle + 8).margin(0.1));

  std::vector<measured_vertebra> both = pair(turned(1, 12), apart);
  REQUIRE(measure_angles(both).cobb == Approx(12).margin(1.5));
  REQUIRE(!measure_angles(both).lordosis_l1_l5);
}

TEST_CASE("a crushed vertebra is graded by its neighbours, a wedge by its own heights", "[measure]") {
  REQUIRE(genant_grade(0.1) == 0);
  REQUIRE(genant_grade(0.22) == 1);
  REQUIRE(genant_grade(0.3) == 2);
  REQUIRE(genant_grade(0.5) == 3);
  mat3<double> flat = mat3<double>::identity();
  flat(2, 2) = 0.65;
  std::vector<measured_vertebra> v{measured(19), measured(20, flat)};
  measure_chain(v);
  REQUIRE(v[1].measures.crush_ratio == Approx(0.65).margin(0.05));
  REQUIRE(v[1].measures.genant_grade == 2);
  REQUIRE(v[0].measures.genant_grade == 0);
}

TEST_CASE("landmarks refuse a mesh of other vertices and an unknown name", "[measure]") {
  const auto anatomy = spine::builtin_anatomy(22, family().at(22), natural);
  triangle_mesh<double> other = family().at(22);
  other.vertices.push_back({});
  REQUIRE_THROWS_AS(placed_landmarks(other, anatomy), error);
  REQUIRE_THROWS_AS(measured(22).landmarks["no_such_place"], error);
}
