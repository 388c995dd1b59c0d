// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The table of formats in docs/files.md, line by line: each format that it calls read is read by the program,
// each one that it calls written is written, and no line is without a test.
#include <csignal>
#include <functional>
#include <sstream>

#include "diffam/io/centroid_file.hpp"
#include "diffam/io/mesh_file.hpp"
#include "other_formats.hpp"
#include "small_fit.hpp"

using namespace diffam;
using test::run;

namespace {

struct table_row {
  std::string format, endings, read, written;
};

/// The rows of the first table of docs/files.md.
std::vector<table_row> table_of_formats() {
  std::istringstream page(test::read_file(DIFFAM_DOCS_DIR "/files.md"));
  std::vector<table_row> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ")) {
      if (!rows.empty()) break;
      continue;
    }
    std::vector<std::string> cells;
    std::istringstream in(line.substr(2));
    for (std::string cell; std::getline(in, cell, '|');) {
      cell.erase(cell.find_last_not_of(' ') + 1);
      cells.push_back(cell.substr(std::min(cell.size(), cell.find_first_not_of(' '))));
    }
    REQUIRE(cells.size() == 6);
    if (cells[0] != "format") rows.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

/// The results of a fit with --mask-format nrrd, and files of other formats made of them.
class samples {
 public:
  samples() {
    const auto done = run(test::fit(folder_ / "out", {"-q", "--mask-format", "nrrd"}, "3"));
    INFO(done.err);
    REQUIRE(done.code == 0);
    for (const std::string name : {"ct", "truth"}) {
      io::warning_list warnings;
      const auto v = io::read_volume(test::phantom() / ("p_" + name + ".nii.gz"), warnings);
      test::write_nrrd(folder_ / (name + ".nrrd"), v);
      test::write_metaimage(folder_ / (name + ".mha"), v);
    }
    io::warning_list warnings;
    const auto header = io::read_volume_header(ct(), warnings);
    for (const auto& c : io::read_centroids(centres(), header.geometry, warnings)) {
      const std::string x = std::to_string(c.position[0]) + "," + std::to_string(c.position[1]) + "," +
                            std::to_string(c.position[2]),
                        name = spine::label_name(c.label);
      csv_ += name + "," + x + "\n";
      slicer_ += name + "," + x + ",1,1\n";
      fcsv_ += "n," + x + ",0,0,0,1,1,1,0," + name + ",,\n";
      poi_ += (poi_.empty() ? "\"" : ",\"") + name + "\":{\"50\":[" + x + "]}";
    }
    test::write_file(folder_ / "a.csv", "# frame: world-ras\nlabel,x,y,z\n" + csv_);
    test::write_file(folder_ / "b.csv", "label,r,a,s,defined,selected\n" + slicer_);
    test::write_file(folder_ / "c.fcsv",
                     "# Markups fiducial file version = 4.11\n# CoordinateSystem = RAS\n"
                     "# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n" +
                         fcsv_);
    test::write_file(folder_ / "d.json",
                     R"([{"format": "POI_GLOBAL", "coordinate_system": "nib"}, {)" + poi_ + "}]");
    const auto mesh = io::read_mesh(mesh_file(), warnings);
    io::write_mesh(folder_ / "m.obj", mesh);
    io::write_mesh(folder_ / "m.stl", mesh);
    std::string off =
        "OFF\n" + std::to_string(mesh.vertex_count()) + " " + std::to_string(mesh.face_count()) + " 0\n";
    for (const auto& v : mesh.vertices)
      off += std::to_string(v[0]) + " " + std::to_string(v[1]) + " " + std::to_string(v[2]) + "\n";
    for (const auto& f : mesh.faces)
      off += "3 " + std::to_string(f[0]) + " " + std::to_string(f[1]) + " " + std::to_string(f[2]) + "\n";
    test::write_file(folder_ / "m.off", off);
  }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  std::filesystem::path out(const std::string& name) const { return folder_ / "out" / name; }
  std::filesystem::path mesh_file() const { return out("meshes/L3.ply"); }
  static std::filesystem::path ct() { return test::phantom() / "p_ct.nii.gz"; }
  static std::filesystem::path truth() { return test::phantom() / "p_truth.nii.gz"; }
  static std::filesystem::path centres() { return test::phantom() / "p_ctd.json"; }

