// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The files of the report's page, which the build puts into the program (cmake/diffam_embedded_text.cmake).
#pragma once

#include <string_view>

namespace diffam::program {

extern const std::string_view
    report_html;  // assets/head.html and page.html, with places for all that follows
extern const std::string_view report_style;    // assets/page.css
extern const std::string_view report_scripts;  // assets/*.js
extern const std::string_view three_script;    // three.js; empty: it was not there when diffam was built
extern const std::string_view three_licence;   // its licence

}  // namespace diffam::program
