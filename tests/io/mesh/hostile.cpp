// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Wrong mesh files give a clear one-line error. The mesh check finds the faults that a reader cannot see.
#include "diffam/io/mesh_file.hpp"
#include "diffam/mesh/check.hpp"
#include "io/scratch.hpp"

using namespace diffam;
using test::require_error;

namespace {

void refuse(const std::string& name, const std::string& contents, const std::string& phrase) {
  const test::scratch_folder folder;
  const io::path file = folder.put(name, contents);
  io::warning_list w;
  require_error(error_kind::bad_data, phrase, [&] { io::read_mesh(file, w); });
}

/// The file is readable, but its mesh is not closed.
void refuse_shape(const std::string& faces, const std::string& phrase) {
  INFO(faces);
  const test::scratch_folder folder;
  const std::string s = "v 0 0 0\nv 1 0 0\nv 0 2 0\nv 0 0 3\nv 5 5 5\n" + faces;
  io::warning_list w;
  const auto mesh = io::read_mesh(folder.put("a.obj", s), w);
  require_error(error_kind::bad_data, phrase, [&] { require_closed_mesh(mesh, "a.obj"); });
}

std::string ply(const std::string& vertices, const std::string& faces, const std::string& data,
                const std::string& format = "ascii", const std::string& list = "uchar int") {
  return "ply\nformat " + format + " 1.0\nelement vertex " + vertices +
         "\nproperty float x\nproperty float y\nproperty float z\nelement face " + faces +
         "\nproperty list " + list + " vertex_indices\nend_header\n" + data;
}

const std::string triangle = "0 0 0\n1 0 0\n0 1 0\n";

}  // namespace