 private:
  test::scratch_folder folder_;
  std::string csv_, slicer_, fcsv_, poi_;
};

/// How a line of the table is tested; no function where the table says "no".
struct line_test {
  std::function<void()> read, written;
};

void is_ct(const std::filesystem::path& file) {
  const auto o = run({"info", file.string()});
  INFO(o.err);
  CHECK(o.code == 0);
  CHECK(o.out.find("-1024 to ") != std::string::npos);
}

void is_mask(const std::filesystem::path& file) {
  const auto o = run({"eval", "-p", file.string(), "-g", samples::truth().string()});
  INFO(o.err);
  CHECK(o.code == 0);
}

void are_centres(const std::filesystem::path& file) {
  auto words = test::fit(samples::ct().parent_path() / "never", {"--dry-run"});
  words[4] = file.string();
  const auto o = run(words);
  INFO(o.err);
  CHECK(o.code == 0);
  CHECK((o.out + o.err).find("L3") != std::string::npos);
}

void is_mesh(const std::filesystem::path& file) {
  const auto o = run({"template", "--check", file.string()});
  INFO(o.out << o.err);
  CHECK(o.out.find("closed               yes") != std::string::npos);
}

void starts_with(const std::filesystem::path& file, const std::string& start) {
  INFO(file.string());
  CHECK(test::read_file(file).substr(0, start.size()) == start);
}

std::map<std::string, line_test> tests_of(const samples& s) {
  const auto written = [&s](const std::string& name, const std::string& start) {
    return [&s, name, start] { starts_with(s.out(name), start); };
  };
  const auto from = [&s](void (*check)(const std::filesystem::path&), const std::string& name) {
    return [&s, check, name] { check(s / name); };
  };
  std::map<std::string, line_test> all;
  all["NIfTI-1, NIfTI-2"] = {[&s] {
                               is_ct(s.ct());
                               is_mask(s.truth());
                             },
                             [&s] { is_mask(s.out("p_seg-vert_msk.nii.gz")); }};
  all["NRRD"] = {[&s] {
                   is_ct(s / "ct.nrrd");
                   is_mask(s / "truth.nrrd");
                 },
                 {}};
  all["MetaImage"] = {[&s] {
                        is_ct(s / "ct.mha");
                        is_mask(s / "truth.mha");
                      },
                      {}};
  all["Segmentation of 3D Slicer"] = {from(is_mask, "out/p_seg-vert.seg.nrrd"),
                                      written("p_seg-vert.seg.nrrd", "NRRD0004\n")};
  all["VerSe centres"] = {[&s] { are_centres(s.centres()); }, [&s] { are_centres(s.out("p_ctd.json")); }};
  all["TPTBox POI"] = {from(are_centres, "d.json"), written("p_poi.json", "[")};
  all["3D Slicer markups"] = {from(are_centres, "out/p_ctd.mrk.json"), written("p_ctd.mrk.json", "{")};
  all["tables of centres"] = {from(are_centres, "a.csv"), {}};
  all["3D Slicer's table of control points"] = {from(are_centres, "b.csv"), {}};
  all["3D Slicer's fiducial lists"] = {from(are_centres, "c.fcsv"), {}};
  all["label volumes as centres"] = {[&s] { are_centres(s.truth()); }, {}};
  all["PLY"] = {from(is_mesh, "out/meshes/L3.ply"),
                written("meshes/L3.ply", "ply\nformat binary_little_endian")};
  all["OBJ"] = {from(is_mesh, "m.obj"), [&s] { is_mesh(s / "m.obj"); }};
  all["STL"] = {from(is_mesh, "m.stl"), [&s] { is_mesh(s / "m.stl"); }};
  all["OFF"] = {from(is_mesh, "m.off"), {}};
  all["PNG"] = {{}, written("p_snp.png", "\x89PNG")};
  all["JPEG"] = {{}, [&s] {  // in base64 within the page
                   CHECK(test::read_file(s.out("p_report.html")).find("/9j/") != std::string::npos);
                 }};
  all["report to look at"] = {{}, written("p_report.html", "<!DOCTYPE html>")};
  all["report"] = {{}, written("report.json", "{")};
  all["search"] = {
      {}, [&s] {
        REQUIRE(run({"find", "-i", s.ct().string(), "-o", (s / "found").string(), "-q"}).code == 0);
        starts_with(s / "found/p_find.json", "{");
      }};
  all["curve"] = {{}, written("p_curve.csv", "distance_mm,intensity,hu\n")};
  all["measurements"] = {
      {}, [&s] {
        for (const std::string name : {"p_measures.csv", "p_angles.csv", "p_landmarks.csv"})
          CHECK(test::read_file(s.out(name)).find(',') != std::string::npos);
      }};
  const auto again = [&s] {
    return test::fit(s / "out", {"-q", "--overwrite", "--mask-format", "nrrd"}, "3");
  };
  all["record of files"] = {[again] { CHECK(run(again()).code == 0); }, written(".diffam_files.json", "{")};
  all["ITK-SNAP labels"] = {{}, written("p_itksnap.txt", "# ITK-SnAP Label Description File\n")};
  const auto stopped = [&s] {
    const auto words = test::fit(s / "stopped", {}, "100000");
    CHECK(test::run_and_signal(words, "fitting", SIGTERM).code == 75);
    CHECK(std::filesystem::file_size(s / "stopped/p_checkpoint.bin") > 1000);
  };
  all["checkpoint"] = {[&s] {
                         const auto words = test::fit(s / "stopped", {"--resume"}, "100000");
                         CHECK(test::run_and_signal(words, "fitting", SIGTERM).code == 75);
                       },
                       stopped};
  return all;
}

}  // namespace

TEST_CASE("each line of the table of formats in the page Files holds", "[program][formats]") {
  const samples s;
  auto tests = tests_of(s);
  // DICOM is written by pydicom here, and is read only where the program has GDCM.
  const bool dicom = test::can_use_dicom();
  if (dicom) test::write_series(s.ct(), s / "series");
  const auto where_possible = [dicom](std::function<void()> f) {
    return std::function<void()>([dicom, f] {
      if (dicom) f();
    });
  };
  tests["DICOM CT, Enhanced CT"] = {where_possible([&s] { is_ct(s / "series"); }), {}};
  tests["DICOM Segmentation"] = {
      {}, where_possible([&s] {
        auto words = test::fit(s / "dicom_out", {"-q", "--mask-format", "dicom-seg"}, "1");
        words[2] = (s / "series").string();
        words[4] = s.out("p_ctd.mrk.json").string();
        CHECK(run(words).code == 0);
        CHECK(test::read_file(s / "dicom_out/series_seg-vert.dcm").substr(128, 4) == "DICM");
      })};
  const auto rows = table_of_formats();
  CHECK(rows.size() == tests.size());
  for (const auto& row : rows) {
    INFO(row.format);
    REQUIRE(tests.count(row.format) == 1);
    const line_test& t = tests[row.format];
    CHECK((row.read != "no") == static_cast<bool>(t.read));
    CHECK((row.written != "no") == static_cast<bool>(t.written));
    if (t.written) t.written();  // first: a checkpoint is read after it is written
    if (t.read) t.read();
  }
}
