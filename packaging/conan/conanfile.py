# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Conan 2 recipe: the headers of this tree, without diffam::io."""
import os

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class DiffamConan(ConanFile):
    name = "diffam"
    version = "0.2.0"
    license = "MIT"
    description = "Differentiable signed distances, spectral shapes, renderers and losses for fitting deformable meshes"
    topics = ("geometry", "optimization", "medical-imaging", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    generators = ("CMakeDeps",)

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("eigen/3.4.0", transitive_headers=True)
        self.requires("spectra/1.0.1", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def generate(self):
        toolchain = CMakeToolchain(self)
        for option in ("DIFFAM_BUILD_PROGRAMS", "DIFFAM_BUILD_TESTS", "DIFFAM_BUILD_CUDA"):
            toolchain.cache_variables[option] = False
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_ZLIB"] = True
        toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_nlohmann_json"] = True
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "diffam")
        self.cpp_info.set_property("cmake_target_name", "diffam::diffam")
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs.append("pthread")
