// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A bounding volume hierarchy (BVH) with eight children in each node, over one mesh or a stack of meshes. It
// serves queries of distance and winding number. Its shape depends only on the number of faces and is fixed
// at set-up. Each iteration refits the boxes to moved vertices without an allocation. A rebuild only permutes
// the faces in the leaves.
//
//     diffam::face_tree<float, exec> tree(mesh.faces, mesh.vertex_count());  // faces ordered by connectivity
//     tree.rebuild(vertices);                       // optional: faces ordered by positions
//     auto storage = tree.plan(arena);
//     tree.refit(e, vertices, storage);             // every iteration
//     auto view = tree.queries(storage, vertices);  // a tree_view for kernels
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/sdf/tree/dipole_errors.hpp"
#include "diffam/sdf/tree/order.hpp"
#include "diffam/sdf/tree/rebuild.hpp"
#include "diffam/sdf/tree/refit.hpp"
#include "diffam/sdf/tree/view.hpp"

namespace diffam {

struct tree_params {
  bool dipoles = true;         // keep the dipoles that `barnes_hut_winding` needs
  bool dipole_errors = false;  // with the dipoles, keep bounds of their errors also if all meshes are closed,
                               // for `winding_number_within`
  index_t discs_from = 1 << 17;  // nodes also have discs if a mesh has at least this many faces (not on
                                 // devices); the refit then takes a third longer, and the queries of a mesh
                                 // of 600,000 faces a third less time
};

template <real T,             // scalar of vertices and boxes
          exec::policy Exec>  // execution policy
class face_tree {
  using memory = typename Exec::memory;

 public:
  using params = tree_params;

  /// A tree over one mesh. Throws `diffam::error` if there is no face or the mesh is too large.
  face_tree(const std::vector<face>& faces, index_t vertex_count, params p = {})
      : face_tree(mesh_stack{faces, {0, vertex_count}, {0, static_cast<index_t>(faces.size())}}, p) {}

  /// A tree over a stack of meshes. Each mesh has its own subtree, so that a query can ask one mesh alone.
  /// Throws `diffam::error` if the stack is empty, a mesh has no face, or there are too many faces or
  /// vertices.
  explicit face_tree(const mesh_stack& stack, params p = {})
      : params_(p), host_faces_(stack.faces), first_face_(stack.first_face), vertices_(stack.vertex_count()) {
    if (stack.mesh_count() < 1) throw error("face_tree: expected at least one mesh, got none");
    for (index_t m = 0; m < meshes(); ++m)
      if (face_count(m) < 1) throw error("face_tree: expected at least one face in each mesh, got none");
    for (const index_t count : {face_count(), vertices_})
      if (count > INT32_MAX / 3)
        throw error("face_tree: expected at most " + std::to_string(INT32_MAX / 3) +
                    " faces and as many vertices, got " + std::to_string(count));
    const vertex_corner_table corners = vertex_corners(host_faces_, vertices_);
    corner_first_ = upload_vector<memory>(corners.first);
    corners_ = upload_vector<memory>(corners.corner);
    const std::vector<stored_index> twin = detail::twin_faces(host_faces_);
    twin_ = upload_vector<memory>(twin);
    closed_ = detail::is_closed(host_faces_);
    faces_ = upload_vector<memory>(host_faces_);
    first_face_device_ =
        upload_vector<memory>(std::vector<stored_index>(first_face_.begin(), first_face_.end()));
    lay_out();
    std::vector<float> coordinates;
    for (index_t m = 0; m < meshes(); ++m) {
      const auto of_mesh = detail::surface_coordinates(twin, first_face(m), face_count(m));
      coordinates.insert(coordinates.end(), of_mesh.begin(), of_mesh.end());
    }
    order_on_host(view<const float>(coordinates.data(), face_count(), detail::landmark_count));
  }

  index_t meshes() const { return static_cast<index_t>(first_face_.size()) - 1; }
  index_t face_count() const { return first_face_.back(); }
  index_t vertex_count() const { return vertices_; }
  index_t node_count() const { return level_first_.back(); }
  index_t leaf_count() const { return place_leaf_.size(); }
  view<const face> faces() const { return faces_.get(); }

