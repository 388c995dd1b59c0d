// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The geometry and the values of DICOM series that pydicom writes: orientations, tilt, gaps, doubled slices,
// differing slopes, padding, multi-frame, transfer syntaxes.
#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
import itertools, random, shutil, zipfile
axial = ((1, 0, 0), (0, 1, 0))
planes = dict(
    head_first_supine=(*axial, (0, 0, 2)),
    feet_first=((-1, 0, 0), (0, 1, 0), (0, 0, -2)),
    prone=((-1, 0, 0), (0, -1, 0), (0, 0, 2)),
    decubitus=((0, -1, 0), (1, 0, 0), (0, 0, 2)),
    sagittal=((0, 1, 0), (0, 0, -1), (-2, 0, 0)),
    coronal=((1, 0, 0), (0, 0, -1), (0, 2, 0)))
r = rotation([0.3, -0.5, 0.2])
planes['oblique'] = (r[:, 0], r[:, 1], 2 * r[:, 2])
tilt = np.deg2rad(20)                   # the gantry leans; the table still moves along z
planes['tilted'] = ((1, 0, 0), (0, np.cos(tilt), np.sin(tilt)), (0, 0, 2))
for name, (u, v, step) in planes.items():
    positions, world = place(name, u, v, step)
    files = [f'{i:03}.dcm' for i in range(nz)]
    random.Random(name).shuffle(files)
    for k in range(nz):
        put(slice_of(name, k, stored[:, :, k], positions[k], u, v, GantryDetectorTilt=0), f'{folder}/{name}/sub{k % 2}', files[k])
    open(f'{folder}/{name}/notes.txt', 'w').write('no DICOM')
    open(f'{folder}/{name}/sub0/empty', 'w')
    save_case(name, world, expected(stored - 24.0), tilt=20 if name == 'tilted' else 0)
u, v = axial
positions, world = place('', *axial, (0, 0, 2))
def write(name, slices, values, case_world=world, **more):
    for i, d in enumerate(slices): put(d, f'{folder}/{name}', f'{i}.dcm')
    save_case(name, case_world, expected(values), **more)
def axial_slices(name, pixels=stored, **tags):
    return [slice_of(name, k, pixels[:, :, k], positions[k], **{t: x[k] if isinstance(x, list) and t != 'ImageType' else x for t, x in tags.items()}) for k in range(nz)]
slopes = [1, 2, 0.5, 1.5]
write('slopes', axial_slices('slopes', RescaleSlope=slopes, RescaleIntercept=[-24, -1000, 0, 10]),
      stored * np.array(slopes) + np.array([-24, -1000, 0, 10]))
u16 = (stored + 1000).astype(np.uint16)
write('unsigned', axial_slices('unsigned', u16), u16 - 24.0)
u12 = u16.copy(); u12 |= 0xA000         # an overlay in the unused bits
write('twelve_bits', axial_slices('twelve_bits', u12, BitsStored=12, HighBit=11), (u16 & 0xfff) - 24.0)
s12 = (stored.astype(np.int16) & 0xfff).astype(np.uint16)
write('signed_twelve', axial_slices('signed_twelve', s12, BitsStored=12, HighBit=11, PixelRepresentation=1), stored - 24.0)
padded = stored.copy(); padded[0, 0, :] = -2000
lowest = stored.copy(); lowest[0, 0, :] = 3000
low = lowest.min(); filled = stored.copy(); filled[0, 0, :] = low
def pad(d):
    d.add_new(0x00280120, 'US', 63536); return d       # -2000, as some scanners write it
