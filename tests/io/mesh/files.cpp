// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Mesh files: all formats and encodings give the same tetrahedron.
#include "diffam/io/mesh_file.hpp"
#include "io/scratch.hpp"

using namespace diffam;
using test::require_error;

namespace {

triangle_mesh<double> tetrahedron() {
  return {{{0, 0, 0}, {1, 0, 0}, {0, 2, 0}, {0, 0, 3}}, {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}}};
}

void check_tetrahedron(const io::path& file, const vec3<double>& scale = {1, 1, 1}) {
  io::warning_list warnings;
  const auto mesh = io::read_mesh(file, warnings);
  CHECK(warnings == io::warning_list{});
  const auto expected = tetrahedron();
  REQUIRE(mesh.vertex_count() == 4);
  REQUIRE(mesh.faces == expected.faces);
  for (std::size_t i = 0; i < 4; ++i)
    for (int k = 0; k < 3; ++k) CHECK(mesh.vertices[i][k] == scale[k] * expected.vertices[i][k]);
}

template <class T>
void put(std::string& out, T value, bool big) {
  std::string b(sizeof(T), '\0');
  std::memcpy(b.data(), &value, sizeof(T));
  if (big) std::reverse(b.begin(), b.end());  // the tests run on little-endian machines
  out += b;
}

}  // namespace

