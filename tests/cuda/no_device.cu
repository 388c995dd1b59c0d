// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Errors when there is no device or none that fits. Only these tests of the folder run without a device.
#include "diffam/exec/cuda.cuh"
#include "support/thrown.hpp"

using namespace diffam;
using diffam::test::kind_of;

TEST_CASE("the reason for a missing device is one line", "[no_device]") {
  using exec::detail::why_no_device;
  REQUIRE(why_no_device(cudaErrorInsufficientDriver, 0, 13000) == "no NVIDIA driver here");
  REQUIRE(why_no_device(cudaErrorInsufficientDriver, 12020, 13000) ==
          "the NVIDIA driver is too old: it is made for CUDA 12.2, this program for CUDA 13.0");
  REQUIRE(why_no_device(cudaErrorNoDevice, 13000, 13000) == cudaGetErrorString(cudaErrorNoDevice));
}

TEST_CASE("errors of the device have the kind no_device, errors of our kernels do not", "[no_device]") {
  const auto check = [](cudaError_t status) { exec::detail::check_device(status, 0); };
  for (const cudaError_t status :
       {cudaErrorNoDevice, cudaErrorInvalidDevice, cudaErrorInsufficientDriver, cudaErrorMemoryAllocation,
        cudaErrorNoKernelImageForDevice, cudaErrorUnsupportedPtxVersion, cudaErrorDevicesUnavailable})
    REQUIRE(kind_of([&] { check(status); }) == error_kind::no_device);
  REQUIRE(kind_of([&] { check(cudaErrorIllegalAddress); }) == error_kind::internal);
  REQUIRE_NOTHROW(check(cudaSuccess));
  REQUIRE_THROWS_WITH(check(cudaErrorNoKernelImageForDevice),
                      ContainsSubstring("cuda: device 0") && ContainsSubstring("was not compiled for it"));
}

TEST_CASE("without a device, a request for it, its memory or a stream throws no_device", "[no_device]") {
  if (exec::cuda_device_count() > 0) return;
  REQUIRE(kind_of([] { exec::use_cuda_device(0); }) == error_kind::no_device);
  REQUIRE(kind_of([] { buffer<float, exec::cuda_memory>(16); }) == error_kind::no_device);
  REQUIRE(kind_of([] { exec::cuda_stream(); }) == error_kind::no_device);
  REQUIRE(exec::cuda::block_bytes() == 48 * 1024);
}