  tree_storage<T> plan(arena& a) const {
    tree_storage<T> s;
    s.boxes = a.take<box_lanes<T>>(node_count());
    s.dipoles = a.take<dipole_lanes<T>>(params_.dipoles ? node_count() : 0);
    s.dipole_errors = a.take<dipole_error_lanes<T>>(has_dipole_errors() ? node_count() : 0);
    s.discs = a.take<disc_lanes<T>>(has_discs() ? node_count() : 0);
    s.triangles = a.take<triangle_lanes<T>>(leaf_count());
    s.frames = a.take<triangle_frames<T>>(leaf_count());
    s.mesh_boxes = a.take<box_lanes<T>>((meshes() + lane_count - 1) / lane_count);
    s.scene_bounds = a.take<T>(4);
    return s;
  }

  /// Fits boxes, dipoles and discs to the vertices (V x 3). Call it in every iteration.
  void refit(const Exec& e, view<const T> vertices, const tree_storage<T>& s) const {
    e.for_each_index(node_count(), clear_node_kernel<T>{s, child_count_.get()});
    e.for_each_index(leaf_count(),
                     refit_leaf_kernel<T>{s, lanes_.get(), leaf_corners_.get(), place_leaf_.get(), vertices},
                     64);
    for (std::size_t h = 0; h + 1 < level_first_.size(); ++h)
      e.for_each_index(level_first_[h + 1] - level_first_[h],
                       refit_node_kernel<T>{s, place_node_.get(), level_first_[h]}, 64);
    e.for_each_index(1, refit_scene_kernel<T>{s, static_cast<stored_index>(meshes())});
    if (s.dipole_errors.empty()) return;
    e.for_each_index(leaf_count(), leaf_error_kernel<T>{s, place_leaf_.get()}, 64);
    for (std::size_t h = 0; h + 1 < level_first_.size(); ++h)
      e.for_each_index(level_first_[h + 1] - level_first_[h],
                       node_error_kernel<T>{s, place_node_.get(), level_first_[h]}, 64);
  }

  /// The expected number of boxes that a random line through a mesh meets, a measure of the cost of queries.
  /// If it has grown by 40 % since the last rebuild, queries take 3 to 13 % longer. Call it between
  /// iterations only: it allocates scratch and waits for the device.
  double cost(const Exec& e, const tree_storage<T>& s) const {
    const index_t n = node_count();
    buffer<T, memory> scratch(Exec::reduce_scratch(n)), sums(2);
    e.reduce(n, box_surface_term<T>{s.boxes}, sums.data(), scratch.get());
    e.reduce(s.mesh_boxes.rows, box_surface_term<T>{s.mesh_boxes}, sums.data() + 1, scratch.get());
    T host[2];
    sums.download(host);
    return host[1] > T(0) ? static_cast<double>(host[0]) / static_cast<double>(host[1]) : 0.0;
  }

  tree_view<T> queries(const tree_storage<T>& s, view<const T> vertices) const {
    tree_view<T> v;
    v.boxes = s.boxes.data, v.dipoles = s.dipoles.data, v.discs = has_discs() ? s.discs.data : nullptr;
    v.dipole_errors = s.dipole_errors.empty() ? nullptr : s.dipole_errors.data;
    v.triangles = s.triangles.data, v.frames = s.frames.data;
    v.lane_of_face = lane_of_face_.data();
    v.mesh_boxes = s.mesh_boxes.data, v.scene_bounds = s.scene_bounds.data;
    v.first_child = first_child_.data(), v.root = root_.data(), v.first_face = first_face_device_.data();
    v.faces = faces_.data(), v.twin = twin_.data();
    v.corner_first = corner_first_.data(), v.corners = corners_.data();
    v.vertices = vertices;
    v.leaf_parents = static_cast<stored_index>(level_first_[1]);
    v.meshes = static_cast<stored_index>(meshes());
    v.closed = closed_;
    return v;
  }

