// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The commands. Each returns the exit code, or throws `error`.
#pragma once

namespace diffam::program {

struct cohort_arguments;
struct find_arguments;
struct fit_arguments;
struct eval_arguments;
struct info_arguments;
struct measure_arguments;
struct phantom_arguments;
struct synth_arguments;
struct template_arguments;

int run_cohort(const cohort_arguments& a);
int run_find(const find_arguments& a);
int run_fit(fit_arguments a);
int run_eval(const eval_arguments& a);
int run_measure(const measure_arguments& a);
int run_phantom(const phantom_arguments& a);
int run_synth(const synth_arguments& a);
int run_info(const info_arguments& a);
int run_template(const template_arguments& a);

}  // namespace diffam::program
