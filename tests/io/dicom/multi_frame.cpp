// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Enhanced CT: all slices are the frames of one file, with functional groups for each frame or for all
// (DICOM PS3.3, C.7.6.16).
#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
import subprocess, shutil
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian
nx, ny = 48, 40                         # GDCM's encoder of JPEG 2000 fails for small pictures
stored = rng.integers(-1000, 2000, (nx, ny, nz)).astype(np.int16)
order = [2, 0, 3, 1]                    # the frames are not in the order of their places
def item(**tags):
    d = Dataset()
    for tag, value in tags.items(): setattr(d, tag, value)
    return d
def texts(x): return [f'{v:.12g}' for v in x]
def plane(u, v): return dict(PlaneOrientationSequence=[item(ImageOrientationPatient=texts((*u, *v)))])
def position(p): return dict(PlanePositionSequence=[item(ImagePositionPatient=texts(p))])
measures = dict(PixelMeasuresSequence=[item(PixelSpacing=[0.7, 0.5], SliceThickness=2)])
def scaling(slope, intercept): return dict(PixelValueTransformationSequence=[item(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType='HU')])
def content(**tags): return dict(FrameContentSequence=[item(**tags)])
def enhanced(name, frames, shared, per_frame, big=False, **tags):
    e = slice_of(name, 0, frames[0], (0, 0, 0), **tags)
    e.SOPClassUID = e.file_meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.2.1'
    for tag in 'ImagePositionPatient ImageOrientationPatient PixelSpacing RescaleSlope RescaleIntercept AcquisitionNumber'.split(): delattr(e, tag)
    e.NumberOfFrames = len(frames)
    e.SharedFunctionalGroupsSequence = [item(**shared)]
    e.PerFrameFunctionalGroupsSequence = [item(**p) for p in per_frame]
    e.PixelData = b''.join(f.T.astype('>i2' if big else '<i2').tobytes() for f in frames)
    return e
def one_stack(name, u, v, step, **tags):
    positions, world = place(name, u, v, step)
    return enhanced(name, [stored[:, :, k] for k in order], {**measures, **plane(u, v), **scaling(1, -24)},
                    [position(positions[k]) for k in order], **tags), world
r = rotation([0.3, -0.5, 0.2]); tilt = np.deg2rad(20)
planes = dict(straight=(*axial, (0, 0, 2)), feet_first=((-1, 0, 0), (0, 1, 0), (0, 0, -2)), oblique=(r[:, 0], r[:, 1], 2 * r[:, 2]),
              tilted=((1, 0, 0), (0, np.cos(tilt), np.sin(tilt)), (0, 0, 2)))
for name, p in planes.items():
    e, world = one_stack(name, *p)
    write_case(name, [e], stored - 24.0, world, **(dict(tilt=20) if name == 'tilted' else {}))
# All groups in each frame, with differing slopes.
positions, world = place('', *axial, (0, 0, 2)); slopes = [1, 2, 0.5, 1.5]
e = enhanced('per_frame', [stored[:, :, k] for k in order], {},
             [{**measures, **plane(*axial), **position(positions[k]), **scaling(slopes[k], k)} for k in order])
write_case('per_frame', [e], stored * np.array(slopes) + np.arange(4), world)
# Two stacks in one file are two series; so are two passes, told by their temporal index.
def twice(name, mark, **more):
    frames = [stored[:, :, k] for k in order] + [stored[:, :, k] + 1 for k in order]
    e = enhanced(name, frames, {**measures, **plane(*axial), **scaling(1, -24)},
                 [{**position(positions[k]), **mark(n)} for n in (1, 2) for k in order])
    write_case(name, [e], stored - 23.0, world, series='2', warning='2 are there', **more)
twice('stacks', lambda n: content(StackID=str(n), InStackPositionNumber=1))
twice('passes', lambda n: content(TemporalPositionIndex=n))
# A missing frame.
longer = np.concatenate([stored, stored[:, :, :2]], axis=2).astype(float)
keep = [0, 1, 3, 4, 5]
e = enhanced('gap', [longer[:, :, k].astype(np.int16) for k in keep], {**measures, **plane(*axial), **scaling(1, -24)},
             [position(np.array(positions[0]) + [0, 0, 2 * k]) for k in keep])
longer[:, :, 2] = (longer[:, :, 1] + longer[:, :, 3]) / 2
write_case('gap', [e], longer - 24.0, world, fill=True, warning='1 are interpolated')
# Two files of one series, each with half of the frames.
halves = [enhanced(f'halves', [stored[:, :, k] for k in ks], {**measures, **plane(*axial), **scaling(1, -24)}, [position(positions[k]) for k in ks]) for ks in ([0, 2], [1, 3])]
halves[1].SOPInstanceUID = halves[1].file_meta.MediaStorageSOPInstanceUID = uid('half')
write_case('halves', halves, stored - 24.0, world)
# Encodings of sequences and frames.
for name, syntax in dict(implicit=ImplicitVRLittleEndian, big_endian=ExplicitVRBigEndian, deflated=DeflatedExplicitVRLittleEndian).items():
    e, world = one_stack(name, *planes['oblique'], big=name == 'big_endian', syntax=syntax)
    write_case(name, [e], stored - 24.0, world)
e, world = one_stack('undefined_lengths', *planes['oblique'])
for s in e.SharedFunctionalGroupsSequence, e.PerFrameFunctionalGroupsSequence:
    for i in s: i.is_undefined_length_sequence_item = True
e['PerFrameFunctionalGroupsSequence'].is_undefined_length = e['SharedFunctionalGroupsSequence'].is_undefined_length = True
write_case('undefined_lengths', [e], stored - 24.0, world)
for name, flag in dict(rle='--rle', jpeg='--jpeg', jpegls='--jpegls', j2k='--j2k').items():
    if shutil.which('gdcmconv') is None: break
    e, world = one_stack(name, *planes['oblique'])
    write_case(name, [e], stored - 24.0, world)
    file = f'{folder}/{name}/0.dcm'
    subprocess.run(['gdcmconv', flag, file, file + '.new'], check=True)
    os.replace(file + '.new', file)
# Groups that do not fit.
e, _ = one_stack('short_groups', *planes['straight']); del e.PerFrameFunctionalGroupsSequence[3]
put(e, f'{folder}/short_groups', '0.dcm')
e, _ = one_stack('no_groups', *planes['straight']); del e.PerFrameFunctionalGroupsSequence
put(e, f'{folder}/no_groups', '0.dcm')
e, _ = one_stack('short_pixels', *planes['straight']); e.PixelData = e.PixelData[:-100]
put(e, f'{folder}/short_pixels', '0.dcm')
)";

}  // namespace

TEST_CASE("Enhanced CT is read by the functional groups of its frames", "[io][dicom]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  test::check_cases(folder, 13);
  const auto refused = [&](const std::string& name, const std::string& phrase) {
    io::warning_list warnings;
    test::require_error(error_kind::bad_data, phrase, [&] { test::read_series(folder / name, warnings); });
  };
  refused("short_groups", "expected 4 frames, found 3");
  refused("no_groups", "1 slice of 48 x 40: without positions");
  refused("short_pixels", "PixelData: expected");
}
