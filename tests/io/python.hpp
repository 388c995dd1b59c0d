// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs Python scripts with independent implementations of the file formats. They write files and a list of
// what is in them: "cases.json", with name, shape, corners (world RAS, mm, bit a of the number: the end of
// axis a) and values (i fastest).
#pragma once

#include <nlohmann/json.hpp>

#include "diffam/image/volume.hpp"
#include "io/scratch.hpp"
#include "support/python.hpp"

namespace diffam::test {

/// Runs a script with the folder as its argument; returns its exit status.
inline int run_script(const std::string& interpreter, const io::path& script, const io::path& folder) {
  return std::system((interpreter + " -B " + script.string() + " " + folder.string()).c_str());
}

inline nlohmann::json cases_in(const scratch_folder& folder) {
  return nlohmann::json::parse(contents_of(folder / "cases.json"));
}

/// Checks size, world positions of the corners (mm) and values of a volume against a case.
template <class T>
void check_case(const nlohmann::json& c, const volume<T>& v, double tolerance_mm) {
  const grid& g = v.geometry;
  for (int a = 0; a < 3; ++a) CHECK(g.size[a] == c["shape"][static_cast<std::size_t>(a)].get<index_t>());
  double worst = 0;
  for (int corner = 0; corner < 8; ++corner)
    for (int r = 0; r < 3; ++r) {
      const auto& expected = c["corners"][static_cast<std::size_t>(corner)][static_cast<std::size_t>(r)];
      worst = std::max(worst, std::abs(g.corner(corner)[r] - expected.get<double>()));
    }
  CHECK(worst < tolerance_mm);
  const auto& values = c["values"];
  std::size_t different = v.voxels.size() == values.size() ? 0 : 1;
  for (std::size_t i = 0; different == 0 && i < values.size(); ++i)
    different += v.voxels[i] == values[i].get<T>() ? 0 : 1;
  CHECK(different == 0);
}

/// The start of each script: `save_case(name, world, values)`, with a function from indices (i, j, k) to
/// world RAS and an array of shape (i, j, k).
inline const std::string case_writer = R"(
import atexit, json, sys, itertools, numpy as np
folder = sys.argv[1]
cases = []
atexit.register(lambda: json.dump(cases, open(f'{folder}/cases.json', 'w')))
def save_case(name, world, values, **more):
    n = values.shape
    corners = [[float(x) for x in world([(c >> a & 1) * (n[a] - 1) for a in range(3)])] for c in range(8)]
    cases.append(dict(name=name, shape=list(n), corners=corners, values=values.flatten(order='F').tolist(), **more))
def rotation(v):
    v = np.asarray(v, float); t = np.linalg.norm(v); k = v / t
    K = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.eye(3) + np.sin(t) * K + (1 - np.cos(t)) * K @ K
)";

}  // namespace diffam::test
