// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// DICOM series that are refused, each with a line that says where; damaged files and archives; and a real
// chest.
#include <filesystem>

#include "io/dicom/series.hpp"
#include "support/golden.hpp"

using namespace diffam;
using test::require_error;
namespace fs = std::filesystem;

namespace {

const std::string writer = test::series_writer + R"(
axial = ((1, 0, 0), (0, 1, 0))
positions, world = place('', *axial, (0, 0, 2))
def write(name, change=lambda d, k: d, keep=None):
    for k in keep or range(nz):
        d = change(slice_of(name, k, stored[:, :, k], positions[k]), k)
        put(d, f'{folder}/{name}', f'{k}.dcm')
def with_tags(**tags):
    def change(d, k):
        for tag, value in tags.items(): setattr(d, tag, value)
        return d
    return change
def at(k0, **tags): return lambda d, k: with_tags(**tags)(d, k) if k == k0 else d
write('sound')
write('missing', keep=[0, 1, 3])
nz = 6; positions = place('', *axial, (0, 0, 2))[0]; stored = np.concatenate([stored, stored], axis=2)
write('gap', keep=[0, 1, 3, 4, 5])
write('uneven', at(2, ImagePositionPatient=[-10.5, 20.25, 305.3]))
write('aside', at(2, ImagePositionPatient=[-7.5, 20.25, 304.5]))
write('differ', at(3, ImagePositionPatient=[-10.5, 20.25, 304.5]))
write('mr', with_tags(Modality='MR'))
write('dose', with_tags(Modality='RTDOSE'))
write('colour', with_tags(PhotometricInterpretation='RGB', SamplesPerPixel=3, PlanarConfiguration=0))
write('skewed', with_tags(ImageOrientationPatient=[1, 0, 0, 0.5, 0.5, 0]))
write('nan', with_tags(PixelSpacing=['0', '0']))
write('slope', with_tags(RescaleSlope=0))
write('vast', lambda d, k: with_tags(Rows=65535, Columns=65535)(at(3, ImagePositionPatient=[-10.5, 20.25, 304.5])(d, k), k))
write('seg', with_tags(Modality='SEG'))
def no_pixels(d, k):
    d.Modality = 'RTSTRUCT'; del d.PixelData, d.Rows, d.Columns
    return d
write('structures', no_pixels)
import gzip
open(f'{folder}/packed.dcm.gz', 'wb').write(gzip.compress(open(f'{folder}/sound/0.dcm', 'rb').read()))
d = pydicom.dcmread(f'{folder}/structures/0.dcm')
d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = '1.2.840.10008.1.3.10'
put(d, f'{folder}/disc', 'DICOMDIR')
open(f'{folder}/disc/readme.txt', 'w').write('no DICOM')
def short(d, k):
    if k == 2: d.PixelData = d.PixelData[:40]
    return d
write('short', short)
write('two')
for k in range(nz): put(slice_of('two', k, stored[:, :, k], positions[k], number=2, SeriesDescription='Lung', ConvolutionKernel='B80f'), f'{folder}/two', f'second{k}.dcm')
for k in range(2): put(slice_of('small', k, stored[:, :, k], positions[k], number=3), f'{folder}/unequal', f'small{k}.dcm')
for k in range(nz): put(slice_of('large', k, np.tile(stored[:, :, k], (2, 2)), positions[k], number=2), f'{folder}/unequal', f'large{k}.dcm')
)";

}  // namespace

