// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares with nibabel, an independent implementation of NIfTI: both programs read each other's files alike.
// Without a Python that has nibabel, the tests skip visibly.
#include "diffam/io/nifti.hpp"
#include "io/python.hpp"

using namespace diffam;

namespace {

constexpr const char* writer = R"(
import json, sys, numpy as np, nibabel as nib
folder = sys.argv[1]
rng = np.random.default_rng(7)
shape = (7, 5, 4)
def rotation(v):
    v = np.asarray(v, float); t = np.linalg.norm(v); k = v / t
    K = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.eye(3) + np.sin(t) * K + (1 - np.cos(t)) * K @ K
def affine(m, origin=(-12.5, 33.25, 101.125)):
    a = np.eye(4); a[:3, :3] = m; a[:3, 3] = origin; return a
oblique = affine(rotation([0.3, -0.5, 0.2]) @ np.diag([0.7, 0.9, 2.5]))
mirrored = affine(rotation([2.9, 0.4, -0.3]) @ np.diag([0.7, 0.9, -2.5]))
sheared = affine(rotation([0.1, 0.2, 0.3]) @ np.array([[1, 0, 0.3], [0, 1, 0.1], [0, 0, 2.0]]))
pir = affine(np.array([[0, 0, 1.5], [-1, 0, 0], [0, -2, 0]]))
cases = []
def save(name, image):
    nib.save(image, f'{folder}/{name}')
    back = nib.load(f'{folder}/{name}')
    data = back.get_fdata()
    cases.append(dict(name=name, shape=list(data.shape), affine=back.affine.tolist(),
                      values=data.flatten(order='F').tolist()))
for order in '<', '>':
    for code in 'u1 i1 u2 i2 u4 i4 u8 i8 f4 f8'.split():
        d = (rng.integers(0, 100, shape) if code[0] == 'u' else rng.integers(-100, 100, shape)).astype(order + code)
        for version, kind in (1, nib.Nifti1Image), (2, nib.Nifti2Image):
            header = kind.header_class(endianness=order)
            header.set_data_dtype(d.dtype)
            save(f'type_{code}_{"le" if order == "<" else "be"}_{version}.nii' + '.gz' * (version == 2),
                 kind(d, oblique, header))
d = rng.integers(-1000, 3000, shape).astype('<i2')
for name, a in dict(oblique=oblique, mirrored=mirrored, sheared=sheared, pir=pir).items():
    save(name + '_sform.nii.gz', nib.Nifti1Image(d, a))
    if name != 'sheared':
        image = nib.Nifti1Image(d, a)
        image.set_qform(a, 1); image.set_sform(None, 0)
        save(name + '_qform.nii', image)
image = nib.Nifti1Image(d, pir)
image.header.set_slope_inter(0.25, -1024)
save('scaled.nii', image)
image = nib.Nifti1Image(d, pir)
for text in b'short', b'x' * 100:
    image.header.extensions.append(nib.nifti1.Nifti1Extension('comment', text))
save('extended.nii.gz', image)
image = nib.Nifti1Image(d[..., None], pir)
save('four_axes.nii', image)
json.dump(cases, open(f'{folder}/cases.json', 'w'))
)";

constexpr const char* checker = R"(
import sys, numpy as np, nibabel as nib
folder = sys.argv[1]
fail = []
for k in range(3):
    ct, seg = nib.load(f'{folder}/ct{k}.nii.gz'), nib.load(f'{folder}/seg{k}.nii.gz')
    if ct.header.endianness != '<': fail.append((k, 'order'))
    for field in ('dim', 'pixdim', 'xyzt_units', 'qform_code', 'sform_code', 'quatern_b', 'quatern_c', 'quatern_d',
                  'qoffset_x', 'qoffset_y', 'qoffset_z', 'srow_x', 'srow_y', 'srow_z'):
        if ct.header[field].tobytes() != seg.header[field].tobytes(): fail.append((k, field))
    if not np.array_equal(ct.affine, seg.affine): fail.append((k, 'affine'))
    if seg.get_data_dtype() != np.uint8: fail.append((k, 'type'))
    if (seg.dataobj.slope, seg.dataobj.inter) != (1, 0): fail.append((k, 'slope'))
    expected = (np.arange(7 * 5 * 4) % 29).reshape((7, 5, 4), order='F')
    if not np.array_equal(np.asarray(seg.dataobj), expected): fail.append((k, 'voxels'))
