# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Makes a data set in the layout of VerSe, for `benchmarks/verse` without VerSe.

    python3 benchmarks/verse/make_dataset.py OUT --phantoms 4              from generated CTs
    python3 benchmarks/verse/make_dataset.py OUT --data DATA_DIR           from the real and simulated scans that
                                                                           benchmarks/accuracy has; what DATA_DIR lacks
                                                                           is left out
A mask has the vertebrae that have a centre, as in VerSe. A scan that is there already is not made again.
"""
import argparse
import functools
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "accuracy")]
try:
    import nibabel
    import numpy

    import cases
    import fits
    import layout
    import masks
    import spoil
except ImportError as missing:
    sys.exit(f"make_dataset: {missing}: apt-get install python3-numpy python3-scipy python3-nibabel, and run /usr/bin/python3")

ROOT = pathlib.Path(__file__).resolve().parents[2]


def crop(data, work):
    case = cases.crop(data, work)
    ct = nibabel.load(case.ct)
    centre = [float(x) for x in case.centres.read_text().split(",")[-3:]]
    return spoil.Scan("tptbox", "tptbox", ct, spoil.with_labels(nibabel.load(case.truth)),
                      {22: nibabel.affines.apply_affine(ct.affine, centre)})


def phantom(seed, levels, spacing, program, work):
    runner = fits.Runner(program, work, 0)
    folder = work / f"phantom{seed}"
    runner.call(["phantom", "-o", folder, "--levels", levels, "--spacing", spacing, "--seed", seed, "--overwrite"])
    ct = nibabel.load(folder / "phantom_ct.nii.gz")
    return spoil.Scan(f"phantom{seed}", "", ct, nibabel.load(folder / "phantom_truth.nii.gz"),
                      masks.read_centres(folder / "phantom_ctd.json", ct))


def write(scan, folder, name, challenge_frame):
    labels = numpy.asanyarray(scan.truth.dataobj).astype(int)
    truth = numpy.where(numpy.isin(labels, list(scan.centres)), labels, 0).astype(numpy.uint8)
    hu = numpy.rint(numpy.asanyarray(scan.ct.dataobj)).astype(numpy.int16)
    layout.write_scan(folder, name, nibabel.Nifti1Image(hu, scan.ct.affine), nibabel.Nifti1Image(truth, scan.truth.affine),
                      scan.centres, challenge_frame)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", type=pathlib.Path, metavar="OUT")
    p.add_argument("--data", type=pathlib.Path, metavar="DATA_DIR", help="see docs/results.md for its sources")
    p.add_argument("--phantoms", type=int, default=0, metavar="N", help="N generated CTs, with the seeds 1 to N")
    p.add_argument("--levels", default="L1-L5", help="vertebrae of the generated CTs")
    p.add_argument("--spacing", default="1,1,2", help="voxel sizes of the generated CTs, mm")
    p.add_argument("--challenge-frame", metavar="LETTERS",
                   help="the layout of the challenge, its centres in this frame: IPL (as in VerSe'19) or PIR (VerSe'20)")
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/diffam")
    a = p.parse_args()
    work = a.out / "work"
    makers = {f"phantom{n}": functools.partial(phantom, n, a.levels, a.spacing, a.program, work) for n in range(1, a.phantoms + 1)}
    if a.data:
        makers |= {name: functools.partial(make, a.data, work) for name, make in {**spoil.MAKERS, "tptbox": crop}.items()}
    if not makers:
        p.error("expected --data DATA_DIR or --phantoms N")
    made = {s.name.removeprefix("sub-") for s in layout.scans(a.out) if not s.problem()}
    for name, make in makers.items():
        name = name.replace("_", "")  # as VerSe's names
        if name in made:
            continue
        try:
            scan = make()
        except FileNotFoundError as missing:
            print(f"make_dataset: {name} left out: {missing}", file=sys.stderr)
            continue
        write(scan, a.out, name, a.challenge_frame)
        print(f"{name}: {len(scan.centres)} vertebrae", flush=True)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as failed:
        sys.exit(f"make_dataset: {failed}")
