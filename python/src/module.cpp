// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The extension module `diffam._native`: parts of the library as functions of arrays. The modules in Python
// beside it check the arguments and document them. An error of the library becomes the exception of its exit
// code.
#include "arrays.hpp"
#include "diffam/core/error.hpp"
#include "diffam/version.hpp"
#include "exit_codes.hpp"

NB_MODULE(_native, m) {
  namespace nb = nanobind;
  m.attr("version") = DIFFAM_VERSION;
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const diffam::error& e) {
      const nb::object type =
          nb::module_::import_("diffam.errors").attr("of_code")(int{diffam::program::exit_code_of(e.kind())});
      PyErr_SetObject(type.ptr(), nb::str(e.what()).ptr());
    }
  });
  diffam::python::bind_queries(m);
  diffam::python::bind_meshes(m);
  diffam::python::bind_labels(m);
  diffam::python::bind_files(m);
}
