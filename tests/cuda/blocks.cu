// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Block kernels on a device: the same bits as the emulation, shared memory beyond 48 KiB, refused launches.
#include "diffam/exec/graph.cuh"
#include "support/catch.hpp"
#include "support/device_suite.cuh"
#include "support/emulated.hpp"

using namespace diffam;

namespace {

/// Block b reverses its part of x. Needs a barrier between the two phases.
template <int Threads>
struct turn_kernel {
  static constexpr int threads = Threads;
  view<const double> x;
  view<double> y;
  index_t spare = 0;  // shared bytes requested but not used

  DIFFAM_HOST_DEVICE index_t shared_bytes() const {
    return Threads * static_cast<index_t>(sizeof(double)) + spare;
  }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    double* shared = reinterpret_cast<double*>(block.memory());
    const index_t first = block.index() * Threads;
    const view<const double> from = x;
    const view<double> to = y;
    block.phase([&](int t) { shared[t] = first + t < from.size() ? from[first + t] : 0; });
    block.phase([&](int t) {
      if (first + t < to.size()) to[first + t] = shared[Threads - 1 - t];
    });
  }
};

template <int Threads>
void require_turned(index_t n, index_t spare) {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto numbers = check::detail::random_vector(n, 5, 1);
  const view<const double> x(numbers.data(), n, 1);
  const auto on_device = make_buffer<exec::cuda_memory>(x);
  buffer<double, exec::cuda_memory> y(n);
  buffer<double> expected(n), found(n);
  const index_t blocks = (n + Threads - 1) / Threads;
  test::emulated{}.for_each_block(blocks, turn_kernel<Threads>{x, expected.get(), spare});
  e.for_each_block(blocks, turn_kernel<Threads>{on_device.get(), y.get(), spare});
  e.wait();
  y.download(found.data());
  for (index_t i = 0; i < n; ++i) REQUIRE(found.data()[i] == expected.data()[i]);
}

}  // namespace

TEST_CASE("block kernels on a device write the bits of the emulation", "[cuda][exec]") {
  for (const index_t n : {index_t{1}, index_t{63}, index_t{64}, index_t{1000}, index_t{100000}}) {
    require_turned<64>(n, 0);
    require_turned<256>(n, 0);
  }
  if (exec::cuda::block_bytes() > 64 * 1024) require_turned<128>(5000, 60 * 1024);
}

TEST_CASE("a refused launch throws at once, and the next launch works", "[cuda][exec]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  buffer<double, exec::cuda_memory> x(64), y(64);
  e.fill(x.get(), 1.0);
  const turn_kernel<64> too_much{x.get(), y.get(), 16 * 1024 * 1024};
  REQUIRE_THROWS_AS(e.for_each_block(1, too_much), error);
  REQUIRE_THROWS_AS(exec::graph(e, [&] { e.for_each_block(1, too_much); }), error);
  e.for_each_block(1, turn_kernel<64>{x.get(), y.get()});
  e.wait();
}