own = nib.load(f'{folder}/own.nii.gz')
if own.header['sform_code'] != 1 or own.header['qform_code'] != 1: fail.append('codes')
if np.abs(own.get_sform() - own.get_qform()).max() > 1e-4: fail.append('forms')
if nib.aff2axcodes(own.affine) != tuple('PIR'): fail.append('axes')
if own.get_fdata()[1, 2, 3] != 1 + 7 * (2 + 5 * 3): fail.append('own voxels')
if fail: print('nibabel disagrees:', fail)
sys.exit(bool(fail))
)";

}  // namespace

TEST_CASE("files of nibabel are read as nibabel reads them", "[io][nifti][nibabel]") {
  const std::string interpreter = test::python_with("nibabel");
  if (interpreter.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(interpreter, folder.put("write.py", writer), folder.path()) == 0);
  const auto cases = nlohmann::json::parse(test::contents_of(folder / "cases.json"));
  REQUIRE(cases.size() > 45);
  for (const auto& c : cases) {
    INFO(c["name"].get<std::string>());
    io::warning_list warnings;
    const auto image = io::read_nifti(folder / c["name"].get<std::string>(), warnings).image;
    for (const auto& w : warnings) CHECK(w.empty());
    const grid& g = image.geometry;
    for (int a = 0; a < 3; ++a) CHECK(g.size[a] == c["shape"][static_cast<std::size_t>(a)].get<index_t>());
    double worst = 0;
    for (int r = 0; r < 3; ++r) {
      const auto& row = c["affine"][static_cast<std::size_t>(r)];
      for (int k = 0; k < 3; ++k)
        worst = std::max(worst, std::abs(g.axes(r, k) - row[static_cast<std::size_t>(k)].get<double>()));
      worst = std::max(worst, std::abs(g.origin[r] - row[3].get<double>()));
    }
    CHECK(worst < 1e-6);  // mm; both programs start from the same floats
    bool same = image.voxels.size() == c["values"].size();
    for (std::size_t i = 0; same && i < image.voxels.size(); ++i)
      same = image.voxels[i] == c["values"][i].get<float>();
    CHECK(same);
  }
}

TEST_CASE("nibabel reads our files as we do", "[io][nifti][nibabel]") {
  const std::string interpreter = test::python_with("nibabel");
  if (interpreter.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(interpreter, folder.put("write.py", writer), folder.path()) == 0);
  int k = 0;
  for (const char* name : {"mirrored_qform.nii", "sheared_sform.nii.gz", "type_i2_le_2.nii.gz"}) {
    io::warning_list warnings;
    const auto header = io::read_nifti_header(folder / name, warnings);
    const std::string number = std::to_string(k++);
    volume<std::uint8_t> labels(header.geometry);
    volume<std::int16_t> ct(header.geometry);
    for (std::size_t i = 0; i < labels.voxels.size(); ++i)
      labels.voxels[i] = static_cast<std::uint8_t>(i % 29);
    io::write_nifti_labels(folder / ("seg" + number + ".nii.gz"), labels, header);
    io::write_nifti(folder / ("ct" + number + ".nii.gz"), ct, header);
  }
  volume<float> own({{7, 5, 4}, {{{0, 0, 1.5}, {-1, 0, 0}, {0, -2, 0}}}, {-3, 4, 5}});
  for (std::size_t i = 0; i < own.voxels.size(); ++i) own.voxels[i] = static_cast<float>(i);
  io::write_nifti(folder / "own.nii.gz", own);
  CHECK(test::run_script(interpreter, folder.put("check.py", checker), folder.path()) == 0);
}