write('padded', [pad(d) for d in axial_slices('padded', padded)], filled - 24.0, warning='4 voxels are padding')
twice = axial_slices('doubled'); again = axial_slices('doubled')
for d in again: d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = uid('again' + d.SOPInstanceUID)
write('doubled', twice + again, stored - 24.0, warning='4 files repeat others')
# Two acquisitions at the same places: two series.
first = axial_slices('passes'); second = axial_slices('passes', (stored + 1).astype(np.int16), AcquisitionNumber=2)
for d in second: d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = uid('second' + d.SOPInstanceUID)
write('passes', first + second, stored - 23.0, series='2')
localizer = slice_of('loc', 0, stored[:, :, 0], (0, 0, 0), number=9, ImageType=['ORIGINAL', 'PRIMARY', 'LOCALIZER'])
write('localizer', axial_slices('localizer') + [localizer], stored - 24.0, warning='2 are there')
rounded = axial_slices('rounded')
for k, z in enumerate([300.5, 302.6, 304.5, 306.5]): rounded[k].ImagePositionPatient[2] = z
write('rounded', rounded, stored - 24.0, warning='off even distances')
# A missing slice.
gap = [d for k, d in enumerate(axial_slices('gap')) if k != 2]
between = stored.astype(float); between[:, :, 2] = (between[:, :, 1] + between[:, :, 3]) / 2
more = axial_slices('gap')[:0]
for k in range(4, 6): gap.append(slice_of('gap', k, stored[:, :, k - 4], np.array(positions[0]) + [0, 0, 2 * k]))
longer = np.concatenate([between, stored[:, :, :2]], axis=2)
write('gap', gap, longer - 24.0, fill=True, warning='1 are interpolated')
# Enhanced CT: one file, the frames not in order of place.
e = slice_of('enhanced', 0, stored[:, :, 0], positions[0])
e.SOPClassUID = e.file_meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.2.1'
for tag in 'ImagePositionPatient ImageOrientationPatient PixelSpacing RescaleSlope RescaleIntercept'.split(): delattr(e, tag)
def item(**tags):
    d = Dataset()
    for tag, value in tags.items(): setattr(d, tag, value)
    return d
order = [2, 0, 3, 1]
e.NumberOfFrames = nz
e.SharedFunctionalGroupsSequence = [item(PixelMeasuresSequence=[item(PixelSpacing=[0.7, 0.5], SliceThickness=2)],
    PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])])]
e.PerFrameFunctionalGroupsSequence = [item(PlanePositionSequence=[item(ImagePositionPatient=list(positions[k]))],
    PixelValueTransformationSequence=[item(RescaleSlope=slopes[k], RescaleIntercept=k, RescaleType='HU')]) for k in order]
e.PixelData = b''.join(stored[:, :, k].T.tobytes() for k in order)
write('enhanced', [e], stored * np.array(slopes) + np.arange(4))
# Transfer syntaxes.
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless
for name, syntax in dict(implicit=ImplicitVRLittleEndian, deflated=DeflatedExplicitVRLittleEndian).items():
    write(name, axial_slices(name, syntax=syntax), stored - 24.0)
big = axial_slices('big_endian', syntax=ExplicitVRBigEndian)
for d, k in zip(big, range(nz)): d.PixelData = stored[:, :, k].T.astype('>i2').tobytes()
write('big_endian', big, stored - 24.0)
import subprocess
nx, ny = 48, 40                         # GDCM's encoder of JPEG 2000 fails for small pictures
stored = rng.integers(-1000, 2000, (nx, ny, nz)).astype(np.int16)
positions, world = place('', *axial, (0, 0, 2))
for name, flag in dict(rle='--rle', jpeg='--jpeg', jpegls='--jpegls', j2k='--j2k').items():
    if shutil.which('gdcmconv') is None: break
    write(name, axial_slices(name, stored), stored - 24.0, world)
    for k in range(nz):
        file = f'{folder}/{name}/{k}.dcm'
        subprocess.run(['gdcmconv', flag, file, file + '.new'], check=True)
        os.replace(file + '.new', file)
with zipfile.ZipFile(f'{folder}/archive.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    for root, _, files in os.walk(f'{folder}/oblique'):
        for f in files: z.write(f'{root}/{f}')
again = next(c for c in cases if c['name'] == 'oblique')
cases.append(dict(again, name='archive.zip')); cases.append(dict(again, name='oblique/sub1/' + sorted(os.listdir(f'{folder}/oblique/sub1'))[0], one=True))
for f in os.listdir(f'{folder}/oblique/sub0'): shutil.copy(f'{folder}/oblique/sub0/{f}', f'{folder}/oblique/sub1/0_{f}')
json.dump(cases, open(f'{folder}/cases.json', 'w'))
)";

}  // namespace

TEST_CASE("DICOM series are read as they were written", "[io][dicom]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  const auto cases = test::cases_in(folder);
  REQUIRE(cases.size() >= 23);
  for (const auto& c : cases) {
    INFO(c["name"].get<std::string>());
    io::warning_list warnings;
    const volume<float> v =
        test::read_series(folder / c["name"].get<std::string>(), warnings,
                          {.series = c.value("series", std::string()), .fill_gaps = c.value("fill", false)});
    test::check_case(c, v, c["name"] == "rounded" ? 0.2 : 1e-3);
    for (const auto& w : warnings) INFO(w);
    if (c.contains("warning")) CHECK(test::has_warning(warnings, c["warning"].get<std::string>()));
    if (c.value("tilt", 0) == 20) CHECK(test::has_warning(warnings, "20 degrees"));
    if (c.value("one", false)) CHECK(test::has_warning(warnings, "repeat others") == false);
  }
}
