#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Measures memory and time of `diffam fit` on a CT of a whole trunk: 512 x 512 x 1,500 voxels of int16, gzipped, 24
# vertebrae (C1 to L5). This script makes the CT: soft tissue, noise, and a bright body at each centre. That suffices to
# run a fit, but says nothing about accuracy. The script fails if the fit takes more memory than --most.
#
#     benchmarks/large_ct.py                     build/release/bin/diffam, 20 iterations, at most 1,536 MiB
#     benchmarks/large_ct.py --program OTHER --most 4096 --fit-argument=--threads --fit-argument=1
import argparse
import gzip
import json
import math
import os
import pathlib
import sys
import tempfile

import nibabel
import numpy

import whole_fit

SPACING = (0.8, 0.8, 0.5)  # mm
NAMES = [f"C{n}" for n in range(1, 8)] + [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)]
STEPS = [17] * 7 + [18 + 0.8 * n for n in range(12)] + [30, 32, 34, 35]  # mm from each vertebra to the next


def centres(height):
    """Centres in world RAS (mm) from head to foot, on a curve with lordosis and kyphosis."""
    total = sum(STEPS)
    if total + 60 > height:
        raise SystemExit(f"large_ct: expected {total + 60:.0f} mm of slices for the spine, got {height:.0f}")
    z = height / 2 + total / 2
    found = []
    for name, step in zip(NAMES, [0, *STEPS]):
        z -= step
        along = (height / 2 + total / 2 - z) / total
        found.append((name, 3 * math.sin(6 * along), -12 * math.sin(2 * math.pi * along), z))
    return found


def write_ct(path, shape, points):
    """Writes the CT slice by slice, so that the whole volume is never in memory."""
    header = nibabel.Nifti1Header()
    header.set_data_dtype(numpy.int16)
    header.set_data_shape(shape)
    origin = [-SPACING[0] * (shape[0] - 1) / 2, -SPACING[1] * (shape[1] - 1) / 2, 0]
    header.set_sform(nibabel.affines.from_matvec(numpy.diag(SPACING), origin), code=1)
    header["pixdim"][1:4] = SPACING
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    x, y = numpy.ogrid[:shape[0], :shape[1]]
    x, y = origin[0] + SPACING[0] * x, origin[1] + SPACING[1] * y
    noise = numpy.random.default_rng(1).integers(-30, 31, (7, *shape[:2]), numpy.int16)
    body = numpy.where((x / 180) ** 2 + (y / 120) ** 2 < 1, 40, -1000).astype(numpy.int16)
    with gzip.GzipFile(path, "wb", compresslevel=1, mtime=0) as out:
        out.write(header.binaryblock + bytes(4))
        for k in range(shape[2]):
            values = body + numpy.roll(noise[k % len(noise)], 31 * k, axis=0)
            for _, cx, cy, cz in points:
                if abs(k * SPACING[2] - cz) < 10:
                    values[(x - cx) ** 2 + (y - cy) ** 2 < 15 ** 2] += 300
            out.write(values.tobytes(order="F"))


def main():
    p = argparse.ArgumentParser(description="Memory and time of a fit on a large CT")
    p.add_argument("--program", default=str(whole_fit.ROOT / "build/release/bin/diffam"))
    p.add_argument("--slices", type=int, default=1500)
    p.add_argument("--iterations", type=int, default=20)
    p.add_argument("--most", type=float, default=1536, metavar="MIB", help="greatest accepted memory of the fit")
    p.add_argument("--folder", help="folder in which the CT is kept; default: the CT is made anew each time")
    p.add_argument("--fit-argument", action="append", default=[], metavar="A", help="argument for `diffam fit`")
    a = p.parse_args()
    if not os.access(a.program, os.X_OK):
        p.error(f"no program {a.program}: cmake --preset release && cmake --build --preset release")
    shape = (512, 512, a.slices)
    with tempfile.TemporaryDirectory(prefix="large_ct_") as scratch:
        folder = pathlib.Path(a.folder or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        ct, points = folder / f"large_{a.slices}_ct.nii.gz", centres(SPACING[2] * a.slices)
        table = folder / f"large_{a.slices}.csv"
        table.write_text("# frame: world-ras\nlabel,x,y,z\n" +
                         "".join(f"{n},{x:.2f},{y:.2f},{z:.2f}\n" for n, x, y, z in points))
        if not ct.exists():
            part = ct.with_suffix(".part")
            write_ct(part, shape, points)
            part.rename(ct)
        out = pathlib.Path(scratch) / "out"
        wall, cpu, memory = whole_fit.run([a.program, "fit", "-i", str(ct), "-c", str(table), "-o", str(out),
                                           "--quiet", "--iterations", str(a.iterations), *a.fit_argument],
                                          os.path.join(scratch, "log"))
        report = json.loads((out / "report.json").read_text())
    print(f"{shape[0]} x {shape[1]} x {shape[2]} voxels, {len(report['vertebrae'])} vertebrae, {a.iterations} iterations, "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"most memory {memory / 2**20:.0f} MiB ({memory / 2**30:.2f} GiB), {wall:.1f} s on the wall, {cpu:.1f} s of processor")
    print(", ".join(f"{part} {seconds:.1f} s" for part, seconds in report["seconds"].items()))
    return 0 if memory <= a.most * 2**20 else f"large_ct: expected at most {a.most:.0f} MiB"


if __name__ == "__main__":
    sys.exit(main())
