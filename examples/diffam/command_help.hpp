// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Texts below the lists of options.
#pragma once

namespace diffam::program {

inline constexpr const char* program_footer = R"(
Example:
  diffam phantom -o demo
  diffam find -i demo/phantom_ct.nii.gz -o demo/found
  diffam fit -i demo/phantom_ct.nii.gz -c demo/phantom_ctd.json -o demo/out
  diffam eval -p demo/out/phantom_seg-vert_msk.nii.gz -g demo/phantom_truth.nii.gz

Method: Kim and Park, SPIE Medical Imaging 2024, doi 10.1117/12.3006602.)";

inline constexpr const char* fit_footer = R"(
Exit codes: 0 done, 2 usage, 65 bad input, 66 input missing, 69 no such device,
70 internal, 73 cannot create output, 74 write error, 75 stopped by a signal; a fit that
had begun has written a checkpoint (continue with --resume).

Example:
  diffam fit -i sub-014_ct.nii.gz -c sub-014_ctd.json -o out
  diffam fit -i sub-014_ct.nii.gz -o out                      # finds the centres itself
  diffam fit -i sub-014_ct.nii.gz -c some.json --extend -o out  # finds those that some.json does not name
  diffam eval -p out/sub-014_seg-vert_msk.nii.gz -g truth.nii.gz)";

inline constexpr const char* template_footer = R"(
Example:
  diffam template --from-masks A_seg-vert_msk.nii.gz B_seg-vert_msk.nii.gz --labels L1-L4 -o lumbar.ply
  diffam template --from-masks *_seg-vert_msk.nii.gz --labels T10-L5 --per-label -o family
  diffam template --level L3 -o L3.ply
  diffam template --all -o builtin
  diffam template --check L3.ply

Masks must have VerSe numbers. The origin of a template is the centre of its body (from --centres; without them,
the middle of the thickest part of each mask). x points to the right, y to the front, z to the head. Templates
are scaled for centres 34.3 mm apart.

Exit codes: 0 done, and --check found no defect; 2 usage; 65 bad data, or --check found a mesh that is not
closed, is not oriented outward, has several parts or intersects itself; 66 input missing; 73 and 74 output
cannot be created or written.)";

inline constexpr const char* find_footer = R"(
Finds the vertebrae from the image and built-in anatomy alone. The names follow from ribs, sacrum and axis that
are in view. Where these do not suffice, the names are "not sure". A --pin names one vertebra and so its
neighbours; they stay "not sure" where ribs or sacrum contradict it, or a T13 or L6 is nearly as likely.

Exit codes: 0 done, 2 usage, 65 bad input or no spine in the image, 66 input missing,
73 and 74 output cannot be created or written, 75 stopped by a signal (nothing is written).

Example:
  diffam find -i sub-014_ct.nii.gz -o out
  diffam find -i sub-014_ct.nii.gz -o out --pin L1=18,-195,-77
  diffam find -i sub-014_ct.nii.gz -o out --pin L1 -c click.mrk.json      # a file of one point)";

}  // namespace diffam::program