TEST_CASE("invalid vertices and indices are refused", "[io][mesh]") {
  for (const char* x : {"nan", "inf", "-inf"}) {
    const std::string v = std::string(x) + " 0 0\n1 0 0\n0 1 0\n";
    refuse("a.ply", ply("3", "1", v + "3 0 1 2\n"), "vertex 0: expected finite coordinates");
    refuse("a.off", "OFF\n3 1 0\n" + v + "3 0 1 2\n", "vertex 0: expected finite coordinates");
    refuse("a.obj", "v " + std::string(x) + " 0 0\n", "vertex 0: expected finite coordinates");
  }
  refuse("a.off", "OFF\n3 1 0\n1e400 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "expected three numbers");
  refuse("a.ply", ply("3", "1", triangle + "3 0 1 3\n"), "face 0: expected vertex indices below 3, found 3");
  refuse("a.ply", ply("3", "1", triangle + "3 0 1 -1\n"), "face 0: expected vertex indices from 0, found -1");
  refuse("a.off", "OFF\n3 1 0\n" + triangle + "3 0 1 99\n", "below 3, found 99");
  refuse("a.off", "OFF\n3 1 0\n" + triangle + "3 0 1 4294967296\n", "expected vertex indices from 0");
  refuse("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n", "below 3, found 3");
  refuse("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", "line 4: expected vertex numbers from 1");
  refuse("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf -1 -2 -4\n", "line 4: expected an earlier vertex");
}

TEST_CASE("faces with too few corners are refused, and files without a face", "[io][mesh]") {
  refuse("a.ply", ply("3", "1", triangle + "3 0 1 1\n"), "faces: expected a mesh of triangles, found none");
  refuse("a.off", "OFF\n3 1 0\n" + triangle + "2 0 1\n", "face 0: expected 3 corners or more, found 2");
  refuse("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf\n", "3 corners or more, found 0");
  refuse("a.ply", ply("3", "0", triangle), "faces: expected a mesh of triangles, found none");
  refuse("a.ply", ply("0", "0", ""), "vertices: expected a mesh, found none");
  refuse("a.obj", "# nothing\n", "vertices: expected a mesh, found none");
}

TEST_CASE("wrong counts are refused", "[io][mesh]") {
  refuse("a.ply", ply("4", "1", triangle + "3 0 1 2\n"), "room for, found 2 items");
  refuse("a.ply", ply("5", "1", triangle + "3 0 1 2\n"), "data: expected more of it");
  refuse("a.ply", ply("2", "1", triangle + "3 0 1 2\n"), "face 0: expected 3 corners or more, found 0");
  refuse("a.ply", ply("3", "1", triangle + "3 0 1 2\n3 0 1 2\n"),
         "end: expected nothing after the last element");
  refuse("a.ply", ply("1000000000000", "1", triangle),
         "element vertex: expected a count that the file has room for");
  refuse("a.ply", ply("-1", "1", triangle), "element vertex: expected a count");
  refuse("a.ply", ply("3", "99999999999999999999", triangle), "element face: expected a count");
  const std::string vertices(36, '\0');
  const std::string two_billion("\x00\x00\x00\x80\0\0\0\0\1\0\0\0\2\0\0\0", 16);
  refuse("a.ply", ply("3", "1", vertices + two_billion, "binary_little_endian", "uint int"),
         "vertex_indices: expected a list that the file has room for, found 2147483648 items");
  refuse("a.ply", ply("3", "1", vertices + two_billion, "binary_little_endian", "int int"),
         "found -2147483648 items");
  refuse("a.ply", ply("3", "1", vertices.substr(1), "binary_little_endian"), "data");
  refuse("a.ply", ply("3", "1", triangle + "2147483648 0 1 2\n", "ascii", "uint int"), "room for");
  refuse("a.ply", ply("3", "1", triangle + "1e300 0 1 2\n", "ascii", "uint int"), "room for");
  refuse("a.ply", ply("3", "1", triangle + "inf 0 1 2\n", "ascii", "uint int"), "room for");
  refuse("a.off", "OFF\n2000000000 1 0\n" + triangle, "counts: expected numbers that the file has room for");
  refuse("a.off", "OFF\n3 -1 0\n" + triangle, "counts");
  refuse("a.off", "OFF\n3 1 0\n" + triangle + "2147483648 0 1 2\n", "expected a number of corners");
  refuse("a.off", "OFF\n3 2 0\n" + triangle + "3 0 1 2\n", "faces: expected more of them");
  refuse("a.off", "OFF\n3 1 0\n" + triangle + "3 0 1 2\n3 0 1 2\n",
         "end: expected nothing after the last face");
  std::string stl(84, ' ');
  stl.replace(80, 4, std::string("\xff\xff\xff\xff", 4));
  refuse("a.stl", stl, "size: expected 214748364834 bytes for 4294967295 facets, found 84");
  refuse("a.stl", std::string(83, 'x'), "84 bytes or more");
}

TEST_CASE("invalid headers and lines are refused", "[io][mesh]") {
  refuse("a.ply", "PLY\n", "first line: expected ply");
  refuse("a.ply", "ply\nelement vertex 1\n", "header: expected a line \"end_header\"");
  refuse("a.ply", "ply\nformat binary_middle_endian 1.0\nend_header\n", "format: expected ascii");
  refuse("a.ply", "ply\nformat ascii 2.0\nend_header\n", "format");
  refuse("a.ply", "ply\nend_header\n", "header: expected a line \"format\"");
  refuse("a.ply", "ply\nformat ascii 1.0\nproperty float x\nend_header\n", "property: expected an element");
  refuse("a.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\nend_header\n", "property");
  refuse("a.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty list float int x\nend_header\n",
         "integer type");
  refuse("a.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n0\n",
         "vertex: expected properties x, y and z");
  refuse("a.ply",
         "ply\nformat ascii 1.0\nelement vertex 1\nproperty list uchar float x\nproperty float y\n"
         "property float z\nend_header\n1 0 0 0\n",
         "vertex: expected properties x, y and z");
  refuse("a.ply", "ply\nformat ascii 1.0\nelement blob 99999\nend_header\n", "element blob");
  refuse("a.ply", "ply\nformat ascii 1.0\nwhat 3\nend_header\n", "header line 3: expected a PLY keyword");
  refuse("a.ply", ply("3", "1", "0 0 0\n1 0 zero\n0 1 0\n3 0 1 2\n"),
         "data: expected a number, found \"zero\"");
  refuse("a.ply", ply("3", "1", triangle + "3 0 1.5 2\n"), "data: expected a whole number, found \"1.5\"");
  std::string many = "ply\nformat ascii 1.0\n";
  for (int i = 0; i < 2000; ++i) many += "comment\n";
  refuse("a.ply", many, "at most 1000 lines");
  refuse("a.off", "COFF\n3 1 0\n", "first line: expected OFF");
  refuse("a.off", "OFF\n3 1 0\n0 0 0 9\n1 0 0\n0 1 0\n3 0 1 2\n", "three numbers a vertex");
  refuse("a.obj", "v 0 0\n", "line 1: expected three numbers after v");
  refuse("a.obj", "curv 0 1 2 3\n", "line 1: expected a mesh of polygons");
  refuse("a.stl", "solid\nfacet\nvertex 0 0 0\nendfacet\nendsolid\n",
         "line 4: expected three vertices a facet, found 1");
  refuse("a.stl", "solid\nfacet\nvertex 0 0 nan0\n", "three numbers after vertex");
  refuse("a.stl", "solid\nendsolid\nvertex 0 0 0\n", "nothing after endsolid");
  refuse("a.stl", "solid\nfacet normal 0 0 1\n", "end: expected endsolid");
  refuse("a.stl", "solid\nwhat\n", "an STL keyword");
  const test::scratch_folder folder;
  io::warning_list w;
  require_error(error_kind::usage, ".ply, .obj, .stl or .off",
                [&] { io::read_mesh(folder.put("a.vtk", "x"), w); });
  require_error(error_kind::missing_input, "No such file", [&] { io::read_mesh(folder / "none.ply", w); });
  require_error(error_kind::bad_data, "an empty file", [&] { io::read_mesh(folder.put("a.off", ""), w); });
}

TEST_CASE("the mesh check refuses readable meshes that are not closed", "[io][mesh]") {
  const std::string closed = "f 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n";
  refuse_shape("f 1 3 2\nf 1 2 4\nf 2 3 4\n", "a.obj");           // open
  refuse_shape("f 1 2 3\nf 1 4 2\nf 2 4 3\nf 1 3 4\n", "a.obj");  // inside-out
  refuse_shape("f 1 2 3\nf 1 2 4\nf 2 3 4\nf 1 4 3\n", "a.obj");  // one face reversed
  refuse_shape(closed + "f 1 3 2\n", "a.obj");                    // one face twice
  refuse_shape(closed + "f 1 2 5\nf 2 1 5\n", "a.obj");           // an edge with four faces
}

TEST_CASE("a damaged mesh file gives an error or a mesh, never a crash", "[io][mesh]") {
  const test::scratch_folder folder;
  const triangle_mesh<double> tetrahedron{{{0, 0, 0}, {1, 0, 0}, {0, 2, 0}, {0, 0, 3}},
                                          {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}}};
  std::vector<std::pair<std::string, std::string>> whole;
  for (const char* name : {"a.ply", "a.obj", "a.stl"}) {
    io::write_mesh(folder / name, tetrahedron);
    whole.emplace_back(name, test::contents_of(folder / name));
  }
  whole.emplace_back("b.ply", ply("3", "1", triangle + "3 0 1 2\n"));
  whole.emplace_back("b.stl", "solid\nfacet\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendfacet\nendsolid\n");
  whole.emplace_back("b.off", "OFF\n3 1 0\n" + triangle + "3 0 1 2\n");
  int refused = 0;
  for (std::uint64_t n = 0; n < 18000; ++n) {
    const auto& [name, bytes] = whole[n % whole.size()];
    io::warning_list w;
    try {
      const auto mesh = io::read_mesh(folder.put(name, test::damaged(bytes, n, bytes.size())), w);
      CHECK(check_mesh(mesh).bad_indices == 0);
      CHECK(check_mesh(mesh).nonfinite_vertices == 0);
    } catch (const error& e) {
      ++refused;
      if (e.kind() != error_kind::bad_data) FAIL(e.what());
    }
  }
  CHECK(refused > 6000);
}