TEST_CASE("DICOM series that are no sound CT are refused, and the line says why", "[io][dicom]") {
  const std::string python = test::python_with("pydicom");
  if (python.empty()) return;
  const test::scratch_folder folder;
  REQUIRE(test::run_script(python, folder.put("write.py", writer), folder.path()) == 0);
  const auto refused = [&](const std::string& name, const std::string& phrase,
                           error_kind kind = error_kind::bad_data, const io::dicom_options& options = {}) {
    io::warning_list warnings;
    require_error(kind, phrase, [&] { test::read_series(folder / name, warnings, options); });
  };
  refused("missing", "4 mm: 1 missing between (-10.5, 20.25, 302.5) and (-10.5, 20.25, 306.5)");
  refused("gap", "4 mm: 1 missing between (-10.5, 20.25, 302.5) and (-10.5, 20.25, 306.5)");
  refused("uneven", "uneven between");
  refused("aside", "slices on one line");
  refused("differ", "with other voxels");
  refused("mr", "expected a CT series, found 1: MR");
  refused("mr", "Modality: expected CT, found \"MR\"", error_kind::bad_data, {.series = "1"});
  refused("dose", "RTDOSE");
  refused("colour", "a colour picture");
  refused("skewed", "ImageOrientationPatient");
  refused("nan", "PixelSpacing");
  refused("slope", "RescaleSlope");
  refused("short", "PixelData: expected");
  refused("seg", "a segmentation: save it as NIfTI or as .seg.nrrd");
  refused("structures",
          "expected DICOM images in this folder or archive, found \"RTSTRUCT\" without an image",
          error_kind::missing_input);
  refused("structures/0.dcm", "expected a DICOM image, found \"RTSTRUCT\" without an image");
  refused("packed.dcm.gz", "gunzip");
  refused("disc", "found a DICOMDIR alone: its images are missing", error_kind::missing_input);
  refused("disc/DICOMDIR", "found a DICOMDIR: give the folder of its images");
  refused("vast", "PixelData: expected 8589672450 bytes, found 60");
  refused("two", "choose with --series: 1: CT \"Spine 1\" B60s, 6 slices of 6 x 5, 0.5 x 0.7 x 2 mm; 2: CT",
          error_kind::usage);
  refused("two", "expected a number or the UID", error_kind::usage, {.series = "7"});
  io::warning_list warnings;
  CHECK(test::read_series(folder / "unequal", warnings).geometry.size[0] == 12);
  CHECK(test::has_warning(warnings, "2 are there"));
  CHECK(test::read_series(folder / "mr", warnings, {.force_modality = true}).geometry.size[2] == 6);
  CHECK(test::has_warning(warnings, "not CT"));
  CHECK(test::read_series(folder / "two", warnings, {.series = "2"}).geometry.size[2] == 6);
  CHECK(io::list_dicom(folder / "two").size() == 2);

  // Damaged files never crash; nothing but an error or a volume comes of them.
  const std::string sound = test::contents_of(folder / "sound/1.dcm");
  for (std::uint64_t n = 0; n < 400; ++n) {
    folder.put("sound/1.dcm", test::damaged(sound, n, sound.size() - 60));
    try {
      test::read_series(folder / "sound", warnings);
    } catch (const error& e) {
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("folders and archives without DICOM are told", "[io][dicom]") {
  const test::scratch_folder folder;
  io::warning_list warnings;
  require_error(error_kind::missing_input, "found none", [&] { test::read_series(folder.path(), warnings); });
  const io::path notes = folder.put("a.zip", "PK\5\6" + std::string(18, '\0'));
  require_error(error_kind::missing_input, "found none", [&] { test::read_series(notes, warnings); });
  const io::path cut = folder.put("b.zip", "PK\3\4" + std::string(80, '\0'));
  require_error(error_kind::bad_data, "without its directory", [&] { test::read_series(cut, warnings); });
  const io::path one = folder.put("c.dcm", std::string(128, '\0') + "DICM" + std::string(40, '\1'));
  require_error(error_kind::bad_data, "c.dcm", [&] { test::read_series(one, warnings); });
}

namespace {

/// The same voxels and the same affine, bit for bit.
void require_the_same(const volume<float>& series, const volume<float>& nifti) {
  REQUIRE(series.geometry.size == nifti.geometry.size);
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) CHECK(series.geometry.axes(r, c) == nifti.geometry.axes(r, c));
    CHECK(series.geometry.origin[r] == nifti.geometry.origin[r]);
  }
  CHECK((series.voxels == nifti.voxels));
}

}  // namespace

TEST_CASE("a real chest as DICOM is the chest as NIfTI", "[io][dicom][real]") {
  const fs::path data = fs::path(DIFFAM_SHARED_DIR) / "data/lidc0001_chest_C7-L3";
  if (!fs::exists(data / "dicom.zip")) {
    WARN("SKIPPED: no real series in the shared folder");
    return;
  }
  io::warning_list warnings;
  const auto series = test::read_series(data / "dicom.zip", warnings);
  const auto nifti = io::read_nifti(data / "ct.nii.gz", warnings).image;
  CHECK(warnings.empty());
  require_the_same(series, nifti);
  // Unpacked into two folders, with other names and in another order, with other files among them.
  const test::scratch_folder folder;
  for (const char* name : {"a", "b", "b/c"}) fs::create_directory(folder / name);
  io::detail::zip_archive archive(data / "dicom.zip");
  REQUIRE(archive.entries().size() >= 133);
  std::size_t number = 0;
  for (const auto& e : archive.entries()) {
    number = (number + 59) % 211;  // each number once, in no order
    folder.put(std::string(number % 2 != 0 ? "a/" : "b/c/") + std::to_string(number), archive.read(e));
  }
  folder.put("a/notes.txt", "no DICOM");
  folder.put("b/DICOMDIR", std::string(128, '\0') + "DICM");
  folder.put("b/c/picture.png", "\x89PNG\r\n\x1a\n" + std::string(1000, '\1'));
  folder.put("ct.nii", test::contents_of(data / "ct_seg-subreg_ctd.json"));
  require_the_same(test::read_series(folder.path(), warnings), nifti);
  // One file of it, with the others beside it.
  for (const auto& f : fs::directory_iterator(folder / "b/c"))
    fs::rename(f, folder / "a" / f.path().filename());
  require_the_same(test::read_series(folder / "a/118", warnings), nifti);
}
