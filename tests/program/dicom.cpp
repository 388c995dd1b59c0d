// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A fit of a DICOM series gives the mask of the same CT as NIfTI, and a DICOM Segmentation. Without a Python
// that has pydicom and nibabel, or without GDCM, the test skips visibly.
#include "diffam/io/volume_file.hpp"
#include "run_program.hpp"

using namespace diffam;
using test::run;

namespace {

constexpr const char* writer = R"(
import os, sys, zipfile, numpy as np, nibabel as nib
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
folder = sys.argv[1]
image = nib.as_closest_canonical(nib.load(f'{folder}/p_ct.nii.gz'))
image = image.as_reoriented(np.array([[0, -1], [1, 1], [2, 1]]))  # LAS, the order of dcm2niix
nib.save(image, f'{folder}/las_ct.nii.gz')
data, affine = np.asarray(image.dataobj).astype(np.int16), image.affine
series, spacing = generate_uid(), np.linalg.norm(affine[:3, :3], axis=0)
for k in range(data.shape[2]):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = CTImageStorage
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = generate_uid(), series, series
    d.Modality, d.ImageType, d.PatientName, d.PatientID = 'CT', ['ORIGINAL', 'PRIMARY', 'AXIAL'], 'Secret^Patient', 'SECRET'
    d.SamplesPerPixel, d.PhotometricInterpretation, d.Columns, d.Rows = 1, 'MONOCHROME2', *data.shape[:2]
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 1
    d.RescaleSlope, d.RescaleIntercept = 1, -1024
    d.ImagePositionPatient = [float(x) for x in np.array([-1, -1, 1]) * (affine @ [0, data.shape[1] - 1, k, 1])[:3]]
    d.ImageOrientationPatient, d.PixelSpacing = [1, 0, 0, 0, 1, 0], [float(spacing[1]), float(spacing[0])]
    d.PixelData = np.ascontiguousarray(data[:, ::-1, k].T + 1024).tobytes()
    os.makedirs(f'{folder}/las_ct/part{k % 2}', exist_ok=True)
    d.save_as(f'{folder}/las_ct/part{k % 2}/{(37 * k) % 101:03}', enforce_file_format=True)
open(f'{folder}/las_ct/README', 'w').write('not DICOM')
)";

}  // namespace

TEST_CASE("a fit of a DICOM series has the mask of the CT as NIfTI", "[program][formats][dicom]") {
  if (std::system("python3 -c 'import pydicom, nibabel' >/dev/null 2>&1") != 0) {
    WARN("SKIPPED: no python3 with pydicom and nibabel");
    return;
  }
  const test::scratch_folder folder;
  const auto path = [&](const std::string& name) { return (folder / name).string(); };
  const auto phantom =
      run({"phantom", "-o", path(""), "--name", "p", "--levels", "L3-L4", "--spacing", "2,2,2"});
  REQUIRE(phantom.code == 0);
  test::write_file(folder / "write.py", writer);
  REQUIRE(std::system(("python3 -B " + path("write.py") + " " + folder.path().string()).c_str()) == 0);
  const auto info = run({"info", path("las_ct")});
  if (info.err.find("without which this program was built") != std::string::npos) {
    WARN("SKIPPED: the program was built without GDCM");
    return;
  }
  CHECK(info.out.find("DICOM") != std::string::npos);
  const auto fit = [&](const std::string& input, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"fit",
                                       "-i",
                                       path(input),
                                       "-c",
                                       path("p_ctd.mrk.json"),
                                       "-o",
                                       path("out_" + input),
                                       "--preset",
                                       "fast",
                                       "--iterations",
                                       "3",
                                       "-q"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto o = run(arguments);
    INFO(o.err);
    REQUIRE(o.code == 0);
    io::warning_list warnings;
    return io::read_label_volume<std::uint8_t>(folder / ("out_" + input) / "las_seg-vert_msk.nii.gz",
                                               warnings)
        .voxels;
  };
  // The VerSe file of centres has voxel indices of another storage order; the markups are in mm.
  const auto centres = run({"fit", "-i", path("p_ct.nii.gz"), "-c", path("p_ctd.json"), "-o", path("first"),
                            "--preset", "fast", "--iterations", "1", "-q"});
  REQUIRE(centres.code == 0);
  std::filesystem::copy_file(folder / "first/p_ctd.mrk.json", folder / "p_ctd.mrk.json");
  const auto expected = fit("las_ct.nii.gz", {});
  CHECK((fit("las_ct", {"--mask-format", "dicom-seg"}) == expected));
  const std::string seg = test::read_file(folder / "out_las_ct/las_seg-vert.dcm");
  CHECK(seg.substr(128, 4) == "DICM");
  CHECK(seg.find("Secret^Patient") != std::string::npos);
  for (const auto& [name, contents] : test::files_below(folder / "out_las_ct"))
    if (name.find("_seg-vert.dcm") == std::string::npos) CHECK(contents.find("SECRET") == std::string::npos);
}
