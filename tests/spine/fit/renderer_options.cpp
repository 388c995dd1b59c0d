// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options select the renderer and set its sizes.
#include "diffam/spine/fit/renderer_options.hpp"

#include "diffam/exec/serial.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

using E = exec::serial;
using chosen = spine::fit_renderer<float, E>;

spine::fit_options sizes() {
  spine::fit_options o = spine::paper_preset();
  o.frequencies = 3;
  o.width = 5;
  o.hidden_layers = 1;
  o.output = output_kind::identity;
  o.fourier_sigma = 7;
  o.seed = 9;
  o.tabulated_nodes = 33;
  o.table_nodes = 21;
  return o;
}

void require_network(const mlp_params& p) {
  const auto o = sizes();
  CHECK(p.frequencies == o.frequencies);
  CHECK(p.width == o.width);
  CHECK(p.hidden_layers == o.hidden_layers);
  CHECK(p.output == o.output);
  CHECK(p.fourier_sigma == o.fourier_sigma);
  CHECK(p.seed == o.seed);
}

}  // namespace

TEST_CASE("the preset of the paper selects the network", "[spine]") {
  chosen f = spine::renderer_from<chosen>::make(sizes());
  REQUIRE(f.as<mlp<float, E>>() != nullptr);
  require_network(f.as<mlp<float, E>>()->get_params());
}

TEST_CASE("options can select the tabulated network", "[spine]") {
  auto o = sizes();
  o.renderer = spine::renderer_kind::tabulated;
  chosen f = spine::renderer_from<chosen>::make(o);
  using wanted = tabulated<float, E>;
  REQUIRE(f.as<wanted>() != nullptr);
  require_network(f.as<wanted>()->get_params().function);
  CHECK(f.as<wanted>()->get_params().range.nodes == o.tabulated_nodes);
}

TEST_CASE("options can select a table of four nodes or more", "[spine]") {
  auto o = sizes();
  o.renderer = spine::renderer_kind::table;
  chosen f = spine::renderer_from<chosen>::make(o);
  REQUIRE(f.as<table<float, E>>() != nullptr);
  CHECK(f.parameters().value.rows == o.table_nodes);
  spine::check(o);
  o.table_nodes = 3;
  CHECK_THROWS_AS(spine::check(o), error);
}
