// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The start of Python scripts that write DICOM series with pydicom: `slice_of(...)` makes one slice,
// `series(...)` a folder of them.
#pragma once

#include "diffam/io/dicom.hpp"
#include "diffam/io/volume_file.hpp"
#include "io/python.hpp"

namespace diffam::test {

/// LPS positions in the script; cases have RAS, as all of this library.
inline const std::string series_writer = case_writer + dicom_saver + R"(
import os, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import generate_uid, ExplicitVRLittleEndian, CTImageStorage
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
nx, ny, nz = 6, 5, 4
rng = np.random.default_rng(3)
stored = rng.integers(-1000, 2000, (nx, ny, nz)).astype(np.int16)
def uid(text): return generate_uid(entropy_srcs=[text])
def slice_of(name, k, pixels, position, u=(1, 0, 0), v=(0, 1, 0), spacing=(0.7, 0.5), number=1, syntax=ExplicitVRLittleEndian, **tags):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = syntax
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = CTImageStorage
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = uid(f'{name}{number}{k}{position}')
    d.StudyInstanceUID, d.SeriesInstanceUID = uid('study'), uid(f'{name}{number}')
    d.FrameOfReferenceUID = uid('frame')
    d.Modality, d.ImageType, d.SeriesDescription = 'CT', ['ORIGINAL', 'PRIMARY', 'AXIAL'], f'Spine {number}'
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = 'Secret^Patient', 'SECRET', '', ''
    d.StudyDate, d.StudyTime, d.AccessionNumber, d.ReferringPhysicianName, d.StudyID = '20200101', '120000', '', '', '1'
    d.SeriesNumber, d.InstanceNumber, d.AcquisitionNumber = number, k + 1, 1
    d.ConvolutionKernel = 'B60s'
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, 'MONOCHROME2'
    d.Columns, d.Rows = pixels.shape
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, int(pixels.dtype.kind == 'i')
    d.RescaleSlope, d.RescaleIntercept = 1, -24
    d.ImagePositionPatient = [f'{x:.10g}' for x in position]
    d.ImageOrientationPatient = [f'{x:.12g}' for x in (*u, *v)]
    d.PixelSpacing = list(spacing)      # of rows, of columns
    d.SliceThickness = 2
    for tag, value in tags.items(): setattr(d, tag, value)
    d.PixelData = pixels.T.tobytes()    # row by row
    return d
def put(d, folder, file):
    os.makedirs(folder, exist_ok=True)
    save(d, f'{folder}/{file}')
def place(name, u, v, step, origin=(-10.5, 20.25, 300.5), spacing=(0.7, 0.5), shift=0):
    """Positions of the slices, and the map from indices of the volume (rows from last to first) to RAS."""
    u, v, step, origin = (np.asarray(x, float) for x in (u, v, step, origin))
    lps = lambda x: origin + x[0] * spacing[1] * u + (ny - 1 - x[1]) * spacing[0] * v + x[2] * step
    return [origin + k * step for k in range(nz)], lambda x: np.array([-1, -1, 1]) * lps(x)
def expected(values): return values[:, ::-1, :].astype(float)
axial = ((1, 0, 0), (0, 1, 0))
def slices_of(name, pixels, positions, u=axial[0], v=axial[1], **tags):
    """Slices of a series; a tag with a list other than ImageType has one value for each slice."""
    one = lambda t, x, k: x[k] if isinstance(x, list) and t != 'ImageType' else x
    return [slice_of(name, k, pixels[:, :, k], positions[k], u, v, **{t: one(t, x, k) for t, x in tags.items()})
            for k in range(pixels.shape[2])]
def write_case(name, slices, values, world, **more):
    for i, d in enumerate(slices): put(d, f'{folder}/{name}', f'{i}.dcm')
    save_case(name, world, expected(values), **more)
)";

/// Reads a DICOM folder, an archive or a file whole.
inline volume<float> read_series(const io::path& where, io::warning_list& warnings,
                                 io::dicom_options dicom = {}) {
  io::volume_options options;
  options.open_dicom = io::open_dicom;
  options.dicom = std::move(dicom);
  return io::read_volume(where, warnings, options);
}

/// Compares the cases that a script wrote with what our reader makes of their files. A case may have a
/// "warning", the degrees of a "tilt", a "tolerance" in mm, and the options "series" and "fill".
inline void check_cases(const scratch_folder& folder, std::size_t least) {
  const auto cases = cases_in(folder);
  REQUIRE(cases.size() >= least);
  for (const auto& c : cases) {
    INFO(c["name"].get<std::string>());
    io::warning_list warnings;
    const volume<float> v =
        read_series(folder / c["name"].get<std::string>(), warnings,
                    {.series = c.value("series", std::string()), .fill_gaps = c.value("fill", false)});
    check_case(c, v, c.value("tolerance", 1e-3));
    for (const auto& w : warnings) INFO(w);
    if (c.contains("warning")) CHECK(has_warning(warnings, c["warning"].get<std::string>()));
    if (c.contains("tilt"))
      CHECK(has_warning(warnings, std::to_string(c["tilt"].get<int>()) + " degrees"));
    else
      CHECK_FALSE(has_warning(warnings, "degrees"));
    if (!c.contains("warning")) CHECK_FALSE(has_warning(warnings, "repeat others"));
  }
}

}  // namespace diffam::test
