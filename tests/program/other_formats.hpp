// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes the volumes of the tests as NRRD and MetaImage, and as DICOM series with pydicom.
#pragma once

#include "diffam/io/volume_file.hpp"
#include "run_program.hpp"
#include "support/python.hpp"

namespace diffam::test {

/// The voxels of a volume as little-endian 16-bit numbers.
inline std::string int16_bytes(const volume<float>& v) {
  std::string out;
  for (const float x : v.voxels) {
    const auto n = static_cast<std::uint16_t>(static_cast<std::int16_t>(x));
    out += static_cast<char>(n & 0xff);
    out += static_cast<char>(n >> 8);
  }
  return out;
}

/// "x,y,z" in LPS.
inline std::string lps_text(const vec3<double>& x, char between) {
  return std::to_string(-x[0]) + between + std::to_string(-x[1]) + between + std::to_string(x[2]);
}

inline void write_nrrd(const std::filesystem::path& file, const volume<float>& v) {
  const mat3<double> steps = transpose(v.geometry.axes);
  std::string size, directions;
  for (int a = 0; a < 3; ++a) {
    size += " " + std::to_string(v.geometry.size[a]);
    directions += " (" + lps_text(steps.row[a], ',') + ")";
  }
  write_file(file, "NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes:" + size + "\nspace directions:" +
                       directions + "\nendian: little\nencoding: raw\nspace origin: (" +
                       lps_text(v.geometry.origin, ',') + ")\n\n" + int16_bytes(v));
}

inline void write_metaimage(const std::filesystem::path& file, const volume<float>& v) {
  const mat3<double> steps = transpose(v.geometry.axes);
  std::string size, matrix, spacing;
  for (int a = 0; a < 3; ++a) {
    size += " " + std::to_string(v.geometry.size[a]);
    spacing += " " + std::to_string(norm(steps.row[a]));
    matrix += " " + lps_text((1 / norm(steps.row[a])) * steps.row[a], ' ');
  }
  write_file(file, "NDims = 3\nDimSize =" + size + "\nElementSpacing =" + spacing +
                       "\nTransformMatrix =" + matrix + "\nOffset = " + lps_text(v.geometry.origin, ' ') +
                       "\nElementType = MET_SHORT\nElementDataFile = LOCAL\n" + int16_bytes(v));
}

/// The modules with which `write_series` writes DICOM.
inline const std::string series_modules = "pydicom, nibabel";

/// Whether the program reads DICOM; warns if not.
inline bool has_dicom() {
  const scratch_folder empty;
  if (run({"info", empty.path().string()}).err.find("without which this program was built") ==
      std::string::npos)
    return true;
  WARN("SKIPPED: the program was built without GDCM");
  return false;
}

/// Whether `write_series` has its modules and the program reads DICOM; warns if not.
inline bool can_use_dicom() {
  return !python_with(series_modules).empty() && has_dicom();
}

inline const std::string series_script = dicom_saver + R"(
import os, sys, numpy as np, nibabel as nib
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
source, target, number = sys.argv[1:4]
image = nib.as_closest_canonical(nib.load(source))
image = image.as_reoriented(np.array([[0, -1], [1, 1], [2, 1]]))  # LAS, the order of dcm2niix
nib.save(image, f'{target}.nii.gz')
data, affine = np.asarray(image.dataobj).astype(np.int16), image.affine
study, series, spacing = generate_uid(), generate_uid(), np.linalg.norm(affine[:3, :3], axis=0)
for k in range(data.shape[2]):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = CTImageStorage
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = study, series, series
    d.Modality, d.ImageType, d.SeriesDescription, d.ConvolutionKernel = 'CT', ['ORIGINAL', 'PRIMARY', 'AXIAL'], f'Spine {number}', 'B60s'
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = 'Secret^Patient', 'SECRET-77', '19010203', 'O'
    d.OtherPatientNames, d.PatientAddress, d.ReferringPhysicianName, d.AccessionNumber = 'Secret^Other', 'Secret street', 'Secret^Doctor', 'SECRET-88'
    d.InstitutionName, d.PatientComments = 'Secret hospital', 'secret comment'
    d.SamplesPerPixel, d.PhotometricInterpretation, d.Columns, d.Rows = 1, 'MONOCHROME2', *data.shape[:2]
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 1
    d.RescaleSlope, d.RescaleIntercept = 1, -1024
    d.ImagePositionPatient = [float(x) for x in np.array([-1, -1, 1]) * (affine @ [0, data.shape[1] - 1, k, 1])[:3]]
    d.ImageOrientationPatient, d.PixelSpacing = [1, 0, 0, 0, 1, 0], [float(spacing[1]), float(spacing[0])]
    d.PixelData = np.ascontiguousarray(data[:, ::-1, k].T + 1024).tobytes()
    os.makedirs(f'{target}/part{k % 2}', exist_ok=True)
    save(d, f'{target}/part{k % 2}/{number}_{(37 * k) % 101:03}')
open(f'{target}/README', 'w').write('not DICOM')
)";

/// Writes a CT as a DICOM series below the folder `target`, with a patient whose data are "secret", and in
/// the same storage order as `target`.nii.gz. Several calls give several series.
inline void write_series(const std::filesystem::path& ct, const std::filesystem::path& target,
                         int number = 1) {
  const scratch_folder scratch;
  write_file(scratch / "write.py", series_script);
  const std::string command = python_with(series_modules) + " -B " + (scratch / "write.py").string() + " " +
                              ct.string() + " " + target.string() + " " + std::to_string(number);
  REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace diffam::test
