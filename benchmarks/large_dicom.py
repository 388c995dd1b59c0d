#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Measures memory and time of reading a DICOM series of 512 x 512 x 1,500 voxels: `diffam info` reads every voxel, and
# SimpleITK reads the same files into memory. This script makes the series (786 MB). It fails if diffam takes more memory
# than --most, or more than --ratio times the processor time of SimpleITK. Needs pydicom 3 and SimpleITK.
#
#     benchmarks/large_dicom.py                       build/release/bin/diffam, at most 1,638 MiB, ratio 2
#     benchmarks/large_dicom.py --slices 200 --program OTHER
import argparse
import os
import pathlib
import sys
import tempfile
import time

import numpy
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SIMPLEITK = """
import sys, SimpleITK as sitk
reader = sitk.ImageSeriesReader()
folder = sys.argv[1]
reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder, reader.GetGDCMSeriesIDs(folder)[0]))
image = reader.Execute()
print(image.GetSize())
"""


def write_series(folder, shape):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = CTImageStorage
    d.StudyInstanceUID, d.SeriesInstanceUID = generate_uid(), generate_uid()
    d.Modality, d.ImageType, d.PatientID, d.PatientName = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"], "made", "made"
    d.SamplesPerPixel, d.PhotometricInterpretation, d.Rows, d.Columns = 1, "MONOCHROME2", shape[1], shape[0]
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 1
    d.RescaleSlope, d.RescaleIntercept, d.PixelSpacing, d.SliceThickness = 1, -1024, [0.8, 0.8], 0.5
    d.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    noise = numpy.random.default_rng(1).integers(0, 2000, (7, shape[1], shape[0]), numpy.int16)
    for k in range(shape[2]):
        d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        d.InstanceNumber, d.ImagePositionPatient = k + 1, [-200, -200, 0.5 * k]
        d.PixelData = noise[k % 7].tobytes()
        d.save_as(folder / f"{k:05}.dcm", enforce_file_format=True)


def measure(command):
    """Output, processor seconds, wall seconds and peak MiB of a command."""
    start = time.monotonic()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(write, 1)
        os.execvp(command[0], command)
    os.close(write)
    with os.fdopen(read) as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)}: failed")
    return output, usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description="Measures the reading of a large DICOM series.")
    parser.add_argument("--program", default="build/release/bin/diffam")
    parser.add_argument("--slices", type=int, default=1500)
    parser.add_argument("--most", type=float, default=1638, help="MiB")
    parser.add_argument("--ratio", type=float, default=2, help="of processor time, to SimpleITK's")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_series(folder, (512, 512, a.slices))
        script = folder.parent / f"{folder.name}.py"
        script.write_text(SIMPLEITK)
        try:
            text, ours, our_wall, memory = measure([a.program, "info", name])
            _, theirs, their_wall, their_memory = measure([sys.executable, str(script), name])
        finally:
            script.unlink()
    if f"512 x 512 x {a.slices}" not in text:
        raise SystemExit(f"large_dicom: expected 512 x 512 x {a.slices}, got\n{text}")
    print(f"diffam info   {ours:6.2f} s of processor time, {our_wall:6.2f} s, {memory:6.0f} MiB")
    print(f"SimpleITK     {theirs:6.2f} s of processor time, {their_wall:6.2f} s, {their_memory:6.0f} MiB")
    print(f"ratio         {ours / theirs:6.2f}")
    if memory > a.most or ours > a.ratio * theirs:
        raise SystemExit("large_dicom: over the limits")


if __name__ == "__main__":
    main()
