// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// core, exec, component: vectors, random numbers, the clock, chains and sums in device code.
#include "diffam/component/pipeline.hpp"
#include "diffam/component/sum.hpp"
#include "diffam/core/clock.hpp"
#include "diffam/core/random.hpp"
#include "diffam/exec/cuda.cuh"
#include "diffam/optim/schedule.hpp"
#include "support/add_scaled.hpp"

namespace diffam {

/// Calls every function of core/vec.hpp and core/random.hpp.
template <class T>
struct core_kernel {
  view<const T> x;
  view<T> y;
  const clock_state* clock;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const auto w = random_words(1, random_stream::test, clock->iteration, static_cast<std::uint64_t>(i));
    const vec<T, 2> normal = box_muller(unit_interval<T>(w[0]), unit_interval<T>(w[1]));
    const vec3<T> a = load3(x, i), b = cross(a, -a) + normalized(a) * normal[0];
    mat3<T> m = mat3<T>::identity();
    m(0, 1) = optim::cosine<T>{}(clock->progress<T>()) + optim::linear<T>{}(normal[1]);
    m = inverse(transpose(m) * m);
    store3(y, i, m * b - b * m);
    add3(y, i, normalized_pullback(a, b) * (norm(a) + determinant(m) + dot(a, b)));
  }
};

/// y = 2 x.
template <real T, exec::policy Exec>
struct twice {
  using scalar = T;
  using exec = Exec;
  struct workspace {};
  extent output_extent(extent in) const { return in; }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    e.fill(y, T(0));
    e.for_each_index(x.size(), test::add_scaled_kernel<T>{T(2), x, y});
  }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T> d_x, workspace&) const {
    if (!d_x.empty()) e.for_each_index(d_x.size(), test::add_scaled_kernel<T>{T(2), d_y, d_x});
  }
};

template void exec::cuda::for_each_index(index_t, const core_kernel<float>&, index_t) const;
template void exec::cuda::for_each_index(index_t, const core_kernel<double>&, index_t) const;
template class buffer<float, exec::cuda_memory>;
template class iteration_clock<exec::cuda>;
template class chain<twice<float, exec::cuda>, twice<float, exec::cuda>>;
template class sum_of<twice<float, exec::cuda>, twice<float, exec::cuda>>;
template struct planned<twice<double, exec::cuda>>;

}  // namespace diffam
