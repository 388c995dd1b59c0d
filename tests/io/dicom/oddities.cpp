// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The test files of pydicom: real files and their oddities, of many scanners and in many encodings. Each grey
// picture becomes a series of three slices that differ in their places alone, and pydicom's values are
// expected. All files, as they are, end in a volume or in one line.
#include <filesystem>

#include "io/dicom/series.hpp"

using namespace diffam;

namespace {

const std::string writer = test::series_writer + R"(
import pathlib, shutil, warnings
warnings.simplefilter('ignore')
files = pathlib.Path(pydicom.__file__).parent / 'data' / 'test_files'
def values_of(d):
    values = d.pixel_array.T.astype(float)
    padding = d.get('PixelPaddingValue')
    padded = values == padding if padding is not None else values != values
    values = float(d.get('RescaleSlope', 1)) * values + float(d.get('RescaleIntercept', 0))
    values[padded] = values[~padded].min()
    return values
odd = []
def lps(x): return p + x[0] * s[1] * u[:3] + (ny - 1 - x[1]) * s[0] * u[3:] + x[2] * step
for path in sorted(files.rglob('*')):
    if not path.is_file() or path.suffix in ('.txt', '.json', '.dump', '.icc'): continue
    relative = str(path.relative_to(files)).replace('/', '_')
    os.makedirs(f'{folder}/odd/{relative}'); shutil.copy(path, f'{folder}/odd/{relative}/0'); odd.append(relative)
    try:
        d = pydicom.dcmread(path, force=True)
        if d.get('SamplesPerPixel') != 1 or int(d.get('NumberOfFrames', 1)) != 1 or d.BitsAllocated == 1: continue
        if not str(d.get('PhotometricInterpretation', '')).startswith('MONOCHROME') or 'LOCALIZER' in d.get('ImageType', []): continue
        values = values_of(d)
    except Exception: continue          # pydicom does not read it, either
    u = np.array(d.get('ImageOrientationPatient', [1, 0, 0, 0, 1, 0]), float)
    p = np.array(d.get('ImagePositionPatient', [0, 0, 0]), float)
    s = np.array(d.get('PixelSpacing', [1, 1]), float)
    step = 3 * np.cross(u[:3], u[3:])
    d.ImageOrientationPatient, d.PixelSpacing = [f'{x:.12g}' for x in u], list(s)
    for tag in 'EchoNumbers', 'NumberOfFrames':
        if tag in d: del d[tag]
    for k in range(3):
        d.ImagePositionPatient = [f'{x:.10g}' for x in p + k * step]
        d.SOPInstanceUID = uid(f'{relative}{k}')
        os.makedirs(f'{folder}/{relative}', exist_ok=True)
        d.save_as(f'{folder}/{relative}/{k}')
    ny = d.Rows
    save_case(relative, lambda x: np.array([-1, -1, 1]) * lps(x), expected(np.repeat(values[:, :, None], 3, 2)))
# A real series: the slices in the order of their places.
name = 'dicomdirtests/98892001/CT5N'
slices = [pydicom.dcmread(f) for f in (files / name).iterdir()]
u = np.array(slices[0].ImageOrientationPatient, float)
slices.sort(key=lambda d: float(np.dot(np.cross(u[:3], u[3:]), np.array(d.ImagePositionPatient, float))))
p, last, s = (np.array(x, float) for x in (slices[0].ImagePositionPatient, slices[-1].ImagePositionPatient, slices[0].PixelSpacing))
step, ny = (last - p) / (len(slices) - 1), slices[0].Rows
shutil.copytree(files / name, f'{folder}/{name}')
save_case(name, lambda x: np.array([-1, -1, 1]) * lps(x), expected(np.stack([values_of(d) for d in slices], 2)))
json.dump(odd, open(f'{folder}/odd.json', 'w'))
)";

}  // namespace

TEST_CASE("pydicom's test files are read as pydicom reads them", "[io][dicom][oddities]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  const auto cases = test::cases_in(folder);
  CHECK(cases.size() >= 20);
  for (const auto& c : cases) {
    const std::string name = c["name"].get<std::string>();
    INFO(name);
    io::warning_list warnings;
    try {
      test::check_case(c, test::read_series(folder / name, warnings, {.force_modality = true}), 1e-3);
    } catch (const error& e) {
      INFO(e.what());
      CHECK(false);
    }
  }
  for (const auto& name : nlohmann::json::parse(test::contents_of(folder / "odd.json"))) {
    INFO(name);
    io::warning_list warnings;
    std::string message;
    try {
      test::read_series(folder / ("odd/" + name.get<std::string>()), warnings, {.force_modality = true});
    } catch (const error& e) {
      message = e.what();
      CHECK((e.kind() == error_kind::bad_data || e.kind() == error_kind::missing_input));
    }
    CHECK(message.find('\n') == std::string::npos);
  }
}