  /// Orders the faces anew by the positions of the vertices (V x 3, host memory), for tighter boxes. Refit
  /// afterwards. Call it between iterations only, because it allocates scratch. It changes no plan and no
  /// result. Throws `diffam::error` if the shape is wrong.
  template <class U>
  void rebuild(view<U> vertices) {
    require_extent("face_tree", "vertices", {vertices_, 3}, vertices.extent());
    using number = std::remove_const_t<U>;
    buffer<number> coordinates(face_count(), 3);
    buffer<stored_index> order(face_count());
    const detail::face_centroid_kernel<number> centroid{host_faces(), vertices, coordinates.get(),
                                                        order.get()};
    for (index_t f = 0; f < face_count(); ++f) centroid(f);
    order_on_host(view<const number>(coordinates.get()));
  }

  tree_rebuild_memory<T> plan_rebuild(arena& a) const {
    tree_rebuild_memory<T> m;
    m.coordinates = a.take<T>(face_count(), 3);
    m.sort = exec::plan_sort<Exec>(a, face_count());
    return m;
  }

  /// The same for vertices in the memory of the policy. It allocates nothing and does not wait.
  void rebuild(const Exec& e, view<const T> vertices, const tree_rebuild_memory<T>& m) {
    require_extent("face_tree", "vertices", {vertices_, 3}, vertices.extent());
    e.for_each_index(face_count(), detail::face_centroid_kernel<T>{faces_.get(), vertices, m.coordinates,
                                                                   m.sort.sorted_values});
    detail::order_faces<T>(e, rounds_, run_first_.get(), m.coordinates, m.sort);
    e.for_each_index(lanes_.size(),
                     detail::place_face_kernel{rank_.get(), m.sort.sorted_values, faces_.get(), lanes_.get(),
                                               leaf_corners_.get(), lane_of_face_.get()});
  }

 private:
  bool has_dipole_errors() const { return params_.dipoles && (!closed_ || params_.dipole_errors); }
  bool has_discs() const {
    bool any = false;
    if constexpr (std::is_same_v<memory, host_memory>)
      for (index_t m = 0; m < meshes(); ++m) any = any || face_count(m) >= params_.discs_from;
    return any;
  }
  index_t first_face(index_t m) const { return first_face_[static_cast<std::size_t>(m)]; }
  index_t face_count(index_t m) const { return first_face(m + 1) - first_face(m); }
  static stored_index stored(index_t i) { return static_cast<stored_index>(i); }

