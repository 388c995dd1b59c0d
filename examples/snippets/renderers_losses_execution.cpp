// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/components/renderers.md, losses.md and execution.md.
#include <cmath>
#include <vector>

#include "diffam/check/gradient.hpp"
#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/wall.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/render/table.hpp"
#include "snippets.hpp"

namespace d = diffam;
using exec = d::exec::threads;

void renderers() {
  const exec e;
  const d::index_t n = 200;
  d::buffer<float> distances(n), intensities(n);
  for (d::index_t i = 0; i < n; ++i) {
    distances.get()[i] = 0.01f * float(i) - 1;
    intensities.get()[i] = distances.get()[i] < 0 ? 0.8f : 0.2f;
  }

  // [table]
  d::table<float, exec> appearance({.range = {.nodes = 64, .first = -1, .last = 1}});  // 64 unknowns
  d::planned memory(appearance, {n, 1});
  appearance.forward(e, distances.get(), memory.output, memory.workspace);  // N x 1: all 0.5 at the start
  // [/table]
  expect(memory.output[0] == 0.5f, "a table starts at its start value");

  // [mlp]
  d::mlp<float, exec> network({.frequencies = 16, .width = 32, .output = d::output_kind::sigmoid});
  d::planned scratch(network, {n, 1});
  network.forward(e, distances.get(), scratch.output, scratch.workspace);  // N x 1, between 0 and 1
  for (d::index_t i = 0; i < n; ++i)
    scratch.d_output[i] = 2 * (scratch.output[i] - intensities.get()[i]) / float(n);  // of the mean square
  const auto theta = network.parameters();                                            // value and gradient
  e.fill(theta.gradient, 0.0f);
  network.backward(e, distances.get(), scratch.d_output, {}, scratch.workspace);  // {}: d_distance not wanted
  // [/mlp]
  double size = 0;
  for (const float g : theta.gradient) size += double(g) * double(g);
  expect(size > 0, "the network has a gradient");
}

namespace {

template <class Component>
double value_of(const Component& c, const exec& e, d::view<const float> x) {
  d::planned memory(c, x.extent());
  c.forward(e, x, memory.output, memory.workspace);
  return double(memory.output[0]);
}

}  // namespace

void losses() {
  const auto mesh = d::make_icosphere<double>(2, 1.0);
  const auto vertices = d::vertex_buffer<float>(mesh);
  const exec e;

  // [sum]
  const std::vector<d::wall> floor{{{{0, 0, -0.9}, {0, 0, -1}}, {0, 1, 2, 3, 4, 5}}};  // plane; rows it holds
  const auto loss =
      d::sum(d::weighted(1.0f, d::edge_loss<float, exec>(mesh.faces, mesh.vertex_count())),
             d::weighted(0.5f, d::wall_loss<float, exec>(mesh.vertex_count(), floor)));  // V x 3 -> 1 x 1
  // [/sum]
  const double whole = value_of(loss, e, vertices.get());
  const double parts =
      value_of(loss.part<0>(), e, vertices.get()) + 0.5 * value_of(loss.part<1>(), e, vertices.get());
  expect(std::abs(whole - parts) < 1e-6, "a sum is the sum of its parts");

  d::buffer<float> seen(3), rendered(3), weights(3);
  for (int i = 0; i < 3; ++i) rendered.get()[i] = 0.5f, seen.get()[i] = 0.1f * float(i), weights.get()[i] = 1;
  weights.get()[2] = 0;
  // [image_loss]
  using target = d::fixed_target<float>;  // N x 1 intensities, and N x 1 weights where wanted
  const d::image_loss<float, exec, target, d::huber<>> robust({seen.get(), weights.get()});
  const d::image_loss<float, exec> plain({seen.get()});  // mean |rendered - seen|
  // [/image_loss]
  expect(std::abs(value_of(plain, e, rendered.get()) - 0.4) < 1e-6, "the mean of three residuals is right");
  expect(std::abs(value_of(robust, e, rendered.get()) - (0.45 - 0.025)) < 1e-6,
         "a weight of 0 leaves a row out");
}

// [any_policy]
/// Written once for every policy. Returns the gradient of the edge loss, in ordinary memory.
template <d::exec::policy Exec>
std::vector<float> edge_gradient(const Exec& e, const d::triangle_mesh<double>& mesh) {
  using memory_space = typename Exec::memory;  // where the policy's data lives
  const d::edge_loss<float, Exec> loss(mesh.faces, mesh.vertex_count());
  const auto vertices = d::vertex_buffer<float, memory_space>(mesh);
  d::planned memory(loss, vertices.get().extent());
  d::buffer<float, memory_space> d_vertices(mesh.vertex_count(), 3);
  loss.forward(e, vertices.get(), memory.output, memory.workspace);
  e.fill(memory.d_output, 1.0f);
  loss.backward(e, vertices.get(), memory.d_output, d_vertices.get(), memory.workspace);
  std::vector<float> out(std::size_t(d_vertices.size()));
  d_vertices.download(out.data());
  return out;
}
// [/any_policy]

// [kernel]
/// out[i] = a x[i]. A kernel is a named functor: a lambda would not compile for a GPU.
struct scale_kernel {
  float a;
  d::view<const float> x;
  d::view<float> out;
  DIFFAM_HOST_DEVICE void operator()(d::index_t i) const { out[i] = a * x[i]; }
};
// [/kernel]

// [kernel_term]
/// A term of a sum.
struct square_term {
  d::view<const float> x;
  DIFFAM_HOST_DEVICE float operator()(d::index_t i) const { return x[i] * x[i]; }
};
// [/kernel_term]

void execution() {
  const auto mesh = d::make_icosphere<double>(3, 1.0);
  // [same_bits]
  const auto one = edge_gradient(d::exec::serial{}, mesh);   // a plain loop
  const auto all = edge_gradient(d::exec::threads{}, mesh);  // as many threads as the machine has
  const auto three = edge_gradient(d::exec::threads(3), mesh);
  // [/same_bits]
  expect(one == all && one == three, "all policies give the same bits");

  const d::exec::threads e;
  const d::index_t n = 1000;
  d::buffer<float> x(n), y(n);
  e.fill(x.get(), 3.0f);
  // [verbs]
  e.for_each_index(n, scale_kernel{2.0f, x.get(), y.get()});
  d::buffer<float> sum(1), scratch(e.reduce_scratch(n));
  e.reduce(n, square_term{y.get()}, sum.data(), scratch.get());  // a fixed order of additions
  // [/verbs]
  expect(sum.get()[0] == 36000, "kernels and sums run");
}
