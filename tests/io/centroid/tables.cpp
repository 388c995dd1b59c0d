// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Centres in tables: separators, quotes, columns, and 3D Slicer's tables and lists.
#include "two_centres.hpp"

using namespace diffam;
using test::check_two;
using test::read;
using test::refuse;

TEST_CASE("tables are read with commas, tabs or semicolons, in quotes and with further columns",
          "[io][centroid]") {
  const test::scratch_folder folder;
  check_two(read(folder,
                 "# frame: ras\n\"label\",\"x\",\"y\",\"z\"\n\"L1\",\"30\",20,50\n\"L2\", \"32\" ,22,20\n",
                 "c.csv"));
  check_two(read(folder, "# frame: ras\nlabel\tx\ty\tz\nL1\t30\t20\t50\nL2\t32\t22\t20\n", "c.tsv"));
  check_two(read(folder, "# frame: ras\nz;y;x;label\n50,0;20;30;L1\n20;22;32;L2\n", "c.txt"));
  // 3D Slicer's table of control points, and its fiducial lists of versions before and after 4.11.
  const std::string columns = ",defined,selected,visible,locked,description\n", more = ",1,1,1,0,\n";
  check_two(read(folder, "label,r,a,s" + columns + "L1,30,20,50" + more + "L2,32,22,20" + more, "c.csv"));
  check_two(read(folder, "label,l,p,s" + columns + "L1,-30,-20,50" + more + "L2,-32,-22,20" + more, "c.csv"));
  check_two(read(folder, "label,r,a,s\nvertebrae_L1,30,20,50\nL2 vertebra,32,22,20\n", "c.csv"));
  io::warning_list warnings;
  check_two(read(
      folder, "label,r,a,s" + columns + "L1,30,20,50" + more + "L2,32,22,20" + more + "L3,0,0,0,0,1,1,0,\n",
      warnings, "c.csv"));
  CHECK(test::has_warning(warnings, "L3: is not a number; ignored"));
  const std::string list = "# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n";
  for (const char* name : {"LPS", "1"})
    check_two(read(folder,
                   std::string("# Markups fiducial file version = 4.11\n# CoordinateSystem = ") + name +
                       "\n" + list +
                       "a,-30,-20,50,0,0,0,1,1,1,0,L1,\"x, y\",\n1,-32,-22,20,0,0,0,1,1,1,0,L2,,\n",
                   "c.fcsv"));
  check_two(read(
      folder,
      "# CoordinateSystem = 0\n" + list + "1,30,20,50,0,0,0,1,1,1,0,L1,,\n2,32,22,20,0,0,0,1,1,1,0,L2,,\n",
      "c.fcsv"));
  warnings.clear();
  check_two(read(folder, "label,r,a,s\nL1,-30,-20,50\nL2,-32,-22,20\n", warnings, "c.csv",
                 {.frame = io::parse_centroid_frame("lps")}));
  CHECK(test::has_warning(warnings, "the file states another one; the frame given is used"));
}

TEST_CASE("wrong tables are refused", "[io][centroid]") {
  refuse("L1,1,2,3\n", "--centroid-frame", "c.csv");
  refuse("# frame: ras\nL1,1,2\n", "line 2: expected label,x,y,z", "c.csv");
  refuse("# frame: ras\nL1,1,2,3,4\n", "line 2: expected label,x,y,z", "c.csv");
  refuse("# frame: here\nL1,1,2,3\n", "frame: expected world-ras", "c.csv");
  refuse("# frame: ras\n\"L1,1,2,3\n", "line 2: expected quotes in pairs", "c.csv");
  refuse("label,r,a,s\nL1,1,2\n", "line 2: expected 4 cells or more, found 3", "c.csv");
  refuse("label,a,b,c\nL1,1,2,3\n", "header: expected columns label, x, y, z", "c.csv");
  refuse("label,r,a,s\n# frame: lps\nL1,1,2,3\n", "frame: expected one frame", "c.csv");
  refuse("# CoordinateSystem = IJK\n", "CoordinateSystem: expected LPS or RAS", "c.fcsv");
  refuse("# frame: ras\nL1,1,x,3\n", "line 2: expected a number, found \"x\"", "c.csv");
  refuse("# frame: ras\nL1,1,1e400,3\n", "expected a number", "c.csv");
  refuse("# frame: ras\n", "centres: expected one or more", "c.csv");
  refuse("label,r,a,s\nL1-L2 disc,1,2,3\n", "label: expected a vertebra by name", "c.csv");
  refuse("\xff\xfeL", "text: expected UTF-8, found UTF-16", "c.csv");
}
