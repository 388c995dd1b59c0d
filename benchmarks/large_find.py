#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Measures time and memory of `diffam find` on CTs of 512 x 512 x 275 and 512 x 512 x 1,500 voxels of int16, gzipped,
# and the default fit of the same CT from the centres that were found. This script makes the CTs from generated ones
# (`diffam phantom`): resampled along the spine, in a body of soft tissue and noise. It fails where a search takes longer
# than its limit (reading not counted) or more memory, or where the results depend on the number of threads.
#
#     benchmarks/large_find.py                     build/release/bin/diffam, all cores
#     benchmarks/large_find.py --only 275 --threads 1 --no-fit
import argparse
import gzip
import os
import pathlib
import re
import sys
import tempfile

import nibabel
import numpy

import whole_fit

CASES = {275: ("T9-L5", 1.25, 6), 1500: ("C1-L5", 0.4, 10)}  # slices: levels, mm between slices, most seconds
MOST_MIB = {275: 1024, 1500: 1536}
PLANE = 512


def padded(values, noise, inside):
    """A slice of the generated CT in the middle of a body."""
    out = numpy.where(inside, 40, -1000).astype(numpy.int16) + noise
    first = [(PLANE - n) // 2 for n in values.shape]
    out[first[0]:first[0] + values.shape[0], first[1]:first[1] + values.shape[1]] = values
    return out


def write_ct(path, phantom, slices, spacing):
    """Writes slice by slice, so that the large volume is never in memory."""
    image = nibabel.load(phantom)
    voxels = numpy.asarray(image.dataobj)
    affine = image.affine.copy()
    step = affine[2, 2]
    affine[:3, 3] -= affine[:3, :3] @ [(PLANE - voxels.shape[0]) // 2, (PLANE - voxels.shape[1]) // 2, 0]
    affine[2, 2] = spacing
    header = nibabel.Nifti1Header()
    header.set_data_dtype(numpy.int16)
    header.set_data_shape((PLANE, PLANE, slices))
    header.set_sform(affine, code=1)
    header["pixdim"][1:4] = [affine[0, 0], affine[1, 1], spacing]
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    x, y = numpy.ogrid[:PLANE, :PLANE]
    inside = ((x - PLANE / 2) / 225) ** 2 + ((y - PLANE / 2 - 40) / 170) ** 2 < 1
    noise = numpy.random.default_rng(1).integers(-30, 31, (7, PLANE, PLANE), numpy.int16)
    with gzip.GzipFile(path, "wb", compresslevel=1, mtime=0) as out:
        out.write(header.binaryblock + bytes(4))
        for k in range(slices):
            at = min(k * spacing / step, voxels.shape[2] - 1.001)
            low, share = int(at), at - int(at)
            values = voxels[:, :, low] * (1 - share) + voxels[:, :, low + 1] * share
            out.write(padded(values.astype(numpy.int16), noise[k % len(noise)], inside).tobytes(order="F"))


def make_ct(program, folder, slices):
    levels, spacing, _ = CASES[slices]
    ct = folder / f"find_{slices}_ct.nii.gz"
    if not ct.exists():
        whole_fit.run([program, "phantom", "-o", str(folder), "--levels", levels, "--spacing", "0.8,0.8,1",
                       "--overwrite"], str(folder / "log"))
        part = ct.with_suffix(".part")
        write_ct(part, folder / "phantom_ct.nii.gz", slices, spacing)
        part.rename(ct)
    return ct


def seconds_of(log, what):
    """From the lines of --verbose, like "reading: 1.8 s"."""
    return float(re.search(rf"{what}: ([0-9.]+) s", log)[1])


def measure(a, folder, slices):
    ct, out, log = make_ct(a.program, folder, slices), folder / f"out_{slices}", folder / "log"
    name = f"find_{slices}"
    wall, cpu, memory = whole_fit.run([a.program, "find", "-i", str(ct), "-o", str(out), "--verbose", "--overwrite",
                                       "--threads", str(a.threads)], str(log))
    text = log.read_text()
    reading, searching = seconds_of(text, "reading"), seconds_of(text, "searching")
    vertebrae = text.count("score")
    print(f"{PLANE} x {PLANE} x {slices:<6}{vertebrae:>10}{reading:>9.2f}{searching:>11.2f}{wall:>9.2f}{cpu:>9.2f}"
          f"{memory / 2**20:>9.0f}", end="", flush=True)
    problems = []
    if searching > CASES[slices][2]:
        problems.append(f"{slices} slices: expected a search of at most {CASES[slices][2]} s, took {searching:.1f} s")
    if memory > MOST_MIB[slices] * 2**20:
        problems.append(f"{slices} slices: expected at most {MOST_MIB[slices]} MiB, took {memory / 2**20:.0f} MiB")
    again = folder / f"again_{slices}"
    if not a.no_fit:
        fit, _, _ = whole_fit.run([a.program, "fit", "-i", str(ct), "-c", str(out / f"{name}_ctd.json"), "-o",
                                   str(folder / f"fit_{slices}"), "--overwrite", "--quiet",
                                   "--threads", str(a.threads)], str(log))
        print(f"{fit:>9.1f}{searching / fit:>8.0%}", end="")
        whole_fit.run([a.program, "find", "-i", str(ct), "-o", str(again), "--overwrite", "--threads", "1"], str(log))
        for file in sorted(out.iterdir()):
            if file.read_bytes() != (again / file.name).read_bytes():
                problems.append(f"{slices} slices: {file.name} depends on the number of threads")
    print(flush=True)
    return problems


def main():
    p = argparse.ArgumentParser(description="Time and memory of the search for vertebrae in large CTs")
    p.add_argument("--program", default=str(whole_fit.ROOT / "build/release/bin/diffam"))
    p.add_argument("--only", type=int, choices=CASES, help="the CT with this number of slices alone")
    p.add_argument("--threads", type=int, default=0, help="0: all cores")
    p.add_argument("--folder", help="folder in which the CTs are kept; default: they are made anew each time")
    p.add_argument("--no-fit", action="store_true", help="neither the fit nor the search with one thread")
    a = p.parse_args()
    if not os.access(a.program, os.X_OK):
        p.error(f"no program {a.program}: cmake --preset release && cmake --build --preset release")
    print(f"load {os.getloadavg()[0]:.1f} at the beginning, {os.cpu_count()} cores; seconds")
    print(f"{'CT':<18}{'vertebrae':>11}{'reading':>9}{'searching':>11}{'wall':>9}{'CPU':>9}{'MiB':>9}"
          + ("" if a.no_fit else f"{'fit':>9}{'share':>8}"))
    problems = []
    with tempfile.TemporaryDirectory(prefix="large_find_") as scratch:
        folder = pathlib.Path(a.folder or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for slices in CASES:
            if a.only in (None, slices):
                problems += measure(a, folder, slices)
    return "\n".join(f"large_find: {p}" for p in problems) if problems else 0


if __name__ == "__main__":
    sys.exit(main())
