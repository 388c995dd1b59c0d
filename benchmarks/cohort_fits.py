#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Measures a cohort of real fits:

    cohort_fits.py [--scans 1000] [--minutes M] [--jobs 2] [--spacing 2] [--levels L1-L5] [FIT OPTION...]
    cohort_fits.py --compare [--scans 8]

Each scan is a generated CT with a seed of its own, with given centres and a truth. Prints scans an hour, by the clock and by
the time of processors (what an idle machine with as many cores as jobs would do), the memory of a fit, the group step, and
the sizes of its page and table. With --minutes it stops the cohort after that time, and tells of the scans that are done
until then.

--compare fits the same scans with two processes of one thread each, and with one process of two threads, in turn (A B B A).
"""
import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
STOPPED = 75  # exit code


def diffam(program, *words, limit=None):
    """Seconds by the clock and of processors, its children included. After `limit` seconds it is stopped."""
    before, begin = os.times(), time.perf_counter()
    process = subprocess.Popen([program, *map(str, words)], stdout=subprocess.DEVNULL)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.terminate()
    code = process.wait()
    assert code in ((0, STOPPED) if limit else (0,)), f"{words}: code {code}"
    after = os.times()
    return time.perf_counter() - begin, sum(after[2:4]) - sum(before[2:4])


def make_scans(a, data):
    for n in range(1, a.scans + 1):
        diffam(a.program, "phantom", "-o", data, "--name", f"sub-{n:05}", "--spacing", *[a.spacing] * 3, "--seed", n, "--levels",
               a.levels)


def measure(a, data, out):
    wall, used = diffam(a.program, "cohort", "-q", data, out, "participant", "--jobs", a.jobs, *a.options,
                        limit=a.minutes and 60 * a.minutes)
    records = [json.loads(file.read_text()) for file in sorted((out / "logs").glob("*.json"))]
    records = [r for r in records if r["code"] == 0]
    scans, seconds = len(records), [r["seconds"] for r in records]
    print(f"{scans} scans of {a.scans}, {a.jobs} at the same time: {wall:.0f} s by the clock, {used:.0f} s of processors "
          f"({used / scans:.1f} s a scan)")
    print(f"scans an hour: {3600 * scans / wall:.0f} by the clock, {3600 * scans * a.jobs / used:.0f} by the time of processors")
    print(f"a scan by the clock: median {statistics.median(seconds):.1f} s, longest {max(seconds):.1f} s; "
          f"memory of a fit: at most {max(r['peak_bytes'] for r in records) / 1e6:.0f} MB")
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    group, of_group = diffam(a.program, "cohort", "-q", data, out, "group")
    with open(out / "cohort.csv") as table:
        dice = [float(row["dice"]) for row in csv.DictReader(table) if row["dice"]]
    page, csv_size = ((out / f"cohort.{end}").stat().st_size for end in ("html", "csv"))
    print(f"results {size / scans / 1e6:.1f} MB a scan; group {group:.1f} s ({of_group:.1f} s of a processor); "
          f"page {page / 1e6:.2f} MB, table {csv_size / 1e6:.2f} MB; "
          f"mean Dice {statistics.mean(dice):.3f} of {len(dice)} vertebrae")


def compare(a, data, folder):
    ways = {"--jobs 2, one thread each": (2, 1), "--jobs 1 --threads 2": (1, 2)}
    a_b = list(ways)
    wall, used = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    for turn, way in enumerate(a_b + a_b[::-1]):
        jobs, threads = ways[way]
        clock, processors = diffam(a.program, "cohort", "-q", data, folder / f"out{turn}", "participant", "--jobs", jobs, "--threads",
                                   threads, *a.options)
        wall[way] += clock
        used[way] += processors
    for way in ways:
        print(f"{way}: {wall[way] / 2:.1f} s by the clock, {used[way] / 2:.1f} s of processors for {a.scans} scans")
    print(f"two threads take {wall[a_b[1]] / wall[a_b[0]]:.2f} times as long by the clock, "
          f"{used[a_b[1]] / used[a_b[0]]:.2f} times the time of processors")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scans", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--spacing", type=float, default=2)
    parser.add_argument("--levels", default="L1-L5")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--program", default=str(ROOT / "build/release/bin/diffam"))
    a, a.options = parser.parse_known_args()
    a.scans = a.scans or (8 if a.compare else 1000)
    with tempfile.TemporaryDirectory(prefix="diffam-cohort-fits-") as temporary:
        folder = pathlib.Path(temporary)
        make_scans(a, folder / "data")
        if a.compare:
            compare(a, folder / "data", folder)
        else:
            measure(a, folder / "data", folder / "out")


if __name__ == "__main__":
    sys.exit(main())