TEST_CASE("ASCII meshes with additional properties and comments are read", "[io][mesh]") {
  const test::scratch_folder folder;
  check_tetrahedron(folder.put("a.ply", R"(ply
format ascii 1.0
comment made by hand
obj_info none
element vertex 4
property double x
property float y
property int z
property list uchar int marks
property uchar red
element face 4
property list uchar uint vertex_index
property float area
element edge 1
property int vertex1
property int vertex2
end_header
0 0 0 0 255
1 0 0 2 7 8 255
0 2 0 0 0
0 0 3 1 4 0
3 0 2 1 0.5
3 0 1 3 0.5
3 1 2 3 0.5
3 0 3 2 0.5
0 1
)"));
  check_tetrahedron(folder.put("a.obj", R"(# by hand
mtllib a.mtl
o tetra
v 0 0 0
v 1.0 0 0 1.0
v 0 +2 0 0.5 0.5 0.5
v 0 0 3e0
vt 0 0
vn 0 0 1
usemtl bone
s off
f 1 3 2
f 1/1 2/1 4/1
f 2//1 3//1 4//1
f -4/1/1 -1/1/1 -2/1/1
)"));
  check_tetrahedron(folder.put("a.off",
                               "OFF # by hand\n4 4 6\n\n0 0 0\n1 0 0\n# middle\n0 2 0\n0 0 3\n3 0 2 1\n"
                               "3 0 1 3 255 0 0\n3 1 2 3\n3 0 3 2\n"));
  check_tetrahedron(folder.put("b.off",
                               "OFF 4 4 6\r\n0 0 0\r\n1 0 0\r\n0 2 0\r\n0 0 3\r\n3 0 2 1\r\n3 0 1 3\r\n"
                               "3 1 2 3\r\n3 0 3 2"));
}

TEST_CASE("binary PLY in both byte orders", "[io][mesh]") {
  const test::scratch_folder folder;
  for (const bool big : {false, true}) {
    std::string s =
        std::string("ply\nformat binary_") + (big ? "big" : "little") +
        "_endian 1.0\nelement vertex 4\nproperty double x\nproperty float y\nproperty short z\n"
        "property uchar red\nelement face 4\nproperty list ushort int vertex_indices\nend_header\n";
    const auto mesh = tetrahedron();
    for (const auto& v : mesh.vertices) {
      put(s, v[0], big);
      put(s, static_cast<float>(v[1]), big);
      put(s, static_cast<std::int16_t>(v[2]), big);
      put(s, std::uint8_t{9}, big);
    }
    for (const auto& f : mesh.faces) {
      put(s, std::uint16_t{3}, big);
      for (int k = 0; k < 3; ++k) put(s, f[k], big);
    }
    check_tetrahedron(folder.put("a.ply", s));
  }
}

TEST_CASE("a written mesh is read back", "[io][mesh]") {
  const test::scratch_folder folder;
  for (const char* name : {"a.ply", "a.obj"})
    for (const auto space : {io::mesh_space::ras, io::mesh_space::lps}) {
      io::write_mesh(folder / name, tetrahedron(), {.space = space});
      check_tetrahedron(folder / name);
    }
  for (const auto space : {io::mesh_space::ras, io::mesh_space::lps}) {
    io::write_mesh(folder / "a.stl", mesh_cast<float>(tetrahedron()), {.space = space});
    io::warning_list w;
    const auto mesh = io::read_mesh(folder / "a.stl", w);
    CHECK(mesh.vertex_count() == 4);
    REQUIRE(mesh.face_count() == 4);
    const auto expected = tetrahedron();  // STL has no vertex numbers: compare positions
    for (std::size_t f = 0; f < 4; ++f)
      for (int c = 0; c < 3; ++c)
        CHECK(mesh.vertices[static_cast<std::size_t>(mesh.faces[f][c])] ==
              expected.vertices[static_cast<std::size_t>(expected.faces[f][c])]);
  }
}

TEST_CASE("SPACE=LPS negates x and y; without SPACE they stay", "[io][mesh]") {
  const test::scratch_folder folder;
  const std::string body = "v 0 0 0\nv 1 0 0\nv 0 2 0\nv 0 0 3\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n";
  check_tetrahedron(folder.put("a.obj", body));
  check_tetrahedron(folder.put("a.obj", "# SPACE=RAS\n" + body));
  check_tetrahedron(folder.put("a.obj", "# SPACE=LPS\n" + body), {-1, -1, 1});
}

TEST_CASE("a PLY file holds numbers, colours and regions of vertices", "[io][mesh]") {
  const test::scratch_folder folder;
  const std::vector<float> quality{0.5f, 1, 2, 3};
  const std::vector<std::array<std::uint8_t, 3>> colour(4, {1, 2, 3});
  const std::vector<std::uint8_t> region{41, 42, 43, 50};
  io::write_mesh(folder / "a.ply", tetrahedron(), {.quality = quality, .colour = colour, .region = region});
  check_tetrahedron(folder / "a.ply");
  const std::string s = test::contents_of(folder / "a.ply");
  CHECK(s.find("property float quality\nproperty uchar red") != std::string::npos);
  CHECK(s.size() == s.find("end_header\n") + 11 + 4 * (12 + 4 + 3 + 1) + 4 * 13);
  require_error(error_kind::usage, "one value for each of 4 vertices", [&] {
    io::write_mesh(folder / "b.ply", tetrahedron(), {.quality = std::span(quality).first(3)});
  });
  require_error(error_kind::usage, "one value for each of 4 vertices", [&] {
    io::write_mesh(folder / "b.ply", tetrahedron(), {.region = std::span(region).first(3)});
  });
  require_error(error_kind::usage, "expected a .ply",
                [&] { io::write_mesh(folder / "b.obj", tetrahedron(), {.quality = quality}); });
  require_error(error_kind::usage, ".ply, .obj or .stl",
                [&] { io::write_mesh(folder / "b.off", tetrahedron()); });
  CHECK(folder.entries() == 1);
}

TEST_CASE("polygons become fans, with a warning", "[io][mesh]") {
  const test::scratch_folder folder;
  io::warning_list w;
  const auto mesh =
      io::read_mesh(folder.put("a.off", "OFF 4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n"), w);
  CHECK(mesh.faces == std::vector<face>{{0, 1, 2}, {0, 2, 3}});
  CHECK(test::has_warning(w, "1 have more than 3 corners"));
}

TEST_CASE("equal STL corners are merged, and facets with equal corners are left out", "[io][mesh]") {
  const test::scratch_folder folder;
  const auto facet = [](const char* a, const char* b, const char* c) {
    return std::string("facet normal 0 0 1\n outer loop\n  vertex ") + a + "\n  vertex " + b + "\n  vertex " +
           c + "\n endloop\nendfacet\n";
  };
  const std::string two = facet("0 0 0", "1 0 0", "0 1 0") + facet("1 0 0", "1 1 0", "-0 1 -0");
  io::warning_list w;
  const auto mesh = io::read_mesh(folder.put("a.stl", "solid a SPACE=RAS\n" + two + "endsolid a\n"), w);
  CHECK(mesh.vertex_count() == 4);
  CHECK(mesh.faces == std::vector<face>{{0, 1, 2}, {1, 3, 2}});
  CHECK(w.empty());
  io::read_mesh(folder.put("a.stl", "solid\n" + two + facet("0 0 0", "0 0 0", "1 0 0") + "endsolid\n"), w);
  CHECK(test::has_warning(w, "1 name a vertex twice; left out"));
}

TEST_CASE("all readers leave out a face that names a vertex twice, and refuse it on request", "[io][mesh]") {
  const test::scratch_folder folder;
  const auto require_one_rule = [&](const char* name, const std::string& contents) {
    INFO(name);
    io::warning_list w;
    const io::path file = folder.put(name, contents);
    CHECK(io::read_mesh(file, w).faces == std::vector<face>{{0, 1, 2}});
    CHECK(test::has_warning(w, "1 name a vertex twice; left out"));
    test::require_error(error_kind::bad_data, "face 1: expected different corners",
                        [&] { io::read_mesh(file, w, {.strict = true}); });
  };
  require_one_rule("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nf 1 2 2\n");
  require_one_rule("a.off", "OFF\n3 2 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n3 0 1 1\n");
  require_one_rule("a.ply",
                   "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty "
                   "float z\nelement face 2\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 "
                   "0\n0 1 0\n3 0 1 2\n3 2 1 2\n");
  const std::string begin = "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex ",
                    end = "\nendloop\nendfacet\n";
  require_one_rule("a.stl", "solid\n" + begin + "0 1 0" + end + begin + "1 0 0" + end + "endsolid\n");
}

TEST_CASE("binary STL that begins with solid is recognised by its size", "[io][mesh]") {
  const test::scratch_folder folder;
  io::write_mesh(folder / "a.stl", tetrahedron());
  std::string s = test::contents_of(folder / "a.stl");
  s.replace(0, 5, "solid");
  io::warning_list w;
  CHECK(io::read_mesh(folder.put("b.stl", s), w).face_count() == 4);
}
