// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The files of the cohort's page, which the build puts into the program (cmake/diffam_embedded_text.cmake).
#pragma once

#include <string_view>

namespace diffam::program {

extern const std::string_view
    cohort_html;  // the report's head.html and assets/page.html, with places for all that follows
extern const std::string_view cohort_style;  // assets/page.css, after the style of the report
extern const std::string_view
    cohort_scripts;  // assets/*.js, after the report's functions for data and elements

}  // namespace diffam::program
