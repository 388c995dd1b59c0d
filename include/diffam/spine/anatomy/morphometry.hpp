// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Published measures of vertebrae, with their spread. Values are means of adults of both sexes unless stated
// otherwise.
#pragma once

#include "diffam/spine/labels.hpp"

namespace diffam::spine::anatomy {

/// A published mean and its standard deviation over people.
struct published {
  double mean, spread;
};

/// Angle between the end plates of T9 to L5, in degrees, for women and men; positive where the front is
/// lower. Masharawi et al., Eur. Spine J. 19:768 (2010), table 1 (120 women, 120 men). The spreads of this
/// study are far below the 3 degrees or so of CT studies.
struct wedge_of_sexes {
  int label;
  double women, men;
};
inline constexpr wedge_of_sexes published_wedge[] = {{16, 2.8, 4.8},  {17, 2.6, 3.8},   {18, 4.6, 5.4},
                                                     {19, 3.5, 4.9},  {20, 2.6, 4.1},   {21, 0.7, 2.6},
                                                     {22, -1.1, 1.3}, {23, -3.1, -0.7}, {24, -7.8, -4.6}};

/// The fifth lumbar vertebra, mm. Cook & Baker, Int. J. Spine Surg. 15:1072 (2021), table 6 (CT of 196
/// people).
struct fifth_lumbar {
  published anterior_height{30.3, 1.9}, posterior_height{26.3, 1.9};
  published upper_depth{35.7, 3.5}, lower_depth{35.3, 3.6};
  published canal_depth{15.6, 2.1}, canal_width{28.2, 3.1};
};

/// Height and width of the lower facets, mm. Panjabi et al., Spine 18:1298 (1993), as cited in table 4 of
/// Patel et al., J. Anat. Soc. India 56 (2007).
struct facet_size {
  double width, height;
};
inline constexpr facet_size published_lower_facet[] = {
    {11.7, 12.9}, {12.2, 13.0}, {11.2, 10.8}, {12.7, 12.3}, {12.6, 11.4},               // C3 to C7
    {11.9, 12.5}, {11.1, 11.2}, {9.9, 11.0},  {10.4, 11.0}, {9.7, 10.9},  {9.6, 10.3},  // T1 to T6
    {9.8, 10.6},  {10.4, 10.9}, {11.9, 12.3}, {11.9, 12.4}, {11.4, 13.3}, {9.5, 12.5},  // T7 to T12
    {12.4, 15.3}, {12.7, 16.0}, {13.8, 15.7}, {14.7, 16.2}, {15.6, 18.4}};              // L1 to L5

/// Angle between the plane of the facets and the midsagittal plane, in degrees: 26 to 34 at T12 to L2, 40 to
/// 56 at L3 to L5. At T1 to T11 the facets lean 25 to 30 degrees from the frontal plane. Masharawi et al.,
/// Spine 29:1755 (2004), abstract (240 people).
struct facet_angle {
  int label;
  double from_midsagittal;
};
inline constexpr facet_angle published_facet_angle[] = {{19, 30}, {20, 30}, {21, 30},
                                                        {22, 40}, {23, 48}, {24, 56}};

/// Greatest width, canal and arches of the atlas, mm. Patel & Gupta, Int. J. Res. Med. Sci. (2016), 100
/// bones.
struct atlas_sizes {
  double width = 71.2, canal_depth = 28.2, canal_width = 26.6, front_arch_height = 10.2,
         back_arch_height = 8.7;
};

/// Height and width of the dens, mm. Gosavi & Swamy, Eur. J. Anat. 16:98 (2012), 100 bones.
struct dens_sizes {
  published height{14.9, 1.5};
  double width = 9.3;
};

/// Lumbar bodies of women and men: cross-section 8.22 and 10.98 cm2, volume 22.4 and 30.9 cm3 (Gilsanz et
/// al., Radiology 190:678, 1994; 25 women, 18 men). The constants are factors on a length, relative to the
/// mean of both sexes.
inline constexpr double female_width = 0.930, male_width = 1.075;    // (8.22 / 10.98)^(+-1/4)
inline constexpr double female_height = 0.985, male_height = 1.015;  // (volume ratio / area ratio)^(+-1/2)

}  // namespace diffam::spine::anatomy
