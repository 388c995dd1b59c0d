// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The whole fit in guarded memory, which only verbs can access. No iteration, set-up or report may read
// device memory from the host, and no kernel may hold a pointer to host memory.
#include "support/guarded.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/spine/fit.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

template <class Exec>
fit_result fitted(const fit_options& o, const phantom& ct) {
  std::vector<std::string> warnings;
  spine_fit<double, Exec> fit({}, ct.ct, ct.centres, template_set(make_template({.edge_length = 3})), o,
                              warnings);
  while (fit.iteration() < 2) fit.step();
  const std::vector<std::byte> saved = fit.checkpoint();
  fit.restore(saved);
  while (!fit.done()) fit.step();
  return fit.result();
}

}  // namespace

TEST_CASE("the fit accesses the policy's memory only inside verbs", "[spine]") {
  phantom_params p;
  p.levels = {21, 22, 23};
  p.spacing = {2, 2, 5};  // thick slices
  const phantom ct = make_phantom(exec::serial{}, p);
  fit_options o = default_preset();
  o.iterations = 4;
  o.samples = o.normal_samples = 300;
  o.modes = 20;
  o.spacing_mm = 3;
  o.end_mask = o.end_wall = o.centre_wall = 0.6;
  o.weight_end_wall = o.weight_centre_wall = 1;
  const auto compare = [](const fit_result& found, const fit_result& expected) {
    REQUIRE(found.history.size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
      REQUIRE(found.history[i].total == Approx(expected.history[i].total).epsilon(1e-9));
    REQUIRE(found.flags == expected.flags);
    REQUIRE(found.vertebrae.size() == 3);
    for (std::size_t m = 0; m < 3; ++m) {
      const auto &a = found.vertebrae[m].mesh.vertices, &b = expected.vertebrae[m].mesh.vertices;
      REQUIRE(a.size() == b.size());
      for (std::size_t v = 0; v < a.size(); ++v) REQUIRE(norm(a[v] - b[v]) < 1e-6);  // mm
    }
  };
  o.renderer = GENERATE(renderer_kind::exact, renderer_kind::tabulated, renderer_kind::table);
  compare(fitted<test::guarded>(o, ct), fitted<exec::serial>(o, ct));
}
