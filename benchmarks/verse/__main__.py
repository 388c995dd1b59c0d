# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The study of the paper on VerSe: fits every scan with the paper's settings and with ours, each also without one loss, and
writes the paper's Table 1 and Figure 2 and VerSe's own measures.

    python3 benchmarks/verse DATASET OUT [--jobs N] [--arms paper,ours] [--only sub-verse014] [--limit N]

DATASET is VerSe'19 or VerSe'20 as distributed, or a folder with several parts of them (docs/verse.md), or a data set that
make_dataset.py made. The arms:
    paper          the paper's settings (--preset paper): 3,000 iterations, one mesh for all vertebrae
    paper-I, -N, -E     without the image, the normal, or the edge loss
    ours           the default preset, with a vertebra for each level
    ours-I, -N, -E
    found          the default preset without the data set's centres: it finds and names the vertebrae itself
All comparisons are on voxels of 1 mm. Writes to OUT: study.md, table1.csv, verse.csv, scans.csv (with the reason where a
scan failed), vertebrae.csv, figure2_ARM.svg and .png, dice_by_segment.svg and .png. The fits are kept in OUT/fits, so that
a run continues where an earlier one stopped. Needs python3-numpy, python3-scipy, python3-nibabel and the release build;
python3-matplotlib for the plots.
"""
import argparse
import os
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "accuracy")]
try:
    import fits
    import layout
    import report
    import study
except ImportError as missing:
    sys.exit(f"verse: {missing}: apt-get install python3-numpy python3-scipy python3-nibabel, and run /usr/bin/python3")

ROOT = pathlib.Path(__file__).resolve().parents[2]


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("dataset", type=pathlib.Path, metavar="DATASET")
    p.add_argument("out", type=pathlib.Path, metavar="OUT")
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/diffam")
    p.add_argument("--arms", default=",".join(study.ARMS), help="default: all")
    p.add_argument("--jobs", type=positive, default=os.cpu_count(), help="fits side by side")
    p.add_argument("--threads", type=positive, default=1, help="threads of a fit; one is best where there are several fits")
    p.add_argument("--only", action="append", metavar="NAME", help="only this scan (repeatable)")
    p.add_argument("--limit", type=positive, help="only the first scans")
    p.add_argument("--iterations", type=positive, help="of the arms with the paper's settings, for a first look")
    p.add_argument("--template", type=pathlib.Path, help="mesh for the arms with the paper's settings, in place of the built-in L3")
    p.add_argument("--centroid-frame", help="frame of centres without a direction: voxel-IPL-1mm for the challenge version of "
                   "VerSe'19, voxel-PIR-1mm for that of VerSe'20")
    p.add_argument("--retry", action="store_true", help="try scans again that failed")
    p.add_argument("--tables-only", action="store_true", help="fit nothing, and write tables and plots of what is done")
    a = p.parse_args()
    if not os.access(a.program, os.X_OK):
        sys.exit(f"verse: no program {a.program}: cmake --preset release && cmake --build --preset release")
    arms = a.arms.split(",")
    for arm in set(arms) - set(study.ARMS):
        sys.exit(f"verse: no arm {arm}: expected {', '.join(study.ARMS)}")
    scans = layout.scans(a.dataset)
    if not scans:
        sys.exit(f"verse: {a.dataset}: expected scans like rawdata/sub-X/sub-X_ct.nii.gz or X.nii.gz with X_seg.nii.gz, found none")
    for name in set(a.only or ()) - {s.name for s in scans}:
        sys.exit(f"verse: {a.dataset}: no scan {name}")
    scans = [s for s in scans if not a.only or s.name in a.only][:a.limit]
    rows = study.run(scans, arms, a, fits.Runner(a.program.resolve(), a.out, a.threads))
    heading = f"{len({r['scan'] for r in rows})} scans. Arms of the paper: " + (f"{a.iterations} iterations" if a.iterations else "3,000 iterations") + (
        f", template {a.template.name}." if a.template else ", the built-in L3 for all vertebrae.")
    print(report.write(a.out, rows, arms, heading))


try:
    main()
except fits.Failed as failed:
    sys.exit(f"verse: {failed}")
except KeyboardInterrupt:
    sys.exit("verse: stopped; the same command goes on")
