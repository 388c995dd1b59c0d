// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares the readers of NRRD and MetaImage with SimpleITK, an independent implementation of both. Without a
// Python that has SimpleITK, the tests skip visibly.
#include "diffam/io/volume_file.hpp"
#include "io/python.hpp"

using namespace diffam;

namespace {

const std::string writer = test::case_writer + R"(
import SimpleITK as sitk
rng = np.random.default_rng(5)
shape = (6, 5, 4)
def read_case(name, **more):  # what SimpleITK makes of a file
    image = sitk.ReadImage(f'{folder}/{name}')
    if image.GetDimension() == 4: image = image[:, :, :, 0]
    values = sitk.GetArrayFromImage(image).transpose(2, 1, 0)
    flip = np.array([-1, -1, 1])
    save_case(name, lambda x: flip * image.TransformIndexToPhysicalPoint([int(i) for i in x]), values, **more)
turns = dict(straight=np.eye(3), oblique=rotation([0.3, -0.5, 0.2]),
             mirrored=rotation([2.9, 0.4, -0.3]) @ np.diag([1, 1, -1]),
             sagittal=np.array([[0., 0, 1], [1, 0, 0], [0, -1, 0]]))
for number, code in enumerate('u1 i1 u2 i2 u4 i4 u8 i8 f4 f8'.split()):
    values = rng.integers(0 if code[0] == 'u' else -100, 100, shape).astype(code)
    turn = list(turns.items())[number % 4]
    image = sitk.GetImageFromArray(values.transpose(2, 1, 0))
    image.SetSpacing((0.7, 0.9, 2.5)); image.SetOrigin((-12.5, 33.25, 101.125)); image.SetDirection(turn[1].flatten())
    for end in 'nrrd', 'nhdr', 'mha', 'mhd':
        for packed in False, True:
            name = f'{code}_{turn[0]}_{packed:d}.{end}'
            sitk.WriteImage(image, f'{folder}/{name}', packed)
            read_case(name)
def nrrd(name, values, lines, end='little'):
    data = values.astype('<i2' if end == 'little' else '>i2').tobytes(order='F')
    text = ['NRRD0005', '# made by hand', 'type: short', f'endian: {end}', 'encoding: raw'] + lines
    open(f'{folder}/{name}', 'wb').write('\n'.join(text).encode() + b'\n\n' + data)
values = rng.integers(-1000, 2000, shape)
sizes = ['dimension: 3', 'sizes: 6 5 4']
axes = ['space directions: (0.5,0.1,0) (0,0.7,0.2) (0.3,0,1.5)', 'space origin: (1,2,3)']
for space in 'right-anterior-superior', 'RAS', 'LAS', 'left-anterior-superior', 'left-posterior-superior', 'LPS':
    nrrd(f'space_{space}.nrrd', values, sizes + [f'space: {space}'] + axes, 'big')
    sign = dict(R=[1, 1, 1], A=[-1, 1, 1], P=[-1, -1, 1])['R' if space[0] in 'rR' else 'AP'['p' in space.lower()[1:].split('-s')[0]]]
    m = np.array([[.5, .1, 0], [0, .7, .2], [.3, 0, 1.5]]).T
    save_case(f'space_{space}.nrrd', lambda x: np.array(sign) * (m @ x + [1, 2, 3]), values)
nrrd('four.nrrd', values, ['dimension: 4', 'sizes: 1 6 5 4', 'kinds: list domain domain domain', 'space: RAS',
     'space directions: none (1,0,0) (0,1,0) (0,0,1)', 'space origin: (0,0,0)'])
save_case('four.nrrd', lambda x: x, values)
nrrd('spacings.nrrd', values, sizes + ['spacings: 1 2 3'])
read_case('spacings.nrrd', warning='which side is left')
head = 'NDims = 3\nDimSize = 6 5 4\nElementType = MET_SHORT\n'
def meta(name, lines, values, end='<'):
    open(f'{folder}/{name}', 'wb').write((head + lines + 'ElementDataFile = LOCAL\n').encode() +
                                         values.astype(end + 'i2').tobytes(order='F'))
turn = np.array([[0, 1, 0], [0, 0, -1], [-1, 0, 0]])
matrix = ' '.join(str(x) for x in turn.flatten())
meta('msb.mha', f'BinaryDataByteOrderMSB = True\nOffset = 1 2 3\nElementSpacing = 1 2 3\nTransformMatrix = {matrix}\n', values, '>')
read_case('msb.mha')
for letters, m in dict(RAI=np.eye(3), LPS=-np.eye(3), PIR=[[0, 0, 1], [-1, 0, 0], [0, 1, 0]]).items():
    meta(f'letters_{letters}.mha', f'Offset = 1 2 3\nElementSpacing = 1 2 3\nAnatomicalOrientation = {letters}\n', values)
    m = np.array(m) @ np.diag([1, 2, 3])
    save_case(f'letters_{letters}.mha', lambda x: np.array([-1, -1, 1]) * (m @ x + [1, 2, 3]), values)
)";

}  // namespace

TEST_CASE("NRRD and MetaImage are read as SimpleITK reads them", "[io][volumes]") {
  const std::string python = test::python_with("SimpleITK");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  const auto cases = test::cases_in(folder);
  REQUIRE(cases.size() > 90);
  for (const auto& c : cases) {
    INFO(c["name"].get<std::string>());
    io::warning_list warnings;
    const auto v = io::read_volume(folder / c["name"].get<std::string>(), warnings);
    test::check_case(c, v, 1e-4);
    if (c.contains("warning"))
      CHECK(test::has_warning(warnings, c["warning"].get<std::string>()));
    else
      CHECK(warnings.empty());
  }
}
