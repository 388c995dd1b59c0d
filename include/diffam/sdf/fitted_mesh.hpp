// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A mesh with a tree, for queries outside of an iteration: inside tests of many points, and closest faces
// (for the surface distances of metrics/). The object owns its tree, the memory of the tree and a copy of the
// vertices.
//
//     const diffam::fitted_mesh<float, exec> m(e, mesh);
//     m.inside(e, points, flags);      // flags[i] = 1 if point i is inside, else 0
//     m.queries();                     // a tree_view, for your own kernels
#pragma once

#include "diffam/sdf/sign.hpp"
#include "diffam/sdf/tree/tree.hpp"

namespace diffam {

/// out[i] = 1 if point i is inside the mesh, else 0.
template <class T, class Sign>
struct inside_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_view<T> tree;
  Sign sign;
  view<const T> points;  // N x 3
  view<std::uint8_t> out;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const vec3<T> p = load3(points, i);
    const bool in = tree.box_contains(0, p) && sign.inside(tree, stored_index{0}, p);
    if (writes_for_threads()) out[i] = in ? 1 : 0;
  }
};

/// A mesh that owns its tree, for queries outside of an iteration.
template <real T,             // scalar of vertices and points
          exec::policy Exec>  // execution policy
class fitted_mesh {
  using memory = typename Exec::memory;

 public:
  /// `mesh` must have at least one face. If `p.dipoles` is false, pass `inside` a sign policy that needs no
  /// dipoles; the default, `barnes_hut_winding`, needs them. Throws `diffam::error` for a mesh that
  /// `face_tree` rejects.
  template <real U>
  fitted_mesh(const Exec& e, const triangle_mesh<U>& mesh, tree_params p = {})
      : tree_(mesh.faces, mesh.vertex_count(), p), vertices_(vertex_buffer<T, memory>(mesh)) {
    tree_.rebuild(vertex_buffer<T>(mesh).get());
    arena measuring;
    (void)tree_.plan(measuring);
    block_ = buffer<std::byte, memory>(measuring.used());
    arena taken(block_.data(), measuring.used());
    storage_ = tree_.plan(taken);
    tree_.refit(e, vertices(), storage_);
  }

  const face_tree<T, Exec>& tree() const { return tree_; }
  view<const T> vertices() const { return vertices_.get(); }
  /// The tree for kernels. It is valid as long as this object lives.
  tree_view<T> queries() const { return tree_.queries(storage_, vertices()); }

  /// Writes 1 to `out` (N) for each of `points` (N x 3) that is inside the mesh, else 0. Throws
  /// `diffam::error` if a shape is wrong.
  template <sign_policy Sign = barnes_hut_winding>
  void inside(const Exec& e, view<const T> points, view<std::uint8_t> out, Sign sign = {}) const {
    require_cols("fitted_mesh", "points", 3, points.extent());
    require_extent("fitted_mesh", "flags", {points.rows, 1}, out.extent());
    e.for_each_index(points.rows, inside_kernel<T, Sign>{queries(), sign, points, out});
  }

 private:
  face_tree<T, Exec> tree_;
  buffer<T, memory> vertices_;
  buffer<std::byte, memory> block_;
  tree_storage<T> storage_;
};

}  // namespace diffam
