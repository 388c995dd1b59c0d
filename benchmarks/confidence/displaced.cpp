// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Moves, turns and scales the meshes of a fit at random, alone or all alike, and prints for each vertebra its
// Dice and the evidence of measure/confidence.hpp: one row of CSV a vertebra. Trial 0 is the fit itself.
//
//     diffam_displaced_fits CT TRUTH RESULTS HU_OFFSET TRIALS SEED
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "diffam/exec/serial.hpp"
#include "diffam/io/mesh_file.hpp"
#include "diffam/io/nifti.hpp"
#include "diffam/measure/confidence.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/spine/voxelise.hpp"

using namespace diffam;

namespace {

/// The same numbers with every standard library.
struct random_numbers {
  std::mt19937_64 bits;
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(bits() >> 11) / 9007199254740992.0;
  }
  vec3<double> direction() {
    while (true) {
      const vec3<double> d{uniform(-1, 1), uniform(-1, 1), uniform(-1, 1)};
      if (squared_norm(d) > 0.01 && squared_norm(d) < 1) return normalized(d);
    }
  }
};

/// A similarity about a centre.
struct displacement {
  vec3<double> shift{}, axis{0, 0, 1};
  double angle = 0, scale = 1;

  vec3<double> operator()(const vec3<double>& p, const vec3<double>& centre) const {
    const vec3<double> d = p - centre, along = axis * dot(axis, d), off = d - along;  // Rodrigues
    return centre + shift + (along + off * std::cos(angle) + cross(axis, off) * std::sin(angle)) * scale;
  }
};

vec3<double> middle_of(const triangle_mesh<double>& mesh) {
  vec3<double> sum{};
  for (const auto& v : mesh.vertices) sum += v;
  return sum * (1 / static_cast<double>(mesh.vertices.size()));
}

/// Most are small, so that many Dice values lie near 0.8.
displacement drawn(random_numbers& r) {
  displacement d;
  const double size = r.uniform(0, 1);
  if (r.uniform(0, 1) < 0.7) d.shift = r.direction() * (25 * size * size);
  if (r.uniform(0, 1) < 0.5) d.axis = r.direction(), d.angle = 1.5 * size * r.uniform(0, 1);
  if (r.uniform(0, 1) < 0.4) d.scale = std::exp(r.uniform(-0.25, 0.25));
  return d;
}

double dice(const triangle_mesh<double>& mesh, int label, const volume<std::uint8_t>& truth,
            index_t of_truth) {
  const auto found = spine::voxelise_part(exec::serial(), std::span(&mesh, 1),
                                          std::span<const int>(&label, 1), truth.geometry);
  index_t count = 0, both = 0;
  const auto& [first, size] = found.kept;
  for (index_t k = first[2]; k < first[2] + size[2]; ++k)
    for (index_t j = first[1]; j < first[1] + size[1]; ++j)
      for (index_t i = first[0]; i < first[0] + size[0]; ++i)
        if (found.voxels[static_cast<std::size_t>(found.kept.linear(i, j, k))] != 0) {
          ++count;
          if (truth.at(i, j, k) == label) ++both;
        }
  return 2 * static_cast<double>(both) / static_cast<double>(std::max<index_t>(1, count + of_truth));
}

/// The vertebrae of a folder of results, from head to foot.
std::vector<int> read_meshes(const std::filesystem::path& folder,
                             std::vector<triangle_mesh<double>>& meshes) {
  std::vector<int> labels;
  std::vector<std::string> warnings;
  for (int rank = 1; rank <= spine::label::t13; ++rank)
    for (int l = 1; l <= spine::label::t13; ++l) {
      const auto file = folder / "meshes" / (spine::label_name(l) + ".ply");
      if (spine::anatomical_rank(l) != rank || !std::filesystem::exists(file)) continue;
      labels.push_back(l);
      meshes.push_back(io::read_mesh(file, warnings));
    }
  return labels;
}

void run(char** words) {
  std::vector<std::string> warnings;
  volume<float> ct = io::read_nifti(words[1], warnings).image;
  const volume<std::uint8_t> truth = io::read_nifti_labels<std::uint8_t>(words[2], warnings).labels;
  std::vector<triangle_mesh<double>> fitted;
  const std::vector<int> labels = read_meshes(words[3], fitted);
  for (float& v : ct.voxels) v -= static_cast<float>(std::atof(words[4]));
  std::array<index_t, 256> of_truth{};
  for (const std::uint8_t v : truth.voxels) ++of_truth[v];
  random_numbers random{std::mt19937_64(static_cast<std::uint64_t>(std::atoll(words[6])))};
  for (int trial = 0; trial <= std::atoi(words[5]); ++trial) {
    auto meshes = fitted;
    const bool alike = random.uniform(0, 1) < 0.3;
    displacement common = drawn(random);
    for (auto& mesh : meshes) {
      const displacement own = drawn(random), d = trial == 0                   ? displacement{}
                                                  : alike                      ? common
                                                  : random.uniform(0, 1) < 0.4 ? own
                                                                               : displacement{};
      const vec3<double> centre = middle_of(mesh);
      for (auto& v : mesh.vertices) v = d(v, centre);
    }
    std::vector<measure::measured_vertebra> measured;
    std::vector<measure::surface_edges> edges;
    for (std::size_t m = 0; m < meshes.size(); ++m) {
      measured.push_back({labels[m], {}, {}});
      measured.back().measures.volume_ml = check_mesh(meshes[m]).volume / 1000;
      edges.push_back(measure::look_at_edges(meshes[m], ct));
    }
    measure::measure_confidence(measured, edges);
    for (std::size_t m = 0; m < meshes.size(); ++m) {
      const auto& e = measured[m].measures;
      std::printf("%d,%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", trial, spine::label_name(labels[m]).c_str(),
                  dice(meshes[m], labels[m], truth, of_truth[static_cast<std::size_t>(labels[m])]),
                  e.falling_edges, e.rising_edges, e.surface_visible, e.edges_below_chain, e.size_step,
                  e.confidence);
    }
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 7)
    return std::fputs("usage: diffam_displaced_fits CT TRUTH RESULTS HU_OFFSET TRIALS SEED\n", stderr), 2;
  std::puts("trial,name,dice,falling,rising,visible,below_chain,size_step,confidence");
  try {
    run(words);
  } catch (const std::exception& e) {
    return std::fprintf(stderr, "%s\n", e.what()), 65;
  }
}