  /// Numbers the nodes by height, links them, and finds the leaves of each mesh.
  void lay_out() {
    std::size_t height = 0;
    for (index_t m = 0; m < meshes(); ++m) {
      levels_.push_back(detail::tree_levels(face_count(m)));
      height = std::max(height, levels_.back().size() - 1);
    }
    // offset[h][m]: index of the first member of mesh m at height h (0: a leaf, else a node).
    std::vector<std::vector<index_t>> offset(height + 1);
    index_t next = 0;
    for (std::size_t h = 0; h <= height; ++h) {
      if (h == 1) next = 0;
      if (h > 0) level_first_.push_back(next);
      for (const auto& counts : levels_) {
        offset[h].push_back(next);
        if (h < counts.size()) next += counts[h];
      }
      if (h == 0) leaves_ = next;
    }
    level_first_.push_back(next);
    std::vector<stored_index> first_child(static_cast<std::size_t>(next)), child_count(first_child),
        place_node(first_child), place_leaf(static_cast<std::size_t>(leaves_)), root;
    for (std::size_t m = 0; m < levels_.size(); ++m) {
      const auto& counts = levels_[m];
      for (std::size_t h = 1; h < counts.size(); ++h)
        for (index_t i = 0; i < counts[h]; ++i) {
          const index_t begin = detail::part_begin(counts[h - 1], counts[h], i);
          const index_t end = detail::part_begin(counts[h - 1], counts[h], i + 1);
          const index_t node = offset[h][m] + i;
          first_child[static_cast<std::size_t>(node)] = stored(offset[h - 1][m] + begin);
          child_count[static_cast<std::size_t>(node)] = stored(end - begin);
          for (index_t c = begin; c < end; ++c)
            (h == 1 ? place_leaf : place_node)[static_cast<std::size_t>(offset[h - 1][m] + c)] =
                stored(node * lane_count + c - begin);
        }
      root.push_back(stored(offset[counts.size() - 1][m]));
      place_node[static_cast<std::size_t>(root.back())] = ~stored(static_cast<index_t>(m));
    }
    first_child_ = upload_vector<memory>(first_child);
    child_count_ = upload_vector<memory>(child_count);
    place_node_ = upload_vector<memory>(place_node);
    place_leaf_ = upload_vector<memory>(place_leaf);
    root_ = upload_vector<memory>(root);
    std::vector<stored_index> rank(static_cast<std::size_t>(leaves_ * lane_count));
    for (index_t m = 0; m < meshes(); ++m)
      for (index_t leaf = 0, leaves = levels_[static_cast<std::size_t>(m)][0]; leaf < leaves; ++leaf) {
        const index_t begin = first_face(m) + detail::part_begin(face_count(m), leaves, leaf);
        const index_t end = first_face(m) + detail::part_begin(face_count(m), leaves, leaf + 1);
        const index_t first = (offset[0][static_cast<std::size_t>(m)] + leaf) * lane_count;
        for (int l = 0; l < lane_count; ++l)
          rank[static_cast<std::size_t>(first + l)] = begin + l < end ? stored(begin + l) : ~stored(begin);
      }
    rank_ = upload_vector<memory>(rank);
    const detail::split_rounds halvings = detail::halving_rounds(levels_, first_face_);
    rounds_ = halvings.round;
    run_first_ = upload_vector<memory>(halvings.first);
    lanes_ = buffer<stored_index, memory>(leaves_ * lane_count);
    lane_of_face_ = buffer<stored_index, memory>(face_count());
    leaf_corners_ = buffer<stored_index, memory>(leaves_ * 3 * lane_count);
  }

  view<const face> host_faces() const { return {host_faces_.data(), face_count(), 1}; }

  /// Orders the faces by coordinates (F x any) with the kernels of a rebuild, on the host and without a
  /// policy.
  template <class U>
  void order_on_host(view<const U> coordinates) {
    const exec::serial e;
    arena measuring;
    (void)exec::plan_sort<exec::serial>(measuring, face_count());
    buffer<std::byte> block(measuring.used());
    arena taken(block.data(), block.size());
    const exec::pair_sort s = exec::plan_sort<exec::serial>(taken, face_count());
    for (index_t f = 0; f < face_count(); ++f) s.sorted_values[f] = stored(f);
    buffer<stored_index> first(run_first_.size()), rank(rank_.size()), lanes(lanes_.size()),
        corners(leaf_corners_.size()), lane_of_face(face_count());
    if (first.size() > 0) run_first_.download(first.data());
    rank_.download(rank.data());
    detail::order_faces<U>(e, rounds_, first.get(), coordinates, s);
    e.for_each_index(lanes.size(), detail::place_face_kernel{rank.get(), s.sorted_values, host_faces(),
                                                             lanes.get(), corners.get(), lane_of_face.get()});
    lanes_.upload(lanes.data());
    lane_of_face_.upload(lane_of_face.data());
    leaf_corners_.upload(corners.data());
  }

  params params_;
  std::vector<face> host_faces_;
  std::vector<index_t> first_face_;  // M + 1: first face of each mesh
  index_t vertices_ = 0;
  index_t leaves_ = 0;
  bool closed_ = false;
  std::vector<std::vector<index_t>> levels_;  // by mesh: number of leaves, of the nodes above them, ..., 1
  std::vector<index_t> rounds_;               // rounds of a rebuild, see split_rounds
  std::vector<index_t> level_first_;          // by height from 1: its first node; then the number of nodes
  buffer<face, memory> faces_;
  buffer<stored_index, memory> twin_, corner_first_, corners_, first_face_device_;
  buffer<stored_index, memory> first_child_, child_count_, place_node_, place_leaf_, root_, rank_, run_first_,
      lanes_, lane_of_face_, leaf_corners_;
};

}  // namespace diffam
