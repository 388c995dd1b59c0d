// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes the renderer of a fit from the fit's options.
#pragma once

#include "diffam/component/one_of.hpp"
#include "diffam/render/table.hpp"
#include "diffam/render/tabulated.hpp"
#include "diffam/spine/fit_options.hpp"

namespace diffam::spine {

/// All renderers that the options can choose (`renderer_kind`).
template <real T, exec::policy Exec>
using fit_renderer = one_of<mlp<T, Exec>, tabulated<T, Exec>, table<T, Exec>>;

/// Makes a renderer of one type from the options. Specialise it for a renderer of your own, or make that part
/// of the objective by hand.
template <class Renderer>
struct renderer_from;

template <real T, exec::policy Exec>
struct renderer_from<mlp<T, Exec>> {
  static mlp_params params(const fit_options& o) {
    return {.frequencies = o.frequencies,
            .width = o.width,
            .hidden_layers = o.hidden_layers,
            .fourier_sigma = o.fourier_sigma,
            .output = o.output,
            .seed = o.seed};
  }
  static mlp<T, Exec> make(const fit_options& o) { return mlp<T, Exec>(params(o)); }
};

template <real T, exec::policy Exec>
struct renderer_from<tabulated<T, Exec>> {
  static tabulated<T, Exec> make(const fit_options& o) {
    return tabulated<T, Exec>(
        {.range = {.nodes = o.tabulated_nodes}, .function = renderer_from<mlp<T, Exec>>::params(o)});
  }
};

template <real T, exec::policy Exec>
struct renderer_from<table<T, Exec>> {
  static table<T, Exec> make(const fit_options& o) {
    return table<T, Exec>({.range = {.nodes = o.table_nodes}});
  }
};

template <real T, exec::policy Exec>
struct renderer_from<one_of<mlp<T, Exec>, tabulated<T, Exec>, table<T, Exec>>> {
  static fit_renderer<T, Exec> make(const fit_options& o) {
    switch (o.renderer) {
      case renderer_kind::tabulated:
        return renderer_from<tabulated<T, Exec>>::make(o);
      case renderer_kind::table:
        return renderer_from<table<T, Exec>>::make(o);
      case renderer_kind::exact:
        break;
    }
    return renderer_from<mlp<T, Exec>>::make(o);
  }
};

}  // namespace diffam::spine
