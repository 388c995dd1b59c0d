// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The objective of the spine fit as a composition (Kim & Park 2024, section 2.4):
//
//     unknowns -> sum( w_V variance, w_C centre wall,
//                      spectral map -> sum( w_E edge, w_N normal, w_W wall,
//                                           scene distance -> sum( w_O overlap,
//                                                                  renderer -> row mean -> w_I image loss )))
//
// The walls hold the ends of the chain (spine/fit/ends.hpp); the paper does not have them. Every part is a
// component, and this header only connects them. The row mean is that of thick slices (spine/fit/slices.hpp).
#pragma once

#include <utility>
#include <vector>

#include "diffam/component/pipeline.hpp"
#include "diffam/component/row_mean.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/loss/overlap.hpp"
#include "diffam/loss/variance.hpp"
#include "diffam/loss/wall.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/shape/spectral_map.hpp"
#include "diffam/spine/fit/loss_record.hpp"
#include "diffam/spine/fit_options.hpp"

namespace diffam::spine {

/// The parts, by name. To use another renderer or sign policy, compose the parts in the same way.
template <real T,                                          // scalar
          exec::policy Exec,                               // execution policy
          class Points = surface_cloud<T, Exec>,           // sample points of the image loss
          class Samples = drawn_surface_samples<T, Exec>,  // sample points of the normal loss
          class Normals = smooth_normals,                  // normals of the surface
          class Image = image_sampler<T>,                  // the image of both losses
          class Renderer = mlp<T, Exec>>                   // the appearance function
struct objective {
  using target = sampled_target<T, Image, before_planes<T>>;
  using unknowns = coefficients<T, Exec>;
  using map = spectral_map<T, Exec>;
  using scene = scene_distance<T, Exec, barnes_hut_winding, Points>;
  using renderer = Renderer;
  using slices = row_mean<T, Exec>;
  using image_term = chain<renderer, chain<slices, image_loss<T, Exec, target>>>;
  using distance_terms = sum_of<overlap_loss<T, Exec>, image_term>;
  using scene_terms = chain<scene, distance_terms>;
  using normal_term = normal_loss<T, Exec, Normals, Samples, Image>;
  using vertex_terms = sum_of<edge_loss<T, Exec>, normal_term, wall_loss<T, Exec>, scene_terms>;
  using shape_terms = chain<map, vertex_terms>;
  using terms = sum_of<variance_loss<T, Exec>, wall_loss<T, Exec>, shape_terms>;
  using type = chain<unknowns, terms>;

  /// Walls on the unknowns (centres) and on the vertices (end plates).
  struct walls {
    wall_loss<T, Exec> of_centres, of_vertices;
  };

  static type make(unknowns u, variance_loss<T, Exec> variance, walls ends, map m, edge_loss<T, Exec> edge,
                   normal_term normal, scene s, renderer f, image_loss<T, Exec, target> image,
                   const fit_options& o, slices of_slices = slices()) {
    const auto weight = [](double w) { return static_cast<T>(w); };
    return pipeline(
        std::move(u),
        sum(weighted(weight(o.weight_variance), std::move(variance)),
            weighted(weight(o.weight_centre_wall), std::move(ends.of_centres)),
            weighted(T(1), pipeline(std::move(m),
                                    sum(weighted(weight(o.weight_edge), std::move(edge)),
                                        weighted(weight(o.weight_normal), std::move(normal)),
                                        weighted(weight(o.weight_end_wall), std::move(ends.of_vertices)),
                                        weighted(T(1), scene_part(std::move(s), std::move(f), of_slices,
                                                                  std::move(image), o)))))));
  }

  /// Where `forward` leaves the unweighted terms and their weighted sum `total`; terms of weight 0 in `o` do
  /// not run.
  static loss_sources<T> losses(const typename type::workspace& w, view<const T> total,
                                const fit_options& o) {
    const auto& shape = std::get<2>(w.second.parts).second;
    const auto& distance = std::get<3>(shape.parts).second;
    return {{total.data, distance.value[1].data, shape.value[0].data, shape.value[1].data,
             distance.value[0].data, w.second.value[0].data, w.second.value[1].data, shape.value[2].data},
            {o.weight_image > 0 ? image_samples(w).mean.sum_of_weights() : nullptr,
             o.weight_normal > 0 ? normal_samples(w).mean.sum_of_weights() : nullptr}};
  }

  // Access to the parts of an objective.
  static unknowns& unknowns_of(type& o) { return o.first(); }
  static shape_terms& shape_of(type& o) { return o.second().template part<2>(); }
  static scene_terms& scene_of(type& o) { return shape_of(o).second().template part<3>(); }
  static renderer& renderer_of(type& o) { return scene_of(o).second().template part<1>().first(); }

  /// All vertices after the last forward, M V x 3, unit lengths.
  static view<const T> vertices(const typename type::workspace& w) {
    return std::get<2>(w.second.parts).middle;
  }

  /// Workspaces of the image loss and of the normal loss after the last forward.
  static const auto& image_samples(const typename type::workspace& w) {
    return std::get<1>(std::get<3>(std::get<2>(w.second.parts).second.parts).second.parts).second.second;
  }
  static const auto& normal_samples(const typename type::workspace& w) {
    return std::get<1>(std::get<2>(w.second.parts).second.parts);
  }

 private:
  static scene_terms scene_part(scene s, renderer f, slices mean, image_loss<T, Exec, target> image,
                                const fit_options& o) {
    return pipeline(std::move(s), sum(weighted(static_cast<T>(o.weight_overlap), overlap_loss<T, Exec>()),
                                      weighted(static_cast<T>(o.weight_image),
                                               pipeline(std::move(f), mean, std::move(image)))));
  }
};

}  // namespace diffam::spine
