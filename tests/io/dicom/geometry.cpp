// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The geometry and the values of DICOM series that pydicom writes: orientations, tilt, gaps, doubled slices,
// differing slopes, padding, passes and echoes.
#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
import itertools, random, shutil, zipfile
planes = dict(
    head_first_supine=(*axial, (0, 0, 2)),
    feet_first=((-1, 0, 0), (0, 1, 0), (0, 0, -2)),
    prone=((-1, 0, 0), (0, -1, 0), (0, 0, 2)),
    feet_first_prone=((1, 0, 0), (0, -1, 0), (0, 0, -2)),
    decubitus=((0, -1, 0), (1, 0, 0), (0, 0, 2)),
    decubitus_left=((0, 1, 0), (-1, 0, 0), (0, 0, 2)),
    sagittal=((0, 1, 0), (0, 0, -1), (-2, 0, 0)),
    coronal=((1, 0, 0), (0, 0, -1), (0, 2, 0)))
r = rotation([0.3, -0.5, 0.2])
planes['oblique'] = (r[:, 0], r[:, 1], 2 * r[:, 2])
tilt = np.deg2rad(20)                   # the gantry leans; the table still moves along z
planes['tilted'] = ((1, 0, 0), (0, np.cos(tilt), np.sin(tilt)), (0, 0, 2))
planes['tilted_back'] = ((-1, 0, 0), (0, np.cos(tilt), -np.sin(tilt)), (0, 0, -2))
for name, (u, v, step) in planes.items():
    positions, world = place(name, u, v, step)
    files = [f'{i:03}.dcm' for i in range(nz)]
    random.Random(name).shuffle(files)
    for k in range(nz):
        put(slice_of(name, k, stored[:, :, k], positions[k], u, v, GantryDetectorTilt=0), f'{folder}/{name}/sub{k % 2}', files[k])
    open(f'{folder}/{name}/notes.txt', 'w').write('no DICOM')
    open(f'{folder}/{name}/sub0/empty', 'w')
    save_case(name, world, expected(stored - 24.0), **(dict(tilt=20) if 'tilted' in name else dict(itk=True)))
u, v = axial
positions, world = place('', *axial, (0, 0, 2))
def write(name, slices, values, **more): write_case(name, slices, values, world, **more)
def axial_slices(name, pixels=stored, **tags): return slices_of(name, pixels, positions, **tags)
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
write('rounded', rounded, stored - 24.0, warning='off even distances', tolerance=0.2)
# A missing slice.
gap = [d for k, d in enumerate(axial_slices('gap')) if k != 2]
between = stored.astype(float); between[:, :, 2] = (between[:, :, 1] + between[:, :, 3]) / 2
more = axial_slices('gap')[:0]
for k in range(4, 6): gap.append(slice_of('gap', k, stored[:, :, k - 4], np.array(positions[0]) + [0, 0, 2 * k]))
longer = np.concatenate([between, stored[:, :, :2]], axis=2)
write('gap', gap, longer - 24.0, fill=True, warning='1 are interpolated')
# Two echoes at the same places: two series.
first = axial_slices('echoes', EchoNumbers=1); second = axial_slices('echoes', (stored + 1).astype(np.int16), EchoNumbers=2)
for d in second: d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = uid('second' + d.SOPInstanceUID)
write('echoes', first + second, stored - 23.0, series='2')
# A page of doses and a picture of text, of the same series: left out.
def page(number):
    d = slice_of('pages', number, stored[:, :, 0], (0, 0, 0), ImageType=['DERIVED', 'SECONDARY'])
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.7'
    for tag in 'ImagePositionPatient ImageOrientationPatient PixelSpacing'.split(): delattr(d, tag)
    return d
write('pages', axial_slices('pages') + [page(7), page(8)], stored - 24.0, warning='2 are there')
# Padding as a range, with the limit below the value.
ranged = stored.copy(); ranged[0, 0, :] = -2000; ranged[1, 0, :] = -1500
low = min(stored[2:].min(), stored[:2, 1:].min()); filled = stored.copy(); filled[:2, 0, :] = low
def pad_range(d):
    d.add_new(0x00280120, 'SS', -1500); d.add_new(0x00280121, 'SS', -2000); return d
write('padded_range', [pad_range(d) for d in axial_slices('padded_range', ranged)], filled - 24.0, warning='8 voxels are padding')
def archive(name):
    with zipfile.ZipFile(f'{folder}/{name}', 'w', zipfile.ZIP_DEFLATED) as z:
        for root, _, files in os.walk(f'{folder}/oblique'):
            for f in files: z.write(f'{root}/{f}')
archive('archive.zip')
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 100, 2   # as if it had more than 4 GB: zip64
archive('archive64.zip')
assert b'PK\6\6' in open(f'{folder}/archive64.zip', 'rb').read()
again = next(c for c in cases if c['name'] == 'oblique')
cases += [dict(again, name=f'archive{n}.zip', itk=False) for n in ('', '64')]
# One file of a series; the others are beside it, and so is another series.
u, v, step = planes['oblique']
positions, world = place('beside', u, v, step)
for d in slices_of('other', stored, positions, u, v): put(d, f'{folder}/beside', f'other{d.InstanceNumber}.dcm')
write_case('beside', slices_of('beside', stored, positions, u, v), stored - 24.0, world)
cases[-1]['name'] = 'beside/2.dcm'
)";

}  // namespace

TEST_CASE("DICOM series are read as they were written", "[io][dicom]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  test::check_cases(folder, 26);
  // A file stands for its own series, and may be named without its folder.
  CHECK(io::list_dicom(folder / "beside").size() == 2);
  CHECK(io::list_dicom(folder / "beside/2.dcm").size() == 1);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "beside");
  io::warning_list warnings;
  CHECK(test::read_series("2.dcm", warnings).geometry.size[2] == 4);
  std::filesystem::current_path(before);
}

namespace {

/// SimpleITK reads each series of a case with "itk" by itself: each voxel of ours has to lie where SimpleITK
/// has one of the same value.
const std::string checker = R"(
import json, sys, numpy as np, SimpleITK as sitk
folder = sys.argv[1]
cases = [c for c in json.load(open(f'{folder}/cases.json')) if c.get('itk')]
assert len(cases) >= 8, len(cases)
for c in cases:
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(f'{folder}/{c["name"]}', '', False, True)
    image = sitk.ReadImage(names)
    shape = np.array(c['shape'])
    lps = np.array(c['corners']) * [-1, -1, 1]
    origin, ends = lps[0], [lps[1], lps[2], lps[4]]
    steps = [(e - origin) / (n - 1) for e, n in zip(ends, shape)]
    values = np.array(c['values']).reshape(shape, order='F')
    for index in np.ndindex(*shape):
        at = image.TransformPhysicalPointToContinuousIndex((origin + sum(i * s for i, s in zip(index, steps))).tolist())
        near = [int(round(x)) for x in at]
        assert np.abs(np.subtract(at, near)).max() < 2e-3, (c['name'], index, at)
        assert image[near] == values[index], (c['name'], index)
)";

}  // namespace

TEST_CASE("SimpleITK reads the series of these tests at the same places", "[io][dicom]") {
  const std::string python = test::python_with("pydicom, SimpleITK");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  CHECK(test::run_script(python, folder.put("check.py", checker), folder.path()) == 0);
}
