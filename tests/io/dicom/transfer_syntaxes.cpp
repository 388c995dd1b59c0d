// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Every transfer syntax that GDCM decodes, for signed 16-bit, 12-bit and 8-bit voxels. Files are made by
// pydicom and by gdcmconv. Where the compression loses something, the values are those of the file that
// `gdcmconv --raw` makes.
#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
import shutil, subprocess
from pydicom.encaps import encapsulate
try:
    from pydicom.encaps import generate_frames
except ImportError:                              # pydicom 2
    def generate_frames(data, number_of_frames): return pydicom.encaps.generate_pixel_data_frame(data, number_of_frames)
def save_naked(d, file, implicit):
    try:
        d.save_as(file, implicit_vr=implicit, little_endian=True)
    except TypeError:                            # pydicom 2
        d.is_little_endian, d.is_implicit_VR = True, implicit
        d.save_as(file)
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian
nx, ny = 48, 40                         # GDCM's encoder of JPEG 2000 fails for small pictures
i, j, k = np.ogrid[:nx, :ny, :nz]
smooth = 40 * i - 30 * j + 200 * k + rng.integers(0, 20, (nx, ny, nz))
kinds = dict(s16=(smooth.astype(np.int16), {}),
             u12=((smooth + 1200).astype(np.uint16), dict(BitsStored=12, HighBit=11)),
             u8=((smooth // 16 + 80).astype(np.uint8), dict(BitsAllocated=8, BitsStored=8, HighBit=7)))
positions, world = place('', *axial, (0, 0, 2))
syntaxes = set()
def case(name, pixels, values, tags, change=lambda d, k: d):
    slices = slices_of(name, pixels, positions, **tags)
    write_case(name, [change(d, k) for k, d in enumerate(slices)], values, world)
def convert(name, *options):
    for n in range(nz):
        file = f'{folder}/{name}/{n}.dcm'
        if subprocess.run(['gdcmconv', *options, file, file + '.new'], capture_output=True).returncode: return False
        os.replace(file + '.new', file)
    syntaxes.add(pydicom.dcmread(file, stop_before_pixels=True).file_meta.TransferSyntaxUID)
    return True
def swap(d, k):
    if d.BitsAllocated == 16: d.PixelData = np.frombuffer(d.PixelData, '<u2').byteswap().tobytes()
    return d
encodings = dict(rle='--rle', jpeg='--jpeg', jpegls='--jpegls', j2k='--j2k', jpeg_lossy='--jpeg --lossy -q 90',
                 jpegls_lossy='--jpegls --lossy -e 2', j2k_lossy='--j2k --lossy --irreversible -r 3')
for kind, (pixels, tags) in kinds.items():
    for name, syntax in dict(implicit=ImplicitVRLittleEndian, big_endian=ExplicitVRBigEndian, deflated=DeflatedExplicitVRLittleEndian).items():
        case(f'{kind}_{name}', pixels, pixels - 24.0, dict(tags, syntax=syntax), swap if name == 'big_endian' else lambda d, k: d)
        syntaxes.add(syntax)
    for name, options in encodings.items():
        if shutil.which('gdcmconv') is None: break
        name = f'{kind}_{name}'
        case(name, pixels, pixels - 24.0, tags)
        if not convert(name, *options.split()):      # GDCM writes no such file
            cases.pop(); shutil.rmtree(f'{folder}/{name}'); continue
        if 'lossy' in name:
            values = np.zeros(pixels.shape)
            for n in range(nz):
                subprocess.run(['gdcmconv', '--raw', f'{folder}/{name}/{n}.dcm', f'{folder}/raw.dcm'], check=True)
                values[:, :, n] = pydicom.dcmread(f'{folder}/raw.dcm').pixel_array.T
            assert 0 < np.abs(values - pixels).max() < 400, name
            cases.pop(); save_case(name, world, expected(values - 24.0))
# Without preamble and meta information, as old programs write them.
for name, implicit in dict(naked=False, naked_implicit=True).items():
    pixels = kinds['s16'][0]
    case(name, pixels, pixels - 24.0, {})
    for n in range(nz):
        d = pydicom.dcmread(f'{folder}/{name}/{n}.dcm')
        del d.file_meta; d.preamble = None
        save_naked(d, f'{folder}/{name}/{n}.dcm', implicit)
        assert open(f'{folder}/{name}/{n}.dcm', 'rb').read(1) == bytes([8])
# One frame in several fragments, and an offset table.
if os.path.exists(f'{folder}/s16_j2k'):
    pixels = kinds['s16'][0]
    for name, table in dict(fragments=False, offset_table=True).items():
        case(name, pixels, pixels - 24.0, {})
        for n in range(nz):
            d = pydicom.dcmread(f'{folder}/s16_j2k/{n}.dcm')
            frame, = generate_frames(d.PixelData, number_of_frames=1)
            d.PixelData = encapsulate([frame], fragments_per_frame=1 if table else 3, has_bot=table)
            d.SeriesInstanceUID = uid(name)
            put(d, f'{folder}/{name}', f'{n}.dcm')
    wanted = '1.2.1.99 1.2.2 1.2 1.2.5 1.2.4.50 1.2.4.51 1.2.4.70 1.2.4.80 1.2.4.81 1.2.4.90 1.2.4.91'
    assert syntaxes == {'1.2.840.10008.' + s for s in wanted.split()}, syntaxes
)";

}  // namespace

TEST_CASE("every transfer syntax that GDCM decodes is read", "[io][dicom]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  if (std::system("command -v gdcmconv >/dev/null") != 0)
    WARN("SKIPPED: compressed pixels, no gdcmconv (Debian: libgdcm-tools)");
  else
    test::check_cases(folder, 30);
}
