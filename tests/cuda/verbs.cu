// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Every verb on a device against serial, graphs, and errors for missing devices and memory.
#include "diffam/core/clock.hpp"
#include "diffam/exec/graph.cuh"
#include "diffam/exec/serial.hpp"
#include "support/device_suite.cuh"
#include "support/sorting.hpp"
#include "support/thrown.hpp"

using namespace diffam;
using diffam::test::kind_of;

namespace {

using device_buffer = buffer<double, exec::cuda_memory>;

buffer<double> random_matrix(index_t rows, index_t cols, std::uint64_t number) {
  const auto x = check::detail::random_vector(rows * cols, 5, number);
  return make_buffer(view<const double>(x.data(), rows, cols));
}

device_buffer uploaded(const buffer<double>& host) {
  return make_buffer<exec::cuda_memory>(host.get());
}

template <class Buffer>
std::vector<double> numbers(const Buffer& b) {
  std::vector<double> x(static_cast<std::size_t>(b.size()));
  if (!x.empty()) b.download(x.data());
  return x;
}

struct square_term {
  view<const double> x;
  DIFFAM_HOST_DEVICE double operator()(index_t i) const { return x[i] * x[i] - 0.3; }
};

/// x[i] += iteration of the clock.
struct add_time_kernel {
  const clock_state* clock;
  view<double> x;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] += static_cast<double>(clock->iteration); }
};

const index_t sizes[] = {0, 1, 31, 127, 128, 129, 1023, 1024, 1025, 40000};

}  // namespace

TEST_CASE("fill, copy and reduce on a device agree with serial", "[cuda][exec]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  for (const index_t n : sizes) {
    const auto x = random_matrix(n, 1, 1);
    const auto on_device = uploaded(x);
    device_buffer copy(n), out(1), scratch(exec::cuda::reduce_scratch(n));
    e.copy(on_device.get(), copy.get());
    REQUIRE(numbers(copy) == numbers(x));
    e.fill(out.get(), 42);
    e.reduce(n, square_term{on_device.get()}, out.data(), scratch.get());
    double expected = 0;
    buffer<double> host_scratch(exec::serial::reduce_scratch(n));
    exec::serial{}.reduce(n, square_term{x.get()}, &expected, host_scratch.get());
    REQUIRE(test::relative_difference(numbers(out), {expected}) <= test::tolerance<double>::device);
    e.fill(copy.get(), 3);
    REQUIRE(numbers(copy) == std::vector<double>(static_cast<std::size_t>(n), 3));
  }
}

TEST_CASE("scatter_add on a device adds in order and writes the bits of serial", "[cuda][exec]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  for (const index_t n : sizes)
    for (const index_t rows : {index_t{1}, index_t{37}, index_t{5000}}) {
      const auto x = random_matrix(n, 3, 2);
      auto expected = random_matrix(rows, 3, 3);
      auto out = uploaded(expected);
      buffer<stored_index> keys(n);
      const auto chosen = check::detail::random_vector(n, 7, 4);
      for (index_t i = 0; i < n; ++i)  // some are negative
        keys.data()[i] = static_cast<stored_index>((chosen[static_cast<std::size_t>(i)] + 1) / 2 *
                                                   static_cast<double>(rows + 1)) -
                         1;
      exec::serial{}.scatter_add(std::as_const(keys).get(), x.get(), expected.get(), {});
      const auto device_keys = make_buffer<exec::cuda_memory>(std::as_const(keys).get());
      const auto device_x = uploaded(x);
      buffer<std::byte, exec::cuda_memory> scratch(exec::cuda::scatter_scratch(n, rows));
      e.scatter_add(device_keys.get(), device_x.get(), out.get(), scratch.get());
      REQUIRE(numbers(out) == numbers(expected));
    }
}

TEST_CASE("sort_pairs on a device is stable, also in a replayed graph", "[cuda][exec]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  for (const index_t n : {index_t{0}, index_t{1}, index_t{257}, index_t{10000}, index_t{120000}})
    for (const int bits : {1, 14, 24, 32}) {
      const test::numbered_pairs pairs(n, bits);
      test::sort_memory<exec::serial> host(n);
      host.fill(pairs);
      exec::serial{}.sort_pairs(host.sort, bits);
      test::sort_memory<exec::cuda> device(n);
      device.fill(pairs);
      e.sort_pairs(device.sort, bits);
      REQUIRE(device.sorted() == host.sorted());
      if (n == 0) continue;
      const exec::graph again(e, [&] { e.sort_pairs(device.sort, bits); });
      again.launch();
      REQUIRE(device.sorted() == host.sorted());
    }
}

TEST_CASE("matrix products on a device agree with serial", "[cuda][exec]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const extent shapes[] = {{1, 1}, {3, 5}, {130, 17}, {70, 150}, {0, 3}, {33, 1}};
  for (const extent s : shapes)
    for (const index_t cols : {index_t{1}, index_t{3}, index_t{20}}) {
      const auto a = random_matrix(s.rows, s.cols, 4), b = random_matrix(s.cols, cols, 5);
      const auto g = random_matrix(s.rows, cols, 6);
      auto c = random_matrix(s.rows, cols, 7), d = random_matrix(s.cols, cols, 8);
      auto device_c = uploaded(c), device_d = uploaded(d);
      const auto device_a = uploaded(a), device_b = uploaded(b), device_g = uploaded(g);
      exec::serial{}.gemm(a.get(), b.get(), c.get());
      exec::serial{}.gemm_transposed(a.get(), g.get(), d.get());
      e.gemm(device_a.get(), device_b.get(), device_c.get());
      e.gemm_transposed(device_a.get(), device_g.get(), device_d.get());
      REQUIRE(test::relative_difference(numbers(device_c), numbers(c)) <= test::tolerance<double>::device);
      REQUIRE(test::relative_difference(numbers(device_d), numbers(d)) <= test::tolerance<double>::device);
    }
}

TEST_CASE("each replay of a graph runs the next iteration", "[cuda][graph]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  iteration_clock<exec::cuda> clock(10);
  device_buffer x(3);
  const exec::graph iteration(e, [&] {
    e.for_each_index(x.size(), add_time_kernel{clock.state(), x.get()});
    clock.advance(e);
  });
  REQUIRE(numbers(x) == std::vector<double>(3, 0));  // recorded, not run
  for (int k = 0; k < 4; ++k) iteration.launch();
  REQUIRE(numbers(x) == std::vector<double>(3, 0 + 1 + 2 + 3));
  REQUIRE(clock.get().iteration == 4);
}

TEST_CASE("a graph refuses work that it cannot record, and the stream stays usable", "[cuda][graph]") {
  REQUIRE_THROWS_AS(exec::graph(exec::cuda{}, [] {}), error);
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  REQUIRE_THROWS_AS(exec::graph(e, [&] { e.wait(); }), error);
  device_buffer x(3);
  e.fill(x.get(), 2);
  REQUIRE(numbers(x) == std::vector<double>(3, 2));
}

TEST_CASE("a missing device and too little memory are errors of one line", "[cuda]") {
  REQUIRE(kind_of([] { exec::use_cuda_device(exec::cuda_device_count()); }) == error_kind::no_device);
  REQUIRE(kind_of([] { exec::use_cuda_device(-1); }) == error_kind::no_device);
  REQUIRE(kind_of([] { device_buffer(index_t{1} << 44); }) == error_kind::no_device);
  exec::use_cuda_device(0);
}
