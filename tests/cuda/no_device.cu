// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Errors when there is no device or none that fits. Only these tests of the folder run without a device.
#include "diffam/exec/cuda.cuh"
#include "support/catch.hpp"

using namespace diffam;

TEST_CASE("the reason for a missing device is one line", "[no_device]") {
  using exec::detail::why_no_device;
  REQUIRE(why_no_device(cudaErrorInsufficientDriver, 0, 13000) == "no NVIDIA driver here");
  REQUIRE(why_no_device(cudaErrorInsufficientDriver, 12020, 13000) ==
          "the NVIDIA driver is too old: it is made for CUDA 12.2, this program for CUDA 13.0");
  REQUIRE(why_no_device(cudaErrorNoDevice, 13000, 13000) == cudaGetErrorString(cudaErrorNoDevice));
}

TEST_CASE("errors of the device have the kind no_device, errors of our kernels do not", "[no_device]") {
  const auto kind_of = [](cudaError_t status) {
    try {
      exec::detail::check_device(status, 0);
    } catch (const error& e) {
      REQUIRE(std::string(e.what()).find("cuda: ") == 0);
      REQUIRE(std::string(e.what()).find('\n') == std::string::npos);
      return e.kind();
    }
    return error_kind::usage;  // nothing was thrown
  };
  for (const cudaError_t status :
       {cudaErrorNoDevice, cudaErrorInvalidDevice, cudaErrorInsufficientDriver, cudaErrorMemoryAllocation,
        cudaErrorNoKernelImageForDevice, cudaErrorUnsupportedPtxVersion, cudaErrorDevicesUnavailable})
    REQUIRE(kind_of(status) == error_kind::no_device);
  REQUIRE(kind_of(cudaErrorIllegalAddress) == error_kind::internal);
  REQUIRE(kind_of(cudaSuccess) == error_kind::usage);
  REQUIRE_THROWS_WITH(exec::detail::check_device(cudaErrorNoKernelImageForDevice, 0),
                      ContainsSubstring("was not compiled for it"));
}

TEST_CASE("without a device, a request for it, its memory or a stream throws no_device", "[no_device]") {
  if (exec::cuda_device_count() > 0) return;
  const auto kind_of = [](auto&& f) {
    try {
      f();
    } catch (const error& e) {
      INFO(e.what());
      REQUIRE(std::string(e.what()).find('\n') == std::string::npos);
      return e.kind();
    }
    return error_kind::usage;
  };
  REQUIRE(kind_of([] { exec::use_cuda_device(0); }) == error_kind::no_device);
  REQUIRE(kind_of([] { buffer<float, exec::cuda_memory>(16); }) == error_kind::no_device);
  REQUIRE(kind_of([] { exec::cuda_stream(); }) == error_kind::no_device);
  REQUIRE(exec::cuda::block_bytes() == 48 * 1024);
}
